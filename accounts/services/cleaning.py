"""One function that judges the fields of a client, for the form and for every row of an import alike."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.rules.identity import normalise_credit_code
from accounts.rules.names import company_name_key, name_without_places
from accounts.rules.phones import read_phone
from kam.core.exceptions import FieldErrors, RuleError, Text
from kam.core.plain import clean_text
from kam.core.scoping import allowed
from kam.core.words import listed
from kam.people.models import Member

CLEANED = (
    "name",
    "short_name",
    "kind",
    "credit_code",
    "industry",
    "source",
    "province",
    "city",
    "county",
    "parent",
    "website",
    "note",
    "customer_since",
    "invoice_kind",
    "invoice_title",
    "invoice_phone",
    "invoice_address",
    "invoice_note",
)
"""Fields that the client form holds."""
AT_OPENING = ("number", "status", "grade", "credit_limit", "term_kind", "term_days")
"""Fields that are set once, when an import opens a dossier; later they have services of their own."""
NAME_KEYS = ("name_key", "name_stem")
"""What is worked out of the name and kept beside it."""
SIMILAR_SHOWN = 5


def clean_account(
    data: Mapping[str, Any],
    *,
    actor: Member | None,
    account: Account | None = None,
    similar_are_others: bool = False,
) -> dict[str, Any]:
    """The fields ready to store, with `name_key`; `account` is the client being changed, None for a new one.

    Raises `FieldErrors` with a text for each wrong field.
    """
    cleaned, errors = clean_account_fields(data, account)
    if "parent" in cleaned and "parent" not in errors and _makes_a_circle(account, cleaned["parent"]):
        errors["parent"] = _("A client cannot belong to itself, not through its branches either.")
    errors |= _same_client(cleaned, errors, actor, account, similar_are_others)
    if errors:
        raise FieldErrors(errors)
    return cleaned


def clean_account_fields(
    data: Mapping[str, Any], account: Account | None = None
) -> tuple[dict[str, Any], dict[str, Text]]:
    """The fields of a client, each judged for itself and without asking the database, and what is wrong with them."""
    cleaned: dict[str, Any] = {
        name: clean_text(value) if isinstance(value, str) else value for name, value in data.items()
    }
    errors: dict[str, Text] = {}
    _normalise(cleaned, "credit_code", normalise_credit_code, errors)
    _normalise(cleaned, "invoice_phone", read_phone, errors)
    if "name" in cleaned:
        cleaned |= {"name_key": company_name_key(cleaned["name"]), "name_stem": name_without_places(cleaned["name"])}
    errors |= _model_errors(cleaned, account)
    return cleaned, errors


def _normalise(cleaned: dict[str, Any], name: str, rule: Any, errors: dict[str, Text]) -> None:
    if cleaned.get(name):
        try:
            cleaned[name] = rule(cleaned[name])
        except RuleError as error:
            errors[name] = error.text


def _model_errors(cleaned: Mapping[str, Any], account: Account | None) -> dict[str, Text]:
    trial = Account(**{name: value for name, value in cleaned.items() if name != "parent"})
    required = {"name", "kind"} if account is None else set()
    errors = field_errors(trial, (set(cleaned) - {"parent", "number"}) | required)
    return {name: text for name, text in errors.items() if name not in NAME_KEYS}


def field_errors(trial: models.Model, names: set[str]) -> dict[str, Text]:
    """What the model's own fields refuse in an unsaved `trial`: too long, not a choice, missing."""
    errors: dict[str, Text] = {}
    try:
        trial.clean_fields(exclude={field.name for field in trial._meta.fields} - names)
    except ValidationError as error:
        errors = {name: " ".join(texts) for name, texts in error.message_dict.items()}
    for field in trial._meta.fields:
        longest = field.max_length if isinstance(field, models.TextField) and field.name in names else None
        if longest and len(getattr(trial, field.name)) > longest:
            errors[field.name] = format_lazy(_("At most {limit} characters."), limit=longest)
    return errors


def _makes_a_circle(account: Account | None, parent: Account | None) -> bool:
    """Whether the chain above `parent` leads back to the client, as the database has it now.

    The instances in hand may be older than the locks: another edit may have set a group meanwhile.
    """
    if account is None or parent is None:
        return False
    seen, above = {account.pk}, parent.pk
    while above is not None and above not in seen:
        seen.add(above)
        above = Account.objects.for_system().filter(pk=above).values_list("parent_id", flat=True).first()
    return above is not None


def _same_client(
    cleaned: Mapping[str, Any],
    errors: Mapping[str, Text],
    actor: Member | None,
    account: Account | None,
    similar_are_others: bool,
) -> dict[str, Text]:
    """Equal codes and equal names are the same client; names equal but for the place are shown for decision."""
    others = Account.objects.for_system().exclude(pk=account.pk if account else None)
    code = cleaned.get("credit_code", account.credit_code if account else "")
    if "credit_code" in cleaned and code and "credit_code" not in errors:
        twin = others.filter(credit_code=code).first()
        if twin:
            return {"credit_code": _already_kept(twin, actor)}
    renamed = account is None or cleaned.get("name_key", account.name_key) != account.name_key
    if "name_key" not in cleaned or "name" in errors or not renamed:
        return {}
    for twin in others.filter(name_key=cleaned["name_key"])[:SIMILAR_SHOWN]:
        if not (code and twin.credit_code and code != twin.credit_code):
            return {"name": _already_kept(twin, actor)}
    if not similar_are_others and (alike := similar_accounts(cleaned["name"], actor=actor, account=account)):
        names = listed(f"{row.number} {row.name}" for row in alike)
        return {
            "similar_are_others": format_lazy(_("Similar clients exist: {names}. Is this another one?"), names=names)
        }
    return {}


def _already_kept(twin: Account, actor: Member | None) -> Text:
    """Names the twin only to who may see it."""
    if actor is None or allowed(actor, twin, "view"):
        return format_lazy(_("This client exists already: {number} {name}."), number=twin.number, name=twin.name)
    return _("This client is already kept by a colleague. Ask the clerk.")


def similar_accounts(name: str, *, actor: Member | None, account: Account | None = None) -> list[Account]:
    """Visible clients whose names equal `name` but for the place: 青岛市图书馆 and 烟台市图书馆."""
    stem = name_without_places(name)
    if not stem:
        return []
    rows = Account.objects.for_system() if actor is None else Account.objects.visible_to(actor)
    others = rows.exclude(pk=account.pk if account else None).filter(name_stem=stem)
    return list(others.exclude(name_key=company_name_key(name)).order_by("number")[:SIMILAR_SHOWN])
