"""`add_member`: the first way into a new installation, and a way back in for a locked-out department."""

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kam.core.exceptions import DomainError, FieldErrors
from kam.people.choices import Role
from kam.people.models import Member, Unit
from kam.people.services import member_add

OPTIONS = {"username": "USERNAME", "full_name": "--name", "role": "--role", "unit": "--unit", "superior": "--superior"}
"""What a field of the member is called on the command line."""


class Command(BaseCommand):
    """Adds a member and prints the first password once."""

    help = "Add a member: add_member heyun --name 何韵 --role clerk --unit 大客户部 --superior shenyanqing"
    requires_migrations_checks = True

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Name, role, and where the member stands."""
        parser.add_argument("username", metavar="USERNAME", help="name to sign in with")
        parser.add_argument("--name", required=True, metavar="姓名", help="full name")
        parser.add_argument("--role", required=True, metavar="ROLE", help=", ".join(Role.values))
        parser.add_argument("--unit", default="", metavar="U", help="name of an existing unit")
        parser.add_argument("--superior", default="", metavar="USERNAME", help="sign-in name of the superior")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the first password from standard input and print none"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Add the member in the name of the system; every refusal is one line and exit code 1."""
        if options["role"] not in Role.values:
            raise CommandError(f"--role: “{options['role']}” is none of {', '.join(Role.values)}.")
        password = self._password() if options["password_stdin"] else ""
        try:
            member, given = member_add(
                actor=None,
                username=options["username"],
                full_name=options["name"],
                role=options["role"],
                unit=self._unit(options["unit"]),
                superior=self._superior(options["superior"]),
                password=password,
            )
        except DomainError as error:
            raise CommandError(_one_line(error)) from error
        if password:
            self.stdout.write(f"{member.username} {member.full_name} ({member.role})")
        else:
            self.stdout.write(f"{member.username} {member.full_name} ({member.role}) first password: {given}")

    def _password(self) -> str:
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise CommandError("--password-stdin: standard input is empty.")
        return password

    def _unit(self, name: str) -> Unit | None:
        if not name:
            return None
        unit = Unit.objects.for_system().filter(name=name).first()
        if unit is None:
            known = ", ".join(Unit.objects.for_system().values_list("name", flat=True)) or "none yet"
            raise CommandError(f"--unit: there is no “{name}”. Known units: {known}.")
        return unit

    def _superior(self, username: str) -> Member | None:
        if not username:
            return None
        superior = Member.objects.for_system().filter(username=username.strip().lower(), is_active=True).first()
        if superior is None:
            raise CommandError(f"--superior: nobody present signs in as “{username}”.")
        return superior


def _one_line(error: DomainError) -> str:
    errors = error.errors if isinstance(error, FieldErrors) else {error.field or "": error.message}
    told = (f"{OPTIONS.get(name, name)}: {text}" if name else str(text) for name, text in errors.items())
    return " ".join(" ".join(told).split())
