"""Bad input on the forms of the dossier: said beside the field in the person's language, kept, and nothing written."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import Account, AccountGrant, Attachment, BankAccount, Contact
from accounts.services import (
    account_assign,
    account_change,
    account_status_change,
    contact_change,
    part_change,
    part_create,
)
from kam.core.models import SentForm
from kam.people.models import Member
from tests.factories import account, contact, share
from tests.support.forms import opened, signed_in
from tests.support.people import member

pytestmark = pytest.mark.django_db

CODE = "914403001922038216"


@pytest.fixture
def owner() -> Member:
    return member("manager")


@pytest.fixture
def client_row(owner: Member) -> Account:
    return account(owner=owner, name="恒泽连锁商业有限公司", industry="家电", city="江州")


def send(browser: Client, url: str, **typed: Any) -> Any:
    """Open the form, type, send."""
    return browser.post(url, {**opened(browser, url), **typed})


def said(response: HttpResponse, field: str) -> str:
    """What stands beside the field; fails when the page was accepted."""
    assert response.status_code == 422, response.status_code
    form: Any = response.context["form"]  # type: ignore[attr-defined]
    return " ".join(form.errors[field])


NEW = {"name": "新客户有限公司", "kind": "enterprise"}


@pytest.mark.parametrize(
    ("field", "typed", "chinese", "english"),
    [
        ("credit_code", "914403001922038217", "校验位不符", "check character"),
        ("credit_code", "12345", "5 位", "5 characters"),
        ("credit_code", "91440300192203821I", "I", "I"),
        ("name", "长" * 10_000, "120", "120"),
        ("name", "  ", "必填", "required"),
        ("kind", "dragon", "dragon", "dragon"),
        ("invoice_phone", "打电话", "电话号码", "phone number"),
        ("note", "字" * 2001, "2000", "2000"),
        ("customer_since", "2026-02-30", "2", "2"),
        ("parent", "没有这个集团", "没有这个集团", "没有这个集团"),
    ],
)
def test_wrong_fields_of_a_new_client(owner: Member, field: str, typed: str, chinese: str, english: str) -> None:
    for language, words in (("zh-hans", chinese), ("en", english)):
        response = send(
            signed_in(owner, language), reverse("accounts:account_create"), **{**NEW, "source": "展会", field: typed}
        )
        assert words in said(response, field)
        page = response.content.decode()
        assert typed.strip() in page
        assert "展会" in page
    assert not Account.objects.for_system().exists()
    assert not SentForm.objects.for_system().exists()


def test_all_faults_are_told_at_once(owner: Member) -> None:
    response = send(
        signed_in(owner), reverse("accounts:account_create"), name="新客户", kind="", credit_code="1", invoice_phone="x"
    )
    assert set(response.context["form"].errors) == {"kind", "credit_code", "invoice_phone"}


@pytest.mark.parametrize("name", ["😀客户", "<script>alert(1)</script>", "恒\x00泽\x07\u202e商业", "Ａ＆Ｂ“公司”"])
def test_odd_names_are_kept_as_text_and_drawn_escaped(owner: Member, name: str) -> None:
    browser = signed_in(owner)
    response = send(browser, reverse("accounts:account_create"), **{**NEW, "name": name})
    assert response.status_code == 302
    row = Account.objects.for_system().get()
    assert "\x00" not in row.name
    page = browser.get(reverse("accounts:account_edit", args=[row.pk])).content.decode()
    assert "<script>alert" not in page


def test_a_client_that_exists_is_named_only_to_who_sees_it(owner: Member) -> None:
    account(owner=member("manager"), name="恒泽连锁商业有限公司", credit_code=CODE)
    url = reverse("accounts:account_create")
    response = send(signed_in(owner), url, **{**NEW, "credit_code": CODE})
    assert "恒泽" not in said(response, "credit_code")
    response = send(signed_in(member("clerk")), url, **{**NEW, "credit_code": CODE, "owner": owner.pk})
    assert "恒泽连锁商业有限公司" in said(response, "credit_code")


def test_similar_clients_are_shown_for_the_person_to_decide(owner: Member) -> None:
    account(owner=owner, name="青岛市图书馆")
    browser, url = signed_in(owner), reverse("accounts:account_create")
    assert 'name="similar_are_others"' not in browser.get(url).content.decode()
    typed = {"name": "烟台市图书馆", "kind": "school_library"}
    response = send(browser, url, **typed)
    assert "青岛市图书馆" in said(response, "similar_are_others")
    assert 'name="similar_are_others"' in response.content.decode()
    assert send(browser, url, **typed, similar_are_others="on").status_code == 302


def test_a_group_is_no_circle_and_no_client_out_of_sight(owner: Member, client_row: Account) -> None:
    branch = account(owner=owner, name="分店", parent=client_row)
    foreign = account(owner=member("manager"), name="别人的集团")
    browser, url = signed_in(owner), reverse("accounts:account_edit", args=[client_row.pk])
    assert "不能" in said(send(browser, url, parent=branch.number), "parent")
    assert "没有" in said(send(browser, url, parent=client_row.number), "parent")
    assert "没有" in said(send(browser, url, parent=foreign.name), "parent")
    client_row.refresh_from_db()
    assert client_row.parent is None


def test_a_group_out_of_sight_is_neither_shown_nor_lost(owner: Member) -> None:
    group = account(owner=member("manager"), name="别人的集团")
    row = account(owner=owner, name="分店", parent=group)
    browser, url = signed_in(owner), reverse("accounts:account_edit", args=[row.pk])
    assert "别人的集团" not in browser.get(url).content.decode()
    assert send(browser, url, industry="百货").status_code == 302
    row.refresh_from_db()
    assert (row.parent, row.industry) == (group, "百货")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"birthday_words": "公历1981-02-29"}, "birthday_words"),
        ({"birthday_words": "农历十三月初一"}, "birthday_words"),
        ({"birthday_words": "农历八月三十一"}, "birthday_words"),
        ({"birthday_words": "很久以前"}, "birthday_words"),
        (
            {"birthday_calendar": "solar", "birthday_year": "1981", "birthday_month": "2", "birthday_day": "29"},
            "birthday_day",
        ),
        ({"birthday_calendar": "lunar", "birthday_month": "13", "birthday_day": "1"}, "birthday_day"),
        ({"birthday_calendar": "solar", "birthday_month": "5"}, "birthday_day"),
        ({"birthday_calendar": "solar", "birthday_month": "五", "birthday_day": "1"}, "birthday_month"),
        ({"birthday_calendar": "solar", "birthday_month": "5", "birthday_day": "9" * 400}, "birthday_day"),
        ({"birthday_calendar": "mayan", "birthday_month": "5", "birthday_day": "1"}, "birthday_calendar"),
        ({"mobile": "0555-1234567"}, "mobile"),
        ({"landline": "12"}, "landline"),
        ({"email": "cao@nodot"}, "email"),
        ({"name": "曹" * 10_000}, "name"),
        ({"stance": "loves"}, "stance"),
    ],
)
def test_wrong_fields_of_a_person(client_row: Account, owner: Member, typed: dict[str, str], field: str) -> None:
    url = reverse("accounts:contact_create", args=[client_row.pk])
    for language in ("zh-hans", "en"):
        response = send(signed_in(owner, language), url, **{"name": "曹敏", "post": "总监", **typed})
        assert said(response, field)
        assert set(response.context["form"].errors) == {field}
        assert "总监" in response.content.decode()
    assert not Contact.objects.for_system().exists()


@pytest.mark.parametrize(
    ("words", "stored"),
    [
        ("农历八月十五", ("lunar", None, 8, 15, False)),
        ("1981-02-28", ("solar", 1981, 2, 28, False)),
        ("闰四月初三", ("lunar", None, 4, 3, True)),
    ],
)
def test_a_birthday_in_words(client_row: Account, owner: Member, words: str, stored: tuple[Any, ...]) -> None:
    url = reverse("accounts:contact_create", args=[client_row.pk])
    assert send(signed_in(owner), url, name="曹敏", birthday_month="99", birthday_words=words).status_code == 302
    row = Contact.objects.for_system().get()
    kept = (row.birthday_calendar, row.birthday_year, row.birthday_month, row.birthday_day, row.birthday_leap)
    assert kept == stored


def test_both_values_are_offered_and_the_person_chooses(owner: Member, client_row: Account) -> None:
    browser, url = signed_in(owner), reverse("accounts:account_edit", args=[client_row.pk])
    mine = {**opened(browser, url), "industry": "百货", "short_name": "恒泽", "note": "我的备注"}
    other = member("director", full_name="沈砚清")
    account_change(
        account_pk=client_row.pk, actor=other, data={"industry": "超市", "city": "淮州", "short_name": "泽"}, version=1
    )
    response = browser.post(url, mine)
    page = response.content.decode()
    assert response.status_code == 409
    conflict = response.context["conflict"]
    assert conflict["who"] == "沈砚清"
    rows = [(row["name"], row["theirs"], row["yours"]) for row in conflict["rows"]]
    assert sorted(rows) == [("industry", "超市", "百货"), ("short_name", "泽", "恒泽")]
    assert "我的备注" in page
    assert "data-returned" in page
    client_row.refresh_from_db()
    assert (client_row.industry, client_row.note) == ("超市", "")

    form = response.context["form"]
    again = {name: form[name].value() for name in mine if name in form.fields} | {
        "parent": "",
        "customer_since": "",
        "choose_industry": "theirs",
        "choose_short_name": "yours",
    }
    assert browser.post(url, again).status_code == 302
    client_row.refresh_from_db()
    kept = (client_row.industry, client_row.short_name, client_row.city, client_row.note)
    assert kept == ("超市", "恒泽", "淮州", "我的备注")


def test_what_others_changed_elsewhere_stays_and_is_said(owner: Member, client_row: Account) -> None:
    browser, url = signed_in(owner), reverse("accounts:account_edit", args=[client_row.pk])
    mine = {**opened(browser, url), "note": "我的备注"}
    account_change(account_pk=client_row.pk, actor=member("director"), data={"city": "淮州"}, version=1)
    response = browser.post(url, mine, follow=True)
    assert "市" in "".join(str(message) for message in response.context["messages"])
    client_row.refresh_from_db()
    assert (client_row.city, client_row.note) == ("淮州", "我的备注")


def test_two_editors_of_a_person(owner: Member, client_row: Account) -> None:
    person = contact(account=client_row, post="经理", mobile="13905552741")
    browser, url = signed_in(owner), reverse("accounts:contact_edit", args=[client_row.pk, person.pk])
    mine = {**opened(browser, url), "mobile": "13905552742"}
    contact_change(contact_pk=person.pk, actor=owner, data={"mobile": "13905552743"}, version=1)
    response = browser.post(url, mine)
    row = response.context["conflict"]["rows"][0]
    assert (row["theirs"], row["yours"]) == ("139 0555 2743", "139 0555 2742")


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 30])
def test_a_form_without_a_readable_version_is_out_of_date(owner: Member, client_row: Account, version: str) -> None:
    browser, url = signed_in(owner), reverse("accounts:account_edit", args=[client_row.pk])
    response = browser.post(url, {**opened(browser, url), "industry": "百货", "version": version})
    assert response.status_code == 422
    assert "重新打开页面" in response.content.decode()
    client_row.refresh_from_db()
    assert client_row.industry == "家电"


def test_a_state_that_moved_meanwhile_is_said_and_the_form_stands_on_it(owner: Member, client_row: Account) -> None:
    browser, url = signed_in(owner), reverse("accounts:account_status", args=[client_row.pk])
    mine = {**opened(browser, url), "to": "ended", "reason": "不做了"}
    account_status_change(account_pk=client_row.pk, actor=owner, to="active", seen="prospect")
    response = browser.post(url, mine)
    assert response.status_code == 422
    assert response.context["form"]["seen"].value() == "active"
    assert "不做了" in response.content.decode()
    client_row.refresh_from_db()
    assert client_row.status == "active"


def test_ending_needs_a_reason(owner: Member, client_row: Account) -> None:
    response = send(signed_in(owner), reverse("accounts:account_status", args=[client_row.pk]), to="ended")
    assert said(response, "reason")


def test_only_managers_who_work_here_are_offered_and_taken(client_row: Account, owner: Member) -> None:
    gone, clerk = member("manager", is_active=False), member("clerk")
    browser, url = signed_in(member("director")), reverse("accounts:account_assign", args=[client_row.pk])
    for person in (gone.pk, clerk.pk, 987654321, "x", ""):
        assert said(send(browser, url, owner=person), "owner")
    assert said(send(browser, url, owner=owner.pk, deputy=owner.pk), "deputy")
    client_row.refresh_from_db()
    assert client_row.owner == owner


def test_who_lost_the_client_while_typing_loses_the_page(owner: Member, client_row: Account) -> None:
    browser, url = signed_in(owner), reverse("accounts:account_edit", args=[client_row.pk])
    mine = {**opened(browser, url), "industry": "百货"}
    account_assign(account_pk=client_row.pk, owner=member("manager"), deputy=None, actor=None)
    assert browser.post(url, mine).status_code == 404
    client_row.refresh_from_db()
    assert client_row.industry == "家电"


def test_a_share_to_look_at_does_not_let_change(client_row: Account) -> None:
    guest = member("manager")
    share(account=client_row, member=guest)
    person = contact(account=client_row)
    for name, *more in (("account_edit",), ("account_status",), ("contact_create",), ("contact_edit", person.pk)):
        response = signed_in(guest).get(reverse(f"accounts:{name}", args=[client_row.pk, *more]))
        assert response.status_code == 403, name


def test_a_share_is_ended_by_a_button(client_row: Account, owner: Member) -> None:
    guest = member("manager")
    share(account=client_row, member=guest)
    url = reverse("accounts:account_unshare", args=[client_row.pk])
    assert signed_in(guest).post(url, {"member": guest.pk}).status_code == 403
    assert signed_in(member("manager")).post(url, {"member": guest.pk}).status_code == 404
    assert signed_in(member("finance")).post(url, {"member": guest.pk}).status_code == 403
    for wrong in ("", "x", "987654321", "9" * 30):
        assert signed_in(owner).post(url, {"member": wrong}).status_code == 404
    shares = AccountGrant.objects.filter(source="share")
    assert shares.exists()
    page = signed_in(member("director")).get(reverse("accounts:account_assign", args=[client_row.pk]))
    assert guest.full_name in page.content.decode()
    assert signed_in(owner).get(url).status_code == 405
    assert signed_in(owner).post(url, {"member": guest.pk}).status_code == 302
    assert not shares.exists()
    response = signed_in(owner).post(url, {"member": guest.pk}, follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]


def picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(target, "PNG")
    return target.getvalue()


def office_with_macros() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("xl/workbook.xml", "<x/>")
        package.writestr("xl/vbaProject.bin", "x")
    return target.getvalue()


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("photo.png", SVG, "PDF"),
        ("photo.svg", SVG, "PDF"),
        ("big.pdf", b"%PDF-1.7" + b"0" * 40 * 1024 * 1024, "40 MB"),
        ("broken.png", b"\x89PNG\r\n\x1a\nnothing", "损坏"),
        ("macro.xlsx", office_with_macros(), "宏"),
        ("page.pdf", b"<html><script>alert(1)</script>", "PDF"),
        ("empty.pdf", b"", "空"),
        ("run.exe", b"MZ\x00\x01", "PDF"),
        ("长" * 400 + ".pdf", b"%PDF-1.7", "250"),
    ],
)
def test_wrong_files_are_refused_and_the_note_stays(
    client_row: Account, owner: Member, name: str, content: bytes, words: str
) -> None:
    url = reverse("accounts:attachment_add", args=[client_row.pk])
    response = send(signed_in(owner), url, file=SimpleUploadedFile(name, content), note="营业执照")
    assert words in said(response, "file")
    assert "营业执照" in response.content.decode()
    assert not Attachment.objects.for_system().exists()


def test_a_file_is_kept_once_and_removed(client_row: Account, owner: Member) -> None:
    browser, url = signed_in(owner), reverse("accounts:attachment_add", args=[client_row.pk])
    assert said(send(browser, url), "file")
    assert send(browser, url, file=SimpleUploadedFile("照片.PNG", picture()), note="门头").status_code == 302
    row = Attachment.objects.for_system().get()
    assert (row.content_type, row.note, row.uploaded_by) == ("image/png", "门头", owner)
    assert "照片" in said(send(browser, url, file=SimpleUploadedFile("二.png", picture())), "file")
    remove = reverse("accounts:attachment_remove", args=[client_row.pk, row.pk])
    assert signed_in(member("finance")).post(remove).status_code == 403
    assert signed_in(member("manager")).post(remove).status_code == 404
    assert browser.post(reverse("accounts:attachment_remove", args=[account().pk, row.pk])).status_code == 404
    assert browser.post(remove).status_code == 302
    row.refresh_from_db()
    assert row.removed_by == owner
    response = browser.post(remove, follow=True)
    assert [message.level_tag for message in response.context["messages"]][-1] == "error"


def test_a_part_is_changed_and_removed(client_row: Account, owner: Member) -> None:
    data = {"bank_name": "农业银行", "account_number": "5750040793379156"}
    row = part_create(model=BankAccount, account_pk=client_row.pk, actor=owner, data=data)
    browser, url = signed_in(owner), reverse("accounts:part_edit", args=[client_row.pk, "bankaccount", row.pk])
    assert said(send(browser, url, account_number="账号不详"), "account_number")
    assert said(send(browser, url, bank_name="行" * 10_000), "bank_name")
    assert send(browser, url, bank_name="工商银行", is_default="on").status_code == 302
    row.refresh_from_db()
    assert (row.bank_name, row.is_default) == ("工商银行", True)
    remove = reverse("accounts:part_remove", args=[client_row.pk, "bankaccount", row.pk])
    assert signed_in(member("finance")).post(remove).status_code == 403
    assert signed_in(member("legal")).post(remove).status_code == 404
    assert BankAccount.objects.for_system().exists()
    assert browser.post(remove).status_code == 302
    assert not BankAccount.objects.for_system().exists()
    for kind in ("contact", "dragon"):
        assert browser.get(reverse("accounts:part_create", args=[client_row.pk, kind])).status_code == 404
        assert browser.get(reverse("accounts:part_edit", args=[client_row.pk, kind, 1])).status_code == 404
        assert browser.post(reverse("accounts:part_remove", args=[client_row.pk, kind, 1])).status_code == 404


def test_two_editors_of_a_bank_account(client_row: Account, owner: Member) -> None:
    data = {"bank_name": "农业银行", "account_number": "5750040793379156"}
    row = part_create(model=BankAccount, account_pk=client_row.pk, actor=owner, data=data)
    browser, url = signed_in(owner), reverse("accounts:part_edit", args=[client_row.pk, "bankaccount", row.pk])
    mine = {**opened(browser, url), "bank_name": "工商银行"}
    changed = {"bank_name": "建设银行", "holder": "恒泽"}
    part_change(model=BankAccount, part_pk=row.pk, actor=member("clerk"), data=changed, version=int(mine["version"]))
    response = browser.post(url, mine)
    assert response.status_code == 409
    assert [(line["theirs"], line["yours"]) for line in response.context["conflict"]["rows"]] == [
        ("建设银行", "工商银行")
    ]
    again = {name: response.context["form"][name].value() or "" for name in mine if name != "is_default"}
    assert browser.post(url, {**again, "choose_bank_name": "yours"}).status_code == 302
    row.refresh_from_db()
    assert (row.bank_name, row.holder) == ("工商银行", "恒泽")


def test_a_person_who_left_comes_back(client_row: Account, owner: Member) -> None:
    person = contact(account=client_row)
    browser, url = signed_in(owner), reverse("accounts:contact_leave", args=[client_row.pk, person.pk])
    assert said(send(browser, url, left_on="2026-02-30"), "left_on")
    assert said(send(browser, url, left_on=""), "left_on")
    assert send(browser, url, left_on="2026-11-20").status_code == 302
    assert send(browser, url, stays="1").status_code == 302
    person.refresh_from_db()
    assert person.left_on is None


def test_suggestions_end_at_what_is_in_sight(client_row: Account, owner: Member) -> None:
    account(owner=member("manager"), name="恒泽集团别处")
    url = reverse("accounts:account_suggest")
    for typed in ("恒泽", "hengze", "hz", client_row.number, ""):
        found = signed_in(owner).get(url, {"q": typed}).json()["results"]
        assert [row["text"] for row in found] == ["恒泽连锁商业有限公司"], typed
    assert len(signed_in(member("clerk")).get(url, {"q": "恒泽"}).json()["results"]) == 2
    for role in ("executive", "legal", "partner"):
        assert signed_in(member(role)).get(url, {"q": "恒泽"}).json()["results"] == []
    for typed in ("%", "\x00", "！", "x" * 5000):
        assert signed_in(owner).get(url, {"q": typed}).json()["results"] == []


def test_the_same_token_with_other_words_is_another_form(owner: Member) -> None:
    browser, url = signed_in(owner), reverse("accounts:account_create")
    data = {**opened(browser, url), **NEW}
    assert browser.post(url, data).status_code == 302
    assert browser.post(url, {**data, "name": "第二家公司"}).status_code == 302
    response = browser.post(url, data, follow=True)
    assert [message.level_tag for message in response.context["messages"]][-1] == "info"
    assert Account.objects.for_system().count() == 2
