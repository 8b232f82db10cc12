from decimal import Decimal

import pytest

from kam.approvals.models import Policy, PolicyStep
from kam.approvals.services import PolicyStepData, policies_ensure, policy_change
from kam.core.exceptions import ChangedMeanwhile, DomainError, NotAllowed
from kam.people.authority import own_limit
from kam.people.choices import Role
from tests.support.people import member
from tests.support.requests import NOW, asked_credit, client_of, decide, waiting_step

pytestmark = pytest.mark.django_db

DIRECTOR_ALONE = [PolicyStepData(1, "decision", Role.DIRECTOR)]


@pytest.fixture
def director(db):
    return member(Role.DIRECTOR)


def policy():
    return Policy.objects.get(kind="credit")


def steps():
    return list(PolicyStep.objects.filter(policy=policy()).values_list("position", "step_kind", "role", "above_amount"))


def change(actor, wanted, **fields):
    return policy_change(
        **{
            "policy_pk": policy().pk,
            "actor": actor,
            "seen_version": policy().version,
            "allows_bulk": False,
            "remind_after_days": 2,
            "steps": wanted,
            **fields,
        }
    )


def test_installations_start_with_the_department_s_policies():
    assert steps() == [(1, "decision", "director", None), (2, "decision", "executive", Decimal(300_000))]
    assert not policy().allows_bulk
    assert Policy.objects.get(kind="share").allows_bulk


def test_what_the_director_changed_stays(director):
    change(director, DIRECTOR_ALONE, remind_after_days=5)
    assert policies_ensure() == 0
    assert steps() == [(1, "decision", "director", None)]
    assert policy().remind_after_days == 5


def test_history_tells_who_changed_which_step(director):
    change(director, [PolicyStepData(1, "decision", Role.DIRECTOR), PolicyStepData(2, "decision", Role.EXECUTIVE)])
    row = PolicyStep.history.filter(position=2).first()
    assert (row.history_user, row.above_amount) == (director, None)
    change(director, DIRECTOR_ALONE)
    gone = PolicyStep.history.filter(position=2).first()
    assert (gone.history_type, gone.history_user) == ("-", director)
    assert policy().version == 3


def test_saving_what_is_there_changes_nothing(director):
    same, before = [PolicyStepData(*row) for row in steps()], PolicyStep.history.count()
    assert change(director, same).version == 1
    assert PolicyStep.history.count() == before


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [PolicyStepData(1, "opinion", Role.FINANCE)],
        [PolicyStepData(1, "decision", Role.DIRECTOR), PolicyStepData(1, "decision", Role.EXECUTIVE)],
        [PolicyStepData(1, "decision", Role.DIRECTOR, Decimal(5))],
        [PolicyStepData(1, "decision", Role.DIRECTOR), PolicyStepData(2, "decision", Role.EXECUTIVE, Decimal(-1))],
        [PolicyStepData(1, "decision", "emperor")],
        [PolicyStepData(1, "decision", Role.DIRECTOR), PolicyStepData(2, "opinion", Role.FINANCE)],
    ],
)
def test_steps_that_make_no_sense_are_refused_whole(director, wrong):
    before = steps()
    with pytest.raises(DomainError):
        change(director, wrong)
    assert steps() == before
    assert policy().version == 1


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.DIRECTOR])
def test_only_the_director_changes_who_decides(role):
    with pytest.raises(NotAllowed):
        change(member(role), DIRECTOR_ALONE)
    assert len(steps()) == 2


def test_a_stale_page_overwrites_nothing(director):
    change(director, DIRECTOR_ALONE)
    with pytest.raises(ChangedMeanwhile):
        change(director, DIRECTOR_ALONE, seen_version=1, remind_after_days=9)
    assert policy().remind_after_days == 2


def test_requests_under_way_keep_their_steps(director):
    member(Role.EXECUTIVE)
    manager = member(Role.MANAGER)
    request = asked_credit(manager, client_of(manager), 400_000)
    change(director, DIRECTOR_ALONE)
    assert decide(request, director).status == "pending"


def test_an_opinion_informs_and_does_not_decide(director):
    finance, manager = member(Role.FINANCE), member(Role.MANAGER)
    change(director, [PolicyStepData(1, "opinion", Role.FINANCE), PolicyStepData(2, "decision", Role.DIRECTOR)])
    request = asked_credit(manager, client_of(manager))
    with pytest.raises(DomainError):
        decide(request, finance, "approve")
    request = decide(request, finance, "object", comment="有逾期")
    assert request.status == "pending"
    assert waiting_step(request).role == "director"
    assert decide(request, director, now=NOW).status == "approved"


def test_an_opinion_that_nobody_can_give_is_passed_over(director):
    manager = member(Role.MANAGER)
    change(director, [PolicyStepData(1, "opinion", Role.LEGAL), PolicyStepData(2, "decision", Role.DIRECTOR)])
    assert waiting_step(asked_credit(manager, client_of(manager))).role == "director"


def test_the_limits_that_delegations_know_come_from_the_policy(director):
    assert own_limit("director", "credit").amount == Decimal(300_000)
    assert own_limit("director", "share").amount is None
    assert own_limit("executive", "credit").decides
    assert not own_limit("manager", "credit").decides
    change(director, [PolicyStepData(1, "decision", Role.EXECUTIVE)])
    assert not own_limit("director", "credit").decides
