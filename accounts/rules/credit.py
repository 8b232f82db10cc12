"""What may be asked as credit of a client: pure, amounts in CNY."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

PREPAID = "prepaid"
LONGEST_TERM_DAYS = 365
LONGEST_VALIDITY = timedelta(days=3 * 366)
MOST = Decimal("999999999999.99")


@dataclass(frozen=True)
class Credit:
    """The credit of a client: limit, payment term, rating, average purchases a month, last day it counts."""

    limit: Decimal
    term_kind: str
    term_days: int
    rating: str
    monthly: Decimal | None
    ends_on: date | None


def credit_faults(asked: Credit, present: Credit, on: date) -> dict[str, str]:
    """What is wrong, by field: the code of each fault; empty when it may be asked.

    Without a term nothing is delivered on credit, and with a limit there is an end; a credit that ends is asked for
    days to come. Asking for what is there already is a fault of the limit.
    """
    faults: dict[str, str] = {}
    if not Decimal(0) <= asked.limit <= MOST:
        faults["limit"] = "out_of_bounds"
    if asked.monthly is not None and not Decimal(0) <= asked.monthly <= MOST:
        faults["monthly"] = "out_of_bounds"
    if asked.limit > 0 and asked.term_kind == PREPAID:
        faults["term_kind"] = "limit_without_term"
    if asked.term_kind == PREPAID and asked.term_days:
        faults["term_days"] = "days_without_term"
    if asked.term_kind != PREPAID and not 1 <= asked.term_days <= LONGEST_TERM_DAYS:
        faults["term_days"] = "days_out_of_bounds"
    faults |= _end_faults(asked, on)
    if not faults and asked == present:
        faults["limit"] = "unchanged"
    return faults


def _end_faults(asked: Credit, on: date) -> dict[str, str]:
    if asked.ends_on is None:
        return {"ends_on": "end_missing"} if asked.limit > 0 else {}
    if asked.ends_on <= on:
        return {"ends_on": "end_in_past"}
    if asked.ends_on > on + LONGEST_VALIDITY:
        return {"ends_on": "end_too_far"}
    return {}
