"""What a start needs of Django, in one process: migrate, load the demo into an empty database, print the sign-ins."""

import io
import os

import django
from django.core.management import call_command


def prepare() -> None:
    """Only the demo's sign-ins are printed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kam.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_demo", if_empty=True, stdout=io.StringIO())
    call_command("load_demo", sign_ins=True)


if __name__ == "__main__":
    prepare()
