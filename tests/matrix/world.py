"""The department on which the matrix is tried: one viewer of each kind, five clients alike but for who may see them."""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models

from accounts.care.models import BirthdayCare
from accounts.models import Account, Address, Attachment, BankAccount, Warehouse
from accounts.services import accounts_assign
from kam.approvals.models import Policy
from kam.core.calendar import now, today
from kam.core.imports.models import HeaderWord, ImportRun, ImportState
from kam.core.models import ExportRun, Operation, SavedView
from kam.jobs.models import JobRun
from kam.outbox.models import Message, Notice
from kam.people.choices import Role
from kam.people.models import Delegation, Member
from tests import factories
from tests.support.files import picture
from tests.support.people import member, unit
from tests.support.requests import asked_credit
from visits.models import VisitPhoto, VisitRules

CLIENTS = ("own", "work", "look", "ended", "none")
"""To the manager who looks: his own; shared to work on; shared to look at; a share that ended; a stranger's."""
VIEWERS = ("anon", "director", "clerk", *CLIENTS, "executive", "finance", "legal", "partner")
"""Columns of the matrix. A manager has five, one for each client; the other roles look at a stranger's."""
OBSERVED = (
    "accounts",
    "care",
    "approvals",
    "catalogue",
    "people",
    "visits",
    "outbox",
    "jobs",
    "core",
    "auth",
    "guardian",
)
CHANGING = {"people.opensession"}
"""Tables that every request may touch: they say when a session was last seen."""
MISSING = 987_654_321


@dataclass
class World:
    """Members by role, and what lies behind each client."""

    members: dict[str, Member] = field(default_factory=dict)
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    colleague: Member = field(init=False)

    def viewer(self, column: str) -> Member | None:
        """Whoever looks in this column."""
        if column == "anon":
            return None
        return self.members["manager" if column in CLIENTS else column]

    def thing(self, column: str, kind: str) -> int | str:
        """Key of the thing of that kind in that column; words are taken as they stand."""
        found = self.things[column if column in CLIENTS else "none"].get(kind, kind)
        return getattr(found, "pk", found)


def build() -> World:
    """The department, anew for each row of the matrix."""
    world = World({role: member(role) for role in Role.values})
    world.colleague = member(Role.MANAGER)
    manager = world.members["manager"]
    for column in CLIENTS:
        world.things[column] = _dossier(column, manager if column == "own" else world.colleague)
    ends_on = today() + timedelta(days=9)
    factories.share(account=world.things["work"]["client"], member=manager, permission="change", ends_on=ends_on)
    factories.share(account=world.things["look"]["client"], member=manager, ends_on=ends_on)
    factories.expired_share(account=world.things["ended"]["client"], member=manager)
    shared = _things_of_nobody(world)
    for things in world.things.values():
        things.update(shared)
    return world


def _dossier(column: str, owner: Member) -> dict[str, Any]:
    account = factories.account(owner=owner, name=f"矩阵{column}客户", credit_limit=100_000)
    attachment = _attachment(account, owner)
    contact = factories.contact(account=account, name=f"矩阵{column}人")
    log = factories.visit_log(account=account, visitor=owner, next_step="寄样", photos=[picture(column)])
    plan = factories.visit_plan(member=owner)
    return {
        "plan": plan,
        "line": factories.plan_line(plan=plan, account=account),
        "client": account,
        "contact": contact,
        "care": BirthdayCare.objects.create(
            account=account, contact=contact, calendar="solar", care_year=2026, falls_on=today(), prepare_on=today()
        ),
        "log": log,
        "photo": VisitPhoto.objects.get(log=log),
        "address": Address.objects.create(account=account, kind="delivery", line=f"{column}路1号"),
        "bank": BankAccount.objects.create(account=account, bank_name="工商银行", account_number="622202100112233"),
        "warehouse": Warehouse.objects.create(account=account, code=f"W-{column}"),
        "attachment": attachment,
        "message": _uncertain_greeting(account),
        "request": asked_credit(owner, account, now=now(), attachment_pks=[attachment.pk]),
    }


def _uncertain_greeting(account: Account) -> Message:
    return Message.objects.create(
        kind="matrix",
        channel="sms",
        key=f"matrix:{account.pk}",
        account_id=account.pk,
        name="矩阵人",
        language="zh-hans",
        text="矩阵",
        once="at_most",
        state="uncertain",
        address="+8613905552741",
        created_at=now(),
        send_after=now(),
    )


def _attachment(account: Account, owner: Member) -> Attachment:
    row = Attachment(
        account=account, name="合同.txt", content_type="text/plain", size=4, sha256="0" * 64, uploaded_by=owner
    )
    row.file.save("x", ContentFile(b"text"), save=False)
    row.save()
    return row


def _import_run(actor: Member) -> ImportRun:
    """A colleague's workbook, read and then not let in."""
    run = ImportRun(actor=actor, name="矩阵.xlsx", size=4, state=ImportState.CANCELLED, report={"sheets": {}})
    run.file.save("x", ContentFile(b"text"), save=False)
    run.save()
    return run


def _assignment(world: World) -> Operation:
    """One more client that the director gave from one colleague to another."""
    client = factories.account(owner=world.colleague, name="矩阵换人客户")
    return accounts_assign(account_pks=[client.pk], owner=member(Role.MANAGER), actor=world.members["director"])[0]


def _things_of_nobody(world: World) -> dict[str, Any]:
    """What belongs to no client: another member's notice and saved view, a unit, a delegation between others."""
    colleague, director = world.colleague, world.members["director"]
    return {
        "member": member(Role.MANAGER, full_name="矩阵同事"),
        "unit": unit("矩阵小组"),
        "delegation": Delegation.objects.create(
            grantor=director, delegate=colleague, authority="share", starts_on=today(), ends_on=today()
        ),
        "notice": Notice.objects.create(recipient=colleague, kind="x", text_zh="矩阵", text_en="Matrix"),
        "run": JobRun.objects.create(job="matrix", period="2026-11-23", due_at=now(), queue="fast", send_after=now()),
        "import": _import_run(colleague),
        "large": ExportRun.objects.create(actor=colleague, title="矩阵", path="/clients/", file_format="csv"),
        "word": HeaderWord.objects.create(
            register="accounts.account", column="note", word="矩阵", key="矩阵", added_by=director
        ),
        "product": factories.product(),
        "assignment": _assignment(world),
        "rules": VisitRules.objects.order_by("pk").first(),
        "policy": Policy.objects.order_by("pk").first(),
        "view": SavedView.objects.create(member=colleague, page="accounts.account", name="矩阵", query="grade=A"),
    }


def fingerprint() -> str:
    """A hash over every row that a request could have changed."""
    digest = hashlib.sha256()
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in OBSERVED and model._meta.label_lower not in CHANGING and not model._meta.proxy:
            digest.update(repr((model._meta.label, _rows(model))).encode())
    return digest.hexdigest()


def _rows(model: type[models.Model]) -> list[Any]:
    return list(model._base_manager.order_by("pk").values_list())
