"""What a person says of judged rows: it is that client, it is another one, it stays out. Counts always add up."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Account, BankAccount, Contact
from kam.core.calendar import now
from kam.core.exceptions import ChangedMeanwhile, DomainError
from kam.core.imports.models import ImportRun, RowState
from kam.core.imports.services import (
    import_confirm,
    import_decide,
    import_judge,
    import_store,
    import_undo,
    import_write,
)
from tests.accounts.test_imports_dry_run import CLIENT_HEADER, book, client
from tests.factories import account, contact
from tests.support.people import member

pytestmark = pytest.mark.django_db
CONTACTS = ["客户名称", "姓名", "手机"]
COUNTED = ("new", "changed", "unchanged", "duplicate", "blocked", "left_out", "wrong")


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def clerk():
    return member("clerk", full_name="何韵")


@pytest.fixture
def known():
    return account(name="青岛市图书馆", number="KH1", kind="school_library", owner=member(full_name="卫东升"))


@pytest.fixture
def path(known, tmp_path):
    header = [*CLIENT_HEADER, "行业"]
    clients = [
        header,
        [*client(name="烟台市图书馆", limit=None, term=None), "教育"],
        [*client(name="江州大学", limit=None, term=None), None],
        [*client(number="KH1", name="青岛市图书馆", limit=None, term=None), "文化"],
    ]
    people = [CONTACTS, ["烟台市图书馆", "王一", "13905552741"], ["江州大学", "王二", "13905552742"]]
    return book(tmp_path, ("客户", clients), ("联系人", people))


def judged(path, clerk) -> ImportRun:
    run = import_store(path=path, name="台账.xlsx", actor=clerk)
    return import_judge(run_pk=run.pk, actor=clerk, clock=now)


def row(run, number, sheet="客户"):
    return run.rows.get(sheet=sheet, row=number)


def say(run, clerk, **said) -> ImportRun:
    """`r2="out"`, `r2=("same", pk)`, `c2=""`: what is said of rows of the client sheet (r) or the contact sheet (c)."""
    choices = {}
    for place, choice in said.items():
        sheet = {"r": "客户", "c": "联系人"}[place[0]]
        choices[row(run, int(place[1:]), sheet).pk] = choice if isinstance(choice, tuple) else (choice, None)
    import_decide(run_pk=run.pk, actor=clerk, said=choices)
    run = import_judge(run_pk=run.pk, actor=clerk, clock=now)
    for sheet in run.sheets.values():
        assert sum(sheet.get(key, 0) for key in COUNTED) == sheet["rows"]
    return run


def written(run, clerk, **more) -> ImportRun:
    import_confirm(run_pk=run.pk, actor=clerk, **more)
    return import_write(run_pk=run.pk, actor=clerk, clock=now)


def test_a_similar_client_is_a_new_row_with_a_doubt_until_somebody_decides(path, clerk, known):
    run = judged(path, clerk)
    first = row(run, 2)
    assert (first.outcome, first.decision) == ("new", "")
    assert first.similar == [{"pk": known.pk, "title": "KH1 青岛市图书馆"}]
    assert [warning["column"] for warning in first.warnings] == ["客户名称"]
    assert row(run, 3).similar == []
    assert "left_out" not in run.sheets["客户"]


def test_undecided_rows_go_in_by_the_command_and_stay_out_on_the_page(path, clerk, known):
    written(judged(path, clerk), clerk)
    assert Account.objects.count() == 3
    import_undo(run_pk=ImportRun.objects.get().pk, actor=clerk, now=now())
    run = written(judged(path, clerk), clerk, undecided_stay_out=True)
    assert set(Account.objects.values_list("name", flat=True)) == {"青岛市图书馆", "江州大学"}
    stayed = row(run, 2)
    assert stayed.state == RowState.REFUSED
    assert "决定" in stayed.remark
    assert row(run, 2, "联系人").state == RowState.REFUSED


def test_another_client_is_taken_in_without_the_doubt(path, clerk, known):
    run = say(judged(path, clerk), clerk, r2="new")
    first = row(run, 2)
    assert (first.outcome, first.decision, first.decided_by, first.warnings) == ("new", "new", clerk, [])
    written(run, clerk, undecided_stay_out=True)
    assert Account.objects.count() == 3
    assert Contact.objects.get(name="王一").account.name == "烟台市图书馆"


def test_a_row_that_is_a_stored_client_changes_it_but_neither_its_name_nor_its_code(path, clerk, known, tmp_path):
    run = say(judged(path, clerk), clerk, r2=("same", known.pk))
    first = row(run, 2)
    assert (first.outcome, first.target) == ("changed", known.pk)
    assert [change["field"] for change in first.changes] == ["industry"]
    assert "青岛市图书馆" in first.warnings[0]["reason"]
    assert row(run, 4).outcome == "duplicate"
    written(run, clerk)
    known.refresh_from_db()
    assert (known.name, known.industry, Account.objects.count()) == ("青岛市图书馆", "教育", 2)
    assert Contact.objects.get(name="王一").account == known


def test_two_rows_cannot_both_be_one_client(known, clerk, tmp_path):
    header = [*CLIENT_HEADER, "行业"]
    rows = [[*client(name=f"{city}市图书馆", limit=None, term=None), city] for city in ("烟台", "合肥")]
    run = judged(book(tmp_path, ("客户", [header, *rows])), clerk)
    run = say(run, clerk, r2=("same", known.pk), r3=("same", known.pk))
    assert [row(run, number).outcome for number in (2, 3)] == ["changed", "duplicate"]


def test_a_row_left_out_keeps_its_people_waiting_and_can_be_taken_in_again(path, clerk, known):
    run = say(judged(path, clerk), clerk, r3="out", r4="out", c2="out")
    assert [row(run, number).outcome for number in (3, 4)] == ["left_out", "left_out"]
    assert [row(run, number, "联系人").outcome for number in (2, 3)] == ["left_out", "blocked"]
    assert run.sheets["客户"]["left_out"] == 2
    run = say(run, clerk, r3="")
    assert [row(run, 3).outcome, row(run, 3, "联系人").outcome] == ["new", "new"]
    written(run, clerk, undecided_stay_out=True)
    known.refresh_from_db()
    assert known.industry == ""


def test_equal_bank_accounts_are_shown_too(known, clerk, tmp_path):
    BankAccount.objects.create(account=known, bank_name="农业银行", account_number="5750040793379156")
    rows = [[*CLIENT_HEADER, "开户行及账号"], [*client(limit=None, term=None), "农业银行 5750 0407 9337 9156"]]
    assert [one["pk"] for one in row(judged(book(tmp_path, ("客户", rows)), clerk), 2).similar] == [known.pk]


def test_a_mobile_of_another_clients_person_is_told(path, clerk, known):
    contact(account=known, name="王七", mobile="13905552742")
    run = judged(path, clerk)
    (warning,) = row(run, 3, "联系人").warnings
    assert warning["column"] == "手机"
    assert "青岛市图书馆" in warning["reason"]
    assert row(run, 2, "联系人").warnings == []
    assert row(judged(path, member(full_name="吴思远")), 3, "联系人").warnings == []


def test_a_new_mobile_is_that_persons_when_somebody_says_so(known, clerk, tmp_path):
    person = contact(account=known, name="王七", mobile="13905552742")
    run = judged(book(tmp_path, ("联系人", [CONTACTS, ["青岛市图书馆", "王七", "13905552743"]])), clerk)
    assert row(run, 2, "联系人").similar == [{"pk": person.pk, "title": "王七 139 0555 2742"}]
    run = say(run, clerk, c2=("same", person.pk))
    (change,) = row(run, 2, "联系人").changes
    assert (change["before"], change["after"]) == ("139 0555 2742", "139 0555 2743")
    written(run, clerk)
    person.refresh_from_db()
    assert (person.mobile, Contact.objects.count()) == ("+8613905552743", 1)


def test_only_what_a_row_offers_can_be_said_of_it(path, clerk, known):
    run = judged(path, clerk)
    stranger = account(name="别家", number="KH9")
    for number, choice in ((2, ("same", stranger.pk)), (3, ("new", None)), (3, ("same", known.pk)), (2, ("?", None))):
        with pytest.raises(DomainError):
            import_decide(run_pk=run.pk, actor=clerk, said={row(run, number).pk: choice})
    with pytest.raises(ChangedMeanwhile):
        import_decide(run_pk=run.pk, actor=clerk, said={0: ("out", None)})
    run.refresh_from_db()
    assert (run.state, run.decisions) == ("judged", {})


def test_a_client_out_of_sight_is_no_candidate(path, known):
    assert row(judged(path, member(full_name="吴思远")), 2).similar == []


def test_the_page_shows_the_doubt_and_keeps_what_is_said(
    client, path, clerk, known, django_capture_on_commit_callbacks
):
    client.force_login(clerk, backend="kam.people.backends.MemberBackend")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("accounts:import_upload"), {"file": SimpleUploadedFile("台账.xlsx", path.read_bytes())})
    run = ImportRun.objects.get()
    detail = reverse("accounts:import_detail", args=[run.pk])
    page = client.get(f"{detail}?show=similar").content.decode()
    assert "KH1 青岛市图书馆" in page
    assert "江州大学" not in page
    decide = reverse("accounts:import_decide", args=[run.pk])
    fields = {f"row-{row(run, 2).pk}": f"same-{known.pk}", f"row-{row(run, 3).pk}": ""}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(decide, fields).url == detail
    run.refresh_from_db()
    assert run.decisions == {"客户": {"2": {"choice": "same", "by": clerk.pk, "target": known.pk}}}
    assert "何韵" in client.get(f"{detail}?row=2").content.decode()
    client.post(decide, fields)
    client.post(decide, {"row-": "out", "row-x": "out", "row-99999999999999999999": "out"})
    run.refresh_from_db()
    assert (run.state, len(run.decisions["客户"])) == ("judged", 1)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("accounts:import_act", args=[run.pk, "confirm"]))
    assert Account.objects.count() == 2
