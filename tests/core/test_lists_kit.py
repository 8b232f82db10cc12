"""Parts of the list kit: addresses, cells, columns that are worked out."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F
from django.test import RequestFactory

from kam.core import services
from kam.core.exceptions import DomainError, NotAllowed
from kam.core.lists import cells
from kam.core.lists.columns import Column
from kam.core.lists.export_log import ExportLogList
from kam.core.lists.state import ListState, canonical
from kam.core.models import SavedView
from kam.people.choices import Role
from kam.people.models import Member
from tests.support.people import member


def state(query: str) -> ListState:
    """The state of an address."""
    return ListState.of(RequestFactory().get(f"/x/?{query}"))


def test_an_address_changes_key_by_key() -> None:
    here = state("grade=A&grade=B&page=3&sort=-name&size=50")
    assert here.url(sort="name") == "/x/?grade=A&grade=B&size=50&sort=name"
    assert here.url(grade=None) == "/x/?sort=-name&size=50"
    assert here.url(page=4).endswith("page=4")
    assert state("").url() == "/x/"


def test_the_order_of_conditions_does_not_make_another_view() -> None:
    assert canonical("b=2&a=1&page=9&size=50&c=") == canonical("a=1&b=2") == "a=1&b=2"
    assert canonical("columns=b&columns=a") != canonical("columns=a&columns=b")


def test_cells_say_what_is_there() -> None:
    assert cells.money(Decimal("1234567.8"))["value"] == "1,234,567.80"
    assert cells.day(datetime(2026, 11, 22, 17, 0, tzinfo=UTC))["value"] == "2026-11-23"
    assert cells.day(date(2026, 1, 2))["value"] == "2026-01-02"
    assert cells.day(None)["value"] == cells.money(None)["value"] == ""
    assert cells.word(Role, "unknown") == "unknown"


@pytest.mark.django_db
def test_a_computed_column_is_read_sorted_and_exported(rf: RequestFactory) -> None:
    clerk = member(Role.CLERK)
    for rows in (5, 1, 3):
        services.export_record(page="x", title="x", query="", columns=[], file_format="csv", rows=rows, actor=clerk)

    class Doubled(ExportLogList):
        """The list with a column that the database works out."""

        columns = (
            *ExportLogList.columns,
            Column(
                "twice",
                "twice",
                lambda row: cells.number(row["twice"]),
                reads=("twice",),
                annotations={"twice": F("rows") * 2},
                sort=("twice", "pk"),
            ),
        )

    def twice(query: str) -> list[Any]:
        page = Doubled()
        request = rf.get(f"/x/?{query}")
        request.user = clerk
        page.setup(request)
        page.user = clerk
        return [row.get("twice") for row in page.page_rows()[0]]

    assert twice("sort=-twice") == [10, 6, 2]
    assert twice("sort=twice&page=-1") == [2, 6, 10]
    assert twice("columns=at&sort=twice") == [None, None, None]


@pytest.fixture
def user() -> Member:
    """Whoever keeps views."""
    return member()


@pytest.mark.django_db
def test_a_view_of_the_same_name_is_replaced(user: Member) -> None:
    services.view_save(page="x", name="甲", query="a=1", actor=user)
    services.view_save(page="x", name="甲", query="a=2&page=3", actor=user)
    services.view_save(page="x", name="甲", query="a=3", actor=member())
    assert [view.query for view in SavedView.objects.visible_to(user)] == ["a=2"]


@pytest.mark.django_db
def test_views_are_renamed_and_dropped_by_their_owner_alone(user: Member) -> None:
    view = services.view_save(page="x", name="甲", query="a=1", actor=user)
    services.view_save(page="x", name="乙", query="a=2", actor=user)
    stranger = member()
    with pytest.raises(NotAllowed):
        services.view_rename(view_pk=view.pk, name="丙", actor=stranger)
    with pytest.raises(NotAllowed):
        services.view_delete(view_pk=view.pk, actor=stranger)
    with pytest.raises(DomainError):
        services.view_rename(view_pk=view.pk, name="乙", actor=user)
    assert services.view_rename(view_pk=view.pk, name=" 丙 ", actor=user).name == "丙"
    services.view_delete(view_pk=view.pk, actor=user)
    assert SavedView.objects.visible_to(user).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "query"), [("", "a=1"), ("   ", "a=1"), ("甲" * 31, "a=1"), ("甲", "a=" + "x" * 1000)]
)
def test_views_that_cannot_be_kept_are_refused(user: Member, name: str, query: str) -> None:
    with pytest.raises(DomainError):
        services.view_save(page="x", name=name, query=query, actor=user)
    assert not SavedView.objects.visible_to(user).exists()


@pytest.mark.django_db
def test_a_member_keeps_so_many_views_of_a_list(user: Member) -> None:
    for number in range(services.VIEWS_PER_LIST):
        services.view_save(page="x", name=f"第{number}", query="", actor=user)
    with pytest.raises(DomainError):
        services.view_save(page="x", name="多了", query="", actor=user)
    services.view_save(page="y", name="另一个", query="", actor=user)
