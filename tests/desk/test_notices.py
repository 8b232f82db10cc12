"""What the member was told, and the bell."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kam.core.calendar import now
from kam.outbox.models import Notice
from kam.people.models import Member
from tests import factories
from tests.support.people import member

pytestmark = pytest.mark.django_db
URL = "/notices/"


def told(user: Member, text: str = "您有新客户", **fields: object) -> Notice:
    return Notice.objects.create(
        **{"recipient": user, "kind": "x", "text_zh": text, "text_en": "News", "url": "/clients/"} | fields
    )


@pytest.fixture
def user() -> Member:
    return member()


@pytest.fixture
def browser(client: Client, user: Member) -> Client:
    client.force_login(user)
    return client


def test_own_notices_are_listed_newest_first_and_nobody_elses(browser: Client, user: Member) -> None:
    told(user, "旧消息")
    told(user, "新消息")
    told(member(), "别人的")
    page = browser.get(URL).content.decode()
    assert page.index("新消息") < page.index("旧消息")
    assert "别人的" not in page
    assert "2 条未读" in page


def test_opening_marks_as_read_and_leads_on(browser: Client, user: Member) -> None:
    notice = told(user)
    response = browser.post(f"{URL}{notice.pk}/open/")
    assert (response.status_code, response["Location"]) == (302, "/clients/")
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert "您有新客户" not in browser.get(URL, {"unread": "1"}).content.decode()


def test_a_notice_never_leads_to_another_host(browser: Client, user: Member) -> None:
    notice = told(user, url="https://evil.example/")
    assert browser.post(f"{URL}{notice.pk}/open/")["Location"] == URL


def test_notices_of_others_do_not_exist(browser: Client) -> None:
    other = told(member())
    assert browser.post(f"{URL}{other.pk}/open/").status_code == 404
    assert browser.post(f"{URL}999999/open/").status_code == 404
    other.refresh_from_db()
    assert other.read_at is None


def test_all_are_marked_at_once_but_only_own_ones(browser: Client, user: Member) -> None:
    told(user)
    told(user)
    other = told(member())
    browser.post(f"{URL}read/")
    assert Notice.objects.filter(recipient=user, read_at__isnull=True).count() == 0
    other.refresh_from_db()
    assert other.read_at is None


def test_reading_takes_a_post(browser: Client, user: Member) -> None:
    notice = told(user)
    assert browser.get(f"{URL}{notice.pk}/open/").status_code == 405
    assert browser.get(f"{URL}read/").status_code == 405
    notice.refresh_from_db()
    assert notice.read_at is None


def test_a_notice_disappears_with_its_client(browser: Client, user: Member) -> None:
    told(user, "金丝雀有变动", account_id=factories.account(owner=member()).pk)
    assert "金丝雀" not in browser.get(URL).content.decode()


def test_pages_and_queries_do_not_grow_with_notices(browser: Client, user: Member) -> None:
    def queries(rows: int) -> int:
        for _number in range(rows):
            told(user, read_at=now())
        with CaptureQueriesContext(connection) as caught:
            browser.get(URL)
        return len(caught)

    queries(1)
    assert queries(2) == queries(20) <= 10
    told(user)
    queries(10)
    assert browser.get(URL, {"page": "2"}).context["page"].number == 2
    assert browser.get(URL, {"page": "nonsense"}).status_code == 200


def test_an_empty_page_says_what_will_come(browser: Client) -> None:
    assert "还没有消息" in browser.get(URL).content.decode()
