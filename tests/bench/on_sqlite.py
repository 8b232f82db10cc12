"""Child process of the bench: a department on the database of the environment, and its imports."""

import json
import os
import sys

import django

if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command

    from tests.bench import data
    from tests.bench.imports import imports

    call_command("migrate", verbosity=0)
    data.fill(int(os.environ["SCALE"]))
    sys.stdout.write(json.dumps(imports()) + "\n")
