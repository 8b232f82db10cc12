"""The credit of a client in words and as what a request freezes."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.choices import TermKind
from accounts.models import Account, Attachment
from accounts.rules.credit import Credit
from kam.core.money import format_money, round_money
from kam.core.templatetags.kam import wan

COLUMNS = {
    "limit": "credit_limit",
    "term_kind": "term_kind",
    "term_days": "term_days",
    "rating": "credit_rating",
    "monthly": "monthly_purchase_amount",
    "ends_on": "credit_ends_on",
}
"""Fields of a `Credit` and the columns of a client that hold them."""
SHORT_STEP = Decimal(1000)
SHORT_BELOW = Decimal(100_000_000)
FACTS = ("number", "name", "short_name", "kind", "credit_code", "parent_id")
"""What a client is: a change of any of it makes a waiting request void."""


def credit_of(account: Account) -> Credit:
    """The credit that is open now."""
    return Credit(**{name: getattr(account, column) for name, column in COLUMNS.items()})


def frozen(credit: Credit) -> dict[str, Any]:
    """A credit as plain JSON values; amounts with two places."""
    return {
        "limit": str(round_money(credit.limit)),
        "term_kind": credit.term_kind,
        "term_days": credit.term_days,
        "rating": credit.rating,
        "monthly": str(round_money(credit.monthly)) if credit.monthly is not None else None,
        "ends_on": credit.ends_on.isoformat() if credit.ends_on else None,
    }


def thawed(data: dict[str, Any]) -> Credit:
    """The credit behind plain JSON values."""
    return Credit(
        limit=Decimal(data["limit"]),
        term_kind=data["term_kind"],
        term_days=data["term_days"],
        rating=data["rating"],
        monthly=Decimal(data["monthly"]) if data["monthly"] is not None else None,
        ends_on=date.fromisoformat(data["ends_on"]) if data["ends_on"] else None,
    )


def facts_of(account: Account) -> dict[str, Any]:
    """What a client is, as plain JSON values."""
    return {name: getattr(account, name) for name in FACTS}


def documents_of(account_pk: int, attachment_pks: list[int]) -> list[dict[str, Any]]:
    """The chosen files of a client that are still there, as plain JSON values proven by their bytes' hash."""
    rows = Attachment.objects.for_system().filter(account_id=account_pk, pk__in=attachment_pks, removed_at__isnull=True)
    return [
        {"id": row.pk, "name": row.name, "sha256": row.sha256, "size": row.size, "type": row.content_type}
        for row in rows.order_by("pk")
    ]


def limit_words(amount: Decimal) -> str:
    """A limit as it is decided: 28 万, and to the cent where the short form would round it."""
    return wan(amount) if _is_round(amount) else format_money(amount)


def limit_figure(amount: Decimal) -> str:
    """The same in large letters, its unit beside it (`limit_unit`)."""
    return wan(amount, "bare") if _is_round(amount) else format_money(amount)


def limit_unit(amount: Decimal) -> str:
    """The unit of `limit_figure`."""
    return pgettext("unit of a short figure", "CNY") if _is_round(amount) else pgettext("unit", "CNY")


def _is_round(amount: Decimal) -> bool:
    """Whether the short form, in 万 with one decimal, says it exactly."""
    return amount % SHORT_STEP == 0 and amount < SHORT_BELOW


def term_words(credit: Credit) -> str:
    """The payment term in words: 收货后 45 天."""
    if credit.term_kind == TermKind.DAYS:
        return _("%(days)s days after receipt") % {"days": credit.term_days}
    if credit.term_kind == TermKind.MONTH_END:
        return _("%(days)s days after the end of the month") % {"days": credit.term_days}
    return _("Prepayment")
