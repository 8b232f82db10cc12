"""The list of exports, and with it the list kit."""

import pytest
from django.test import Client

from kam.core import services
from kam.core.lists.export_log import ExportLogList
from kam.core.models import ExportLog
from kam.people.choices import Role
from kam.people.models import Member
from tests.support.lists import ListContract
from tests.support.people import member

URL = "/exports/"


def taken(actor: Member, title: str = "客户") -> ExportLog:
    """One export that was taken."""
    return services.export_record(
        page="accounts.account", title=title, query="", columns=["A"], file_format="csv", rows=3, actor=actor
    )


class TestExportLog(ListContract):
    """An account manager sees the own exports."""

    page_class = ExportLogList
    url = URL

    def make(self, user: Member, text: str) -> ExportLog:
        """An export of the member's own."""
        return taken(user, text)

    def make_foreign(self) -> ExportLog:
        """An export of somebody else."""
        return taken(member())


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "seen"), [(Role.DIRECTOR, 2), (Role.CLERK, 2), (Role.MANAGER, 0)])
def test_director_and_clerk_see_all_exports(client: Client, role: str, seen: int) -> None:
    taken(member())
    taken(member())
    client.force_login(member(role))
    assert len(client.get(URL).context["list"]["rows"]) == seen


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.FINANCE, Role.EXECUTIVE, Role.LEGAL, Role.PARTNER])
def test_other_roles_have_no_business_there(client: Client, role: str) -> None:
    client.force_login(member(role))
    assert client.get(URL).status_code == 403


@pytest.mark.django_db
def test_dates_between_which_exports_were_taken(client: Client) -> None:
    clerk = member(Role.CLERK)
    taken(clerk)
    client.force_login(clerk)
    assert len(client.get(URL + "?at_after=2020-01-01").context["list"]["rows"]) == 1
    listing = client.get(URL + "?at_after=2020-01-01&at_before=2020-02-01").context["list"]
    assert listing["rows"] == []
    assert listing["active_filters"][0]["value"] == "2020-01-01 – 2020-02-01"
    assert listing["active_filters"][0]["remove_url"] == URL


@pytest.mark.django_db
def test_a_wrong_condition_finds_nothing_and_says_so(client: Client) -> None:
    clerk = member(Role.CLERK)
    taken(clerk)
    client.force_login(clerk)
    listing = client.get(URL + "?at_after=yesterday").context["list"]
    assert listing["rows"] == []
    assert listing["filter_form"].errors
