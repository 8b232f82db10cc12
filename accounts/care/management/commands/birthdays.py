"""`birthdays`: whose birthday is kept in a month, and who looks after them."""

import argparse
import json
import re
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.care.selectors import Occasion, occasions
from accounts.choices import BirthdayCalendar
from accounts.rules.birthdays import month_bounds
from kam.core.calendar import today


class Command(BaseCommand):
    """Lists the month's birthdays of live clients' people, lunar ones on their solar date."""

    help = "Birthdays of a month: birthdays --month 2027-01 [--json]"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The month, this one by default; JSON for programs."""
        parser.add_argument("--month", metavar="YYYY-MM")
        parser.add_argument("--json", action="store_true", help="print a JSON array")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the list; a month that makes no sense is one sentence and exit code 1."""
        found = occasions(*_bounds(options["month"] or f"{today():%Y-%m}"))
        self.stdout.write(_as_json(found) if options["json"] else _as_table(found))


def _bounds(month: str) -> tuple[date, date]:
    match = re.fullmatch(r"(\d{4})-(\d{2})", month, re.ASCII)
    if not match or not 1 <= int(match[2]) <= 12:
        raise CommandError(_("“%(month)s” is no month: write it like 2027-01.") % {"month": month})
    try:
        return month_bounds(int(match[1]), int(match[2]))
    except ValueError as error:
        raise CommandError(_("The lunar calendar is known from 1900-02 to 2100-12 only.")) from error


def _as_json(found: list[Occasion]) -> str:
    keys = ("account", "contact", "date", "calendar", "owner")
    rows = [{key: getattr(row, key) for key in keys} | {"date": row.date.isoformat()} for row in found]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _as_table(found: list[Occasion]) -> str:
    if not found:
        return _("Nobody has a birthday in this month.")
    lines = [
        "  ".join(
            (row.date.isoformat(), str(BirthdayCalendar(row.calendar).label), row.contact, row.account, row.owner)
        )
        for row in found
    ]
    return "\n".join([*lines, _("%(n)s birthdays") % {"n": len(found)}])
