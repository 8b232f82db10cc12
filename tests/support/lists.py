"""What every list page has to keep: subclass `ListContract`, say which list, and how to make a row of it."""

import csv
import io
from typing import Any, ClassVar
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from kam.core.lists import paging
from kam.core.lists.page import ListPage
from kam.core.models import ExportLog, SavedView
from kam.people.choices import Role
from kam.people.models import Member
from tests.support.people import member

QUERIES = 15
"""The most queries a list page may take, however many rows it shows."""

NASTY = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1")
"""Words that a spreadsheet would run."""


@pytest.mark.django_db
class ListContract:
    """Paging, order, views, scope: alike for every list.

    A subclass says `page_class`, `url`, and makes rows: `make(user, text)` gives one row that `user` sees, with `text`
    in the column `text_heading` where the model allows free text; `make_foreign()` one that nobody of the role sees
    (None where the role sees all).
    """

    page_class: ClassVar[type[ListPage]]
    url: ClassVar[str]
    role: ClassVar[str] = Role.MANAGER
    text_heading: ClassVar[str] = ""

    def make(self, user: Member, text: str) -> Any:
        """One more row that `user` sees."""
        raise NotImplementedError

    def make_foreign(self) -> Any:
        """A row that the role of `user` must not see."""
        return None

    # What the tests stand on

    @pytest.fixture
    def user(self) -> Member:
        """Who looks."""
        return member(self.role)

    @pytest.fixture
    def browser(self, user: Member, client: Client) -> Client:
        """The member's signed-in client, in English."""
        client.force_login(user)
        client.cookies["kam_language"] = "en"
        return client

    def listed(self, browser: Client, query: str = "") -> dict[str, Any]:
        """The context `list` of the page."""
        response = browser.get(self.url + query)
        assert response.status_code == 200
        return response.context["list"]

    def keys(self, browser: Client, query: str = "") -> list[int]:
        """Primary keys of the rows shown, in order."""
        return [row["pk"] for row in self.listed(browser, query)["rows"]]

    def test_an_empty_list_says_what_to_do(self, browser: Client) -> None:
        listing = self.listed(browser)
        assert listing["rows"] == []
        assert str(listing["empty"]["title"])

    def test_queries_do_not_grow_with_rows(self, browser: Client, user: Member) -> None:
        def queries(rows: int) -> int:
            for number in range(rows):
                self.make(user, f"x{number}")
            with CaptureQueriesContext(connection) as caught:
                browser.get(self.url + "?size=100&" + "&".join(f"columns={c.key}" for c in self.page_class.columns))
            return len(caught)

        queries(1)
        few, many = queries(2), queries(27)
        assert few == many <= QUERIES

    def test_every_sortable_column_sorts_both_ways_and_others_are_ignored(self, browser: Client, user: Member) -> None:
        made = {self.make(user, f"s{number}").pk for number in range(3)}
        for column in self.page_class.columns:
            for sign in ("", "-"):
                listing = self.listed(browser, f"?sort={sign}{column.key}")
                assert {row["pk"] for row in listing["rows"]} == made
        assert self.keys(browser, "?sort=password") == self.keys(browser, "?sort=-__class__") == self.keys(browser)

    def test_opposite_orders_are_opposite(self, browser: Client, user: Member) -> None:
        for number in range(3):
            self.make(user, f"o{number}")
        for column in self.page_class.columns:
            if column.sort:
                up, down = self.keys(browser, f"?sort={column.key}"), self.keys(browser, f"?sort=-{column.key}")
                assert up == down[::-1]

    def test_pages_hold_every_row_once_from_either_end(self, browser: Client, user: Member) -> None:
        made = {self.make(user, f"p{number}").pk for number in range(7)}
        with patch.object(self.page_class, "size", 3):
            front = [self.keys(browser, f"?page={number}") for number in (1, 2, 3)]
            exact_back = [self.keys(browser, f"?page={number}") for number in (-3, -2, -1)]
            with patch.object(paging, "COUNT_LIMIT", 4):
                many = [self.keys(browser, f"?page={number}") for number in (1, 2, 3)]
                back = [self.keys(browser, f"?page={number}") for number in (-3, -2, -1)]
                assert self.listed(browser)["page"]["last_url"].endswith("page=-1")
                assert not self.listed(browser, "?page=-1")["page"]["has_next"]
        assert [len(page) for page in front] == [3, 3, 1]
        assert front == many == exact_back
        assert [len(page) for page in back] == [1, 3, 3]
        assert {key for page in front for key in page} == made
        assert [key for page in back for key in page] == [key for page in front for key in page]

    @pytest.mark.parametrize(
        "query", ["page=0", "page=x", "page=999", "page=-999", "size=7", "columns=nothing", "view=1"]
    )
    def test_nonsense_in_the_address_is_answered(self, browser: Client, user: Member, query: str) -> None:
        row = self.make(user, "n")
        assert self.keys(browser, f"?{query}") == [row.pk]

    def test_blanks_of_a_form_do_not_stay_in_the_address(self, browser: Client) -> None:
        response = browser.get(f"{self.url}?q=&size=50&nothing=")
        assert (response.status_code, response["Location"]) == (302, f"{self.url}?size=50")

    def test_rows_out_of_reach_are_in_no_row_count_or_file(self, browser: Client, user: Member) -> None:
        mine = self.make(user, "mine")
        if self.make_foreign() is None:
            return
        listing = self.listed(browser)
        assert [row["pk"] for row in listing["rows"]] == [mine.pk]
        assert listing["subtitle"].startswith("1 ")

    def test_htmx_gets_the_listing_alone(self, browser: Client, user: Member) -> None:
        self.make(user, "h")
        fragment = browser.get(self.url, headers={"HX-Request": "true", "HX-Target": "listing"}).content.decode()
        assert fragment.count('id="listing"') == 1
        assert "<html" not in fragment
        assert "<html" in browser.get(self.url).content.decode()

    def test_a_saved_view_brings_the_state_back(self, browser: Client, user: Member) -> None:
        sortable = next(column.key for column in self.page_class.columns if column.sort)
        browser.post(f"{self.url}?sort=-{sortable}&page=2", {"act": "save_view", "name": " 我的  视图 "})
        view = SavedView.objects.for_system().get(member=user, page=self.page_class.key)
        assert (view.name, view.query) == ("我的 视图", f"sort=-{sortable}")
        current = [each for each in self.listed(browser, f"?{view.query}")["views"] if each["current"]]
        assert [each["name"] for each in current] == ["我的 视图"]

    def test_strangers_are_sent_to_sign_in(self, client: Client) -> None:
        assert client.get(self.url).status_code == 302


class ExportContract(ListContract):
    """The same, and the files: what is shown, nothing else, defused and written down."""

    def sheet(self, browser: Client, query: str = "") -> list[list[str]]:
        """The csv of the list, heading first."""
        response = browser.get(f"{self.url}?export=csv{query}")
        assert response.status_code == 200
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text, newline="")))

    # What is kept

    def test_the_file_holds_what_is_shown(self, browser: Client, user: Member) -> None:
        for number in range(3):
            self.make(user, f"f{number}")
        column = next(column for column in reversed(self.page_class.columns) if not column.needs)
        heading, *lines = self.sheet(browser, f"&columns={column.key}")
        shown = [c for c in self.page_class.columns if c.fixed or c is column]
        assert heading == [str(label) for c in shown for label in c.sheet_columns()]
        assert len(lines) == 3
        workbook = load_workbook(io.BytesIO(self.xlsx(browser, f"&columns={column.key}")), read_only=True)
        assert [str(cell.value) for cell in next(iter(workbook.active.rows))] == heading
        assert workbook.active.max_row in (None, 4)

    def xlsx(self, browser: Client, query: str = "") -> bytes:
        """The bytes of the list's workbook."""
        response = browser.get(f"{self.url}?export=xlsx{query}")
        assert response.status_code == 200
        return b"".join(response.streaming_content)

    def test_words_are_not_run_as_formulas(self, browser: Client, user: Member) -> None:
        if not self.text_heading:
            return
        for text in NASTY:
            self.make(user, text)
        heading, *lines = self.sheet(browser)
        place = heading.index(self.text_heading)
        assert all(line[place].startswith("'") or line[place][0] not in "=+-@\t" for line in lines)
        book = load_workbook(io.BytesIO(self.xlsx(browser)))
        assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)

    def test_every_export_is_written_down(self, browser: Client, user: Member) -> None:
        self.make(user, "w")
        before = ExportLog.objects.for_system().count()
        self.sheet(browser)
        entry = ExportLog.objects.for_system().latest("pk")
        assert ExportLog.objects.for_system().count() == before + 1
        assert (entry.actor, entry.page, entry.file_format) == (user, self.page_class.key, "csv")
        assert entry.rows >= 1

    def test_ticked_rows_are_exported_alone_and_only_in_reach(self, browser: Client, user: Member) -> None:
        first, _second = self.make(user, "a"), self.make(user, "b")
        foreign = self.make_foreign()
        ticked = f"&pk={first.pk}" + (f"&pk={foreign.pk}" if foreign else "")
        assert len(self.sheet(browser, ticked)) == 2

    def test_rows_out_of_reach_are_in_no_file(self, browser: Client, user: Member) -> None:
        self.make(user, "mine")
        if self.make_foreign() is None:
            return
        assert len(self.sheet(browser)) == 2

    def test_an_unknown_format_is_refused(self, browser: Client) -> None:
        assert browser.get(f"{self.url}?export=exe").status_code == 400
