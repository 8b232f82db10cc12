"""What a start needs of Django, in one process: migrate, load the demo into an empty database, print the sign-ins.

What is not set up yet is told there too.
"""

import io
import os

import django
from django.core.management import call_command


def prepare() -> None:
    """Printed are the demo's sign-ins and what messages wait for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kam.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_demo", if_empty=True, stdout=io.StringIO())
    call_command("load_demo", sign_ins=True)
    say_what_waits()


def say_what_waits() -> None:
    """One line for each channel that cannot send yet: its messages wait."""
    from django.conf import settings
    from django.utils import translation

    from kam.outbox.checks import what_is_missing

    with translation.override(settings.LANGUAGE_CODE):
        for sentences in what_is_missing().values():
            for sentence in sentences:
                print(f"  {sentence}")


if __name__ == "__main__":
    prepare()
