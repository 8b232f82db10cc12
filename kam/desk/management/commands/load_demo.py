"""Fill an empty installation with the invented demo department."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from kam.core.calendar import now
from kam.desk.demo.load import load, sign_ins
from kam.people.models import Member


class Command(BaseCommand):
    """`load_demo --if-empty` is what the first start runs; a filled database is never touched."""

    help = "Load the demo department into an empty database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there are members already")
        parser.add_argument("--sign-ins", action="store_true", help="only print the demo sign-ins that exist")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load, refuse, or print the sign-ins."""
        if options["sign_ins"]:
            self.stdout.write(sign_ins())
            return
        if Member.objects.for_system().exists():
            if options["if_empty"]:
                return
            raise CommandError("There are members already: the demo department goes into an empty database only.")
        with transaction.atomic():  # an interrupted first start leaves an empty database, not half a department
            load(at=now())
        self.stdout.write("Demo department loaded.")
