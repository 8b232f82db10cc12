"""`undo_import`: takes an import back from the terminal."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from kam.core.calendar import now
from kam.core.exceptions import DomainError
from kam.core.imports.models import ImportRun
from kam.core.imports.services import import_undo


class Command(BaseCommand):
    """Takes back all that an import wrote, or names what was changed since."""

    help = "Undo an import: undo_import 12"
    requires_migrations_checks = True

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The number that the import has in the list."""
        parser.add_argument("import_id", metavar="ID", type=int)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Undo; every refusal is one line and exit code 1."""
        try:
            run = import_undo(run_pk=options["import_id"], actor=None, now=now())
        except ImportRun.DoesNotExist as error:
            raise CommandError(_("There is no import %(number)s.") % {"number": options["import_id"]}) from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{run.pk} {run.name}: {run.get_state_display()}")
