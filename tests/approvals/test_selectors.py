from decimal import Decimal

import pytest

from kam.approvals.deciders import authority_of, current_step, deciders
from kam.approvals.models import Request
from kam.approvals.selectors import waiting_for
from kam.core.exceptions import NotAllowed
from kam.people.choices import Role
from kam.people.models import Member
from tests.support.people import member
from tests.support.requests import TODAY, asked_credit, asked_share, client_of, decide, delegated

pytestmark = pytest.mark.django_db


def may(request, who):
    step = current_step(request)
    if step is None:
        return False
    try:
        authority_of(request, step, who, TODAY)
    except NotAllowed:
        return False
    return True


@pytest.mark.parametrize("with_director", [True, False])
def test_the_inbox_the_deciders_and_the_single_judgement_agree_for_everybody(with_director):
    people = {role: member(role) for role in Role.values}
    colleague, delegate = member(Role.MANAGER), member(Role.CLERK)
    director, manager = people[Role.DIRECTOR], people[Role.MANAGER]
    delegated(director, colleague, ceiling_amount=Decimal(150_000))
    delegated(director, delegate, "share")
    delegated(people[Role.EXECUTIVE], manager)
    names = ["青禾物流", "恒泽连锁", "宏砚模具", "德润医药", "知微书店"]
    clients = [client_of(manager, f"{name}有限公司") for name in names]
    asked_credit(manager, clients[0], 100_000)
    asked_credit(manager, clients[1], 200_000)
    decide(asked_credit(manager, clients[2], 400_000), director)
    asked_credit(director, clients[3], 50_000)
    decide(asked_credit(manager, clients[4], 20_000), director)
    asked_share(manager, clients[0], colleague)
    asked_share(delegate, clients[1], colleague)
    if not with_director:
        director.is_active = False
        director.save()
    for who in Member.objects.all():
        if not who.is_active:
            continue
        waiting = set(waiting_for(who, on=TODAY).values_list("pk", flat=True))
        for request in Request.objects.filter(status="pending"):
            step = current_step(request)
            named = who.pk in {found.pk for found, _authority in deciders(request, step, TODAY)}
            assert (request.pk in waiting) == named == may(request, who), (who.role, request.number)
        assert (Request.objects.get(status="approved").pk in waiting) == (who.role == Role.FINANCE)


def test_whatever_waits_for_somebody_is_also_in_sight():
    people = {role: member(role) for role in Role.values}
    delegated(people[Role.DIRECTOR], people[Role.LEGAL], ceiling_amount=Decimal(250_000))
    manager = people[Role.MANAGER]
    for number, amount in enumerate((100_000, 250_000, 300_000, 500_000)):
        asked_credit(manager, client_of(manager, f"第{number}号客户"), amount)
    decide(Request.objects.get(amount=500_000), people[Role.DIRECTOR])
    for who in people.values():
        waiting = waiting_for(who, on=TODAY)
        assert set(waiting) <= set(Request.objects.visible_to(who))
        assert set(waiting) <= set(Request.objects.visible_to(who, "decide"))
