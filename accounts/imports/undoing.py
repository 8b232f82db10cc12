"""Takes back what an import wrote, or names what was changed since."""

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, Q

from accounts.choices import GrantSource
from accounts.models import Account, AccountGrant, Address, BankAccount, Contact, SearchTerm
from accounts.rules.names import company_name_key, name_without_places
from accounts.services.search import search_terms_refresh
from accounts.telling import tell_of_people
from kam.approvals.choices import RequestStatus
from kam.approvals.models import Request
from kam.approvals.services import request_withdraw
from kam.core.calendar import now
from kam.core.history import BATCH, record_delete_many
from kam.core.imports.models import ImportRun
from kam.core.imports.plan import Outcome
from kam.core.states import Transition

PARTS: tuple[Any, ...] = (Address, BankAccount)
CREATED = "+"
NAMED = 20
"""Clashes named at most, of each kind."""


def client_clashes(run: ImportRun, rows: Any) -> list[str]:
    """Clients and their parts that were changed, or that something hangs on, since the import."""
    found = _changed_since(Account, run, _touched(rows))
    for model in PARTS:
        found += [str(part) for part in _later(model, run, _created(model, run))]
    created = rows.filter(outcome=Outcome.NEW).values("written")
    for relation in Account._meta.related_objects:
        found += _hanging_on(relation, run, created)
    requests = _requests(rows).filter(status__in=(RequestStatus.APPROVED, RequestStatus.EFFECTED))
    return found + [f"{request.number} {request.account_name}" for request in requests[:NAMED]]


def contact_clashes(run: ImportRun, rows: Any) -> list[str]:
    """People who were changed, or that something hangs on, since the import."""
    found = [text for relation in Contact._meta.related_objects for text in _hanging_on(relation, run, _opened(rows))]
    return found + _changed_since(Contact, run, _touched(rows))


def clients_undo(run: ImportRun, rows: Any, actor: Any) -> None:
    """Withdraw open requests, remove parts, delete the opened clients, and set the changed ones back."""
    for request in _requests(rows).filter(status__in=(RequestStatus.PENDING, RequestStatus.RETURNED)):
        request_withdraw(request_pk=request.pk, actor=request.requester, seen_revision=request.revision, now=now())
    created = _opened(rows)
    for model in PARTS:
        parts = model.objects.for_system().filter(pk__in=_created(model, run))
        record_delete_many(parts, actor=actor, reason=_reason(run))
    births = ContentType.objects.get_for_model(Account)
    Transition.objects.filter(content_type=births, object_id__in=created).delete()
    _set_back(Account, run, rows.filter(outcome=Outcome.CHANGED), actor)
    SearchTerm.objects.for_system().filter(account__in=created).delete()
    AccountGrant.objects.for_system().filter(content_object__in=created).delete()
    record_delete_many(Account.objects.for_system().filter(pk__in=created), actor=actor, reason=_reason(run))


def contacts_undo(run: ImportRun, rows: Any, actor: Any) -> None:
    """Delete the added people with what opened by itself for them, and set the changed ones back."""
    created, changed = _opened(rows), rows.filter(outcome=Outcome.CHANGED)
    _drop_what_opened_by_itself(Contact, run, rows.values("written"))
    _set_back(Contact, run, changed, actor)
    SearchTerm.objects.for_system().filter(contact__in=created).delete()
    record_delete_many(Contact.objects.for_system().filter(pk__in=created), actor=actor, reason=_reason(run))
    tell_of_people(pks=list(changed.values_list("written", flat=True)), actor=actor)


def _set_back(model: Any, run: ImportRun, rows: Any, actor: Any) -> None:
    """Each changed row as it was, version and moment of the last change included."""
    stored = {
        row.pk: row for row in model.objects.for_system().select_for_update().filter(pk__in=rows.values("written"))
    }
    renamed, changed = set(), []
    for row in rows.order_by("pk"):
        instance, before = stored[row.written], row.before
        if not before["fields"]:
            continue
        was = {**before["fields"], "version": before["version"]}
        if model is Account and "name" in was:
            was |= {"name_key": company_name_key(was["name"]), "name_stem": name_without_places(was["name"])}
        for name, value in was.items():
            setattr(instance, name, value)
        # house: update-past-history - the history rows are written below, all at once
        model.objects.for_system().filter(pk=instance.pk).update(
            **was, updated_at=datetime.fromisoformat(before["updated_at"])
        )
        changed.append(instance)
        if {"name", "short_name", "credit_code", "mobile", "landline"} & set(before["fields"]):
            renamed.add(instance.pk if model is Account else instance.account_id)
    model.history.bulk_history_create(
        changed,
        batch_size=BATCH,
        update=True,
        default_user=actor,
        default_change_reason=_reason(run),
        custom_historical_attrs={"operation": None, "on_behalf_of": None},
    )
    search_terms_refresh(sorted(renamed))


def _drop_what_opened_by_itself(model: Any, run: ImportRun, keys: Any) -> None:
    """Delete what the import brought about and nobody has worked on: the care for a birthday that it wrote."""
    operation: Any = run.operation
    for relation in model._meta.related_objects:
        rows = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": keys})
        if hasattr(rows, "worked_on"):
            fresh = rows.filter(created_at__gte=operation.created_at)
            fresh.exclude(pk__in=rows.worked_on().values("pk")).delete()


def _opened(rows: Any) -> Any:
    """Keys of what the import opened, as a subquery."""
    return rows.filter(outcome=Outcome.NEW).values("written")


def _reason(run: ImportRun) -> str:
    return f"undo {run.pk}"


def _touched(rows: Any) -> Any:
    """Keys of what the import opened or changed a field of; parts and requests are looked at by themselves."""
    return rows.filter(Q(outcome=Outcome.NEW) | ~Q(before__fields={})).values("written")


def _changed_since(model: Any, run: ImportRun, keys: Any) -> list[str]:
    return [str(row) for row in _later(model, run, keys)]


def _later(model: Any, run: ImportRun, keys: Any) -> list[Any]:
    """Rows of `keys` whose latest history row is not of the import."""
    history = model.history.filter(id__in=keys).order_by()
    latest = history.values("id").annotate(latest=Max("history_id")).values("latest")
    return list(model.history.filter(history_id__in=latest).exclude(operation=run.operation)[:NAMED])


def _created(model: Any, run: ImportRun) -> Any:
    return model.history.filter(operation=run.operation, history_type=CREATED).values("id")


def _hanging_on(relation: Any, run: ImportRun, created: Any) -> list[str]:
    """Rows of another table that point at what the import opened and did not come with it.

    Of rows that open by themselves (a birthday's care) only those count on which somebody has worked.
    """
    model = relation.related_model
    if model is SearchTerm or model._meta.model_name.startswith("historical"):
        return []
    rows = model._default_manager.filter(**{f"{relation.field.name}__in": created})
    if model is AccountGrant:
        rows = rows.exclude(source=GrantSource.OWN)
    elif hasattr(rows, "worked_on"):
        rows = rows.worked_on()
    elif hasattr(model, "history"):
        rows = rows.exclude(pk__in=_created(model, run))
    return [f"{row._meta.verbose_name} {row}" for row in rows[:NAMED]]


def _requests(rows: Any) -> Any:
    """The requests that the import filed."""
    keys = [
        pk for before in rows.exclude(before={}).values_list("before", flat=True) for pk in before.get("requests", [])
    ]
    return Request.objects.for_system().filter(pk__in=keys).select_related("requester")
