"""Clients and people are found as somebody types, each only by those who may see them."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, SearchTerm
from accounts.search import matching, search_keys
from accounts.services import account_change, contact_change
from kam.core.contributions import SearchHit, collect
from kam.people.choices import Role
from kam.people.models import Member
from tests import factories
from tests.support.people import member


def hits(user: Member, words: str, limit: int = 10) -> list[SearchHit]:
    """What the one search of the product answers."""
    return collect("search", user, words, limit)


def titles(user: Member, words: str) -> list[str]:
    """Names of what was found, best first."""
    return [str(hit.title) for hit in hits(user, words)]


@pytest.fixture
def clerk() -> Member:
    """Sees every client."""
    return member(Role.CLERK)


@pytest.fixture
def suning() -> Account:
    """A client with one person."""
    account = factories.account(
        name="江苏苏宁易购有限公司", short_name="苏宁", number="KA-7731", credit_code="91320000MA1PBQ4R6A"
    )
    factories.contact(account=account, name="曾小曼", post="采购部经理", mobile="13905181234", landline="025-86901234")
    return account


@pytest.mark.django_db
def test_a_client_is_found_by_any_part(clerk: Member, suning: Account) -> None:
    factories.account(name="海棠联盟百货", number="KA-1000")
    typed_words = (
        "苏宁|宁易|江苏苏宁易购有限公司|suning|SuNing|sn|SN|ｓｎ|jssn|yigou|"
        "7731|ka-7731|KA7731|　苏宁　|苏宁 易购|sn 7731|91320000MA|pbq4r6|苏宁%|苏宁_"
    )
    for typed in typed_words.split("|"):
        assert titles(clerk, typed) == ["江苏苏宁易购有限公司"]


@pytest.mark.django_db
def test_a_person_is_found_with_the_client(clerk: Member, suning: Account) -> None:
    for typed in ["曾小曼", "小曼", "zengxiaoman", "zxm", "13905181234", "1234", "8690", "曾 苏宁"]:
        found = [hit for hit in hits(clerk, typed) if hit.title == "曾小曼"]
        assert len(found) == 1
        assert "江苏苏宁易购有限公司" in str(found[0].sub)
        assert found[0].account_id == suning.pk
        assert found[0].url == suning.get_absolute_url()


@pytest.mark.django_db
def test_what_is_not_there_is_not_found(clerk: Member, suning: Account) -> None:
    typed_words = "|   |%|_|%%%|'|\\|！？|没有这家|zzqq|苏宁 海棠"
    for typed in typed_words.split("|"):
        assert titles(clerk, typed) == []
        assert not matching(Account.objects.visible_to(clerk), clerk, typed).exists()


@pytest.mark.django_db
def test_the_best_comes_first(clerk: Member) -> None:
    factories.account(name="江苏苏宁电器", number="KA-1001")
    factories.account(name="苏宁电器集团", number="KA-1002")
    factories.account(name="苏宁", number="KA-1003")
    factories.account(name="素娜", number="KA-1004")
    assert titles(clerk, "苏宁") == ["苏宁", "苏宁电器集团", "江苏苏宁电器"]
    assert titles(clerk, "sn")[0] in {"苏宁", "素娜"}


@pytest.mark.django_db
def test_many_hits_still_bring_the_beginning_of_the_name(clerk: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.search.CANDIDATES", 3)
    for number in range(5):
        factories.account(name=f"某{number}物流", number=f"KA-20{number}0")
    factories.account(name="物流中心", number="KA-3000")
    found = hits(clerk, "物流", limit=2)
    assert len(found) == 2
    assert found[0].title == "物流中心"


@pytest.mark.django_db
def test_a_manager_finds_the_own_and_the_shared_alone(suning: Account) -> None:
    manager = member()
    assert titles(manager, "苏宁") == titles(manager, "曾小曼") == titles(manager, "13905181234") == []
    factories.share(account=suning, member=manager)
    assert titles(manager, "苏宁") == ["江苏苏宁易购有限公司"]
    assert titles(manager, "zxm") == ["曾小曼"]


@pytest.mark.django_db
def test_an_ended_share_finds_nothing(suning: Account) -> None:
    manager = member()
    factories.expired_share(account=suning, member=manager)
    assert titles(manager, "苏宁") == titles(manager, "曾小曼") == []


@pytest.mark.django_db
def test_finance_finds_clients_but_never_by_their_people(suning: Account) -> None:
    finance = member(Role.FINANCE)
    assert titles(finance, "苏宁") == ["江苏苏宁易购有限公司"]
    for typed in ["曾小曼", "zxm", "13905181234", "苏宁 曾小曼", "苏宁 zxm", "7731 139"]:
        assert titles(finance, typed) == []
        assert not matching(Account.objects.visible_to(finance), finance, typed).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.LEGAL, Role.PARTNER])
def test_roles_without_clients_find_none(suning: Account, role: str) -> None:
    assert titles(member(role), "苏宁") == []


@pytest.mark.django_db
def test_the_list_finds_by_the_same_words(client: Client, clerk: Member, suning: Account) -> None:
    factories.account(name="海棠联盟百货")
    client.force_login(clerk)
    for typed in ("sn", "13905", "苏宁 zxm"):
        rows = client.get("/clients/", {"q": typed}).context["list"]["rows"]
        assert [row["pk"] for row in rows] == [suning.pk]


@pytest.mark.django_db
def test_the_index_follows_changes(clerk: Member, suning: Account) -> None:
    account_change(
        account_pk=suning.pk, actor=clerk, data={"name": "恒泽连锁商业", "short_name": ""}, version=suning.version
    )
    assert titles(clerk, "苏宁") == []
    assert titles(clerk, "hzls") == ["恒泽连锁商业"]
    person = suning.contacts.get()
    contact_change(contact_pk=person.pk, actor=clerk, data={"mobile": "13700000001"}, version=person.version)
    assert titles(clerk, "13905181234") == []
    assert titles(clerk, "13700000001") == ["曾小曼"]


@pytest.mark.django_db
def test_the_index_can_be_written_anew(clerk: Member, suning: Account) -> None:
    kept = set(SearchTerm.objects.for_system().values_list("account", "contact", "term"))
    SearchTerm.objects.for_system().all().delete()
    assert titles(clerk, "苏宁") == []
    call_command("rebuild_search")
    assert set(SearchTerm.objects.for_system().values_list("account", "contact", "term")) == kept


@pytest.mark.django_db
def test_queries_do_not_grow_with_what_is_found(clerk: Member) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            hits(clerk, "供热")
        return len(caught)

    factories.contact(account=factories.account(name="一号供热"), name="供热员")
    few = queries()
    for number in range(20):
        factories.contact(account=factories.account(name=f"第{number}供热"), name="供热员")
    assert queries() == few <= 6


def test_longer_words_are_looked_up_first() -> None:
    assert search_keys("王 苏宁易购 王 a b c") == ["苏宁易购", "王", "a"]
