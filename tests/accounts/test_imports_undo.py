"""Import and undo leave every table as it was, row by row, on a department that holds half of the file already."""

import pytest

from accounts.models import Account, AccountGrant, Address, BankAccount, Contact, SearchTerm
from accounts.services import check_grants, grade_request
from kam.approvals.models import Request
from kam.core.calendar import now
from kam.core.imports.models import ImportRow
from kam.core.imports.plan import Outcome
from kam.core.imports.services import import_undo
from kam.core.models import ExportLog
from kam.core.states import Transition
from kam.outbox.models import Notice
from tests.accounts.test_imports_confirm import every_table, imported
from tests.accounts.test_imports_dry_run import MANAGERS, WORKBOOK, dry_run
from tests.factories import account, contact, share
from tests.support.people import member

pytestmark = pytest.mark.django_db
LOGS = ("approvals.Request", "approvals.RequestStep", "core.Transition", "outbox.Notice", "outbox.Message")
"""What is told and never untold: requests stay as withdrawn, with their steps, moves and messages."""


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def people():
    for role in ("director", "finance"):
        member(role)
    return {"clerk": member("clerk"), **{name: member(full_name=name) for name in MANAGERS}}


@pytest.fixture
def department(people):
    """Each tenth client of the file and its people, with other names, owners, limits, grades, industries and posts."""
    _report, rows = dry_run(WORKBOOK)
    good = [row for row in rows.values() if row.outcome is Outcome.NEW]
    clients = [row for row in good if row.register == "accounts.account" and "number" in row.data][::10]
    stored = {}
    for place, row in enumerate(clients):
        here = account(
            number=row.data["number"],
            credit_code=row.data.get("credit_code", ""),
            name=row.title + ("旧名" if place % 2 else ""),
            kind=row.data["kind"],
            owner=people[MANAGERS[place % 6]],
            grade="D",
            industry="旧行业",
            credit_limit=place * 1000,
            term_kind="days",
            term_days=7,
        )
        Address.objects.create(account=here, kind="office", line="旧地址")
        BankAccount.objects.create(account=here, bank_name="旧行", account_number="12345678")
        share(account=here, member=people[MANAGERS[(place + 1) % 6]])
        stored[row.title] = here
    for row in good:
        if row.register == "accounts.contact" and (here := stored.get(row.data["account_name"])):
            contact(account=here, name=row.title, post="旧职务")
    first = next(iter(stored.values()))
    grade_request(account_pk=first.pk, actor=people["clerk"], grade="C", reason="先提出的", now=now())
    return list(stored.values())


def rows_of(tables, *names):
    return {name: tables.pop(name) for name in names}


def test_import_and_undo_leave_every_table_as_it_was(people, department):
    before = every_table()
    assert {"accounts.Account", "accounts.AccountGrant", "accounts.SearchTerm", "core.ExportLog"} <= set(before)
    run = imported(WORKBOOK, people["clerk"])
    written = ImportRow.objects.filter(run=run, state="written")
    counts = {
        (register, outcome): written.filter(register=register, outcome=outcome).count()
        for register in ("accounts.account", "accounts.contact")
        for outcome in ("new", "changed")
    }
    assert all(counts.values()), counts
    assert Request.objects.filter(status="pending").count() > 10
    assert not Account.objects.filter(name__endswith="旧名").exists()
    assert not Contact.objects.filter(post="旧职务").exists()
    import_undo(run_pk=run.pk, actor=people["clerk"], now=now())
    after = every_table()
    told, told_before = rows_of(after, *LOGS), rows_of(before, *LOGS)
    for label, rows in before.items():
        assert after[label] == rows, label
    for label, rows in told_before.items():
        assert set(map(repr, rows)) <= set(map(repr, told[label])), label
    fresh = Request.objects.exclude(reason="先提出的")
    assert set(fresh.values_list("status", flat=True)) == {"withdrawn"}
    assert Request.objects.get(reason="先提出的").status == "pending"
    assert check_grants() == []


def test_undo_in_english_and_by_the_director_is_the_same(people, department):
    before = every_table()
    director = member("director")
    run = imported(WORKBOOK, people["clerk"])
    import_undo(run_pk=run.pk, actor=director, now=now())
    after = every_table()
    for model in (Account, AccountGrant, Address, BankAccount, Contact, SearchTerm, ExportLog):
        assert after[model._meta.label] == before[model._meta.label]
    for model in (Transition, Notice):
        assert len(after[model._meta.label]) >= len(before[model._meta.label])
