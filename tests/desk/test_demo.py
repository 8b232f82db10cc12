"""The demo department: every state of every thing, through the services, once."""

import pytest
from django.core.management import CommandError, call_command

from accounts.choices import AccountStatus
from accounts.models import Account, AccountGrant, Contact
from accounts.services import check_grants
from kam.approvals.choices import RequestStatus
from kam.approvals.models import Request
from kam.core.calendar import today
from kam.desk.demo.people import PASSWORD, PEOPLE
from kam.jobs.choices import RunState
from kam.jobs.models import JobRun, KnownJob
from kam.people.choices import Role
from kam.people.models import Delegation, Member
from visits.models import VisitLog, VisitPlan, VisitPlanLine

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_demo_shows_every_state_and_is_loaded_once(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_demo")
    assert {row.role for row in Member.objects.for_system()} == set(Role.values)
    assert {row.status for row in Account.objects.for_system()} == set(AccountStatus.values)
    assert {row.status for row in Request.objects.for_system()} == set(RequestStatus.values)
    assert {row.birthday_calendar for row in Contact.objects.for_system()} == {"solar", "lunar", ""}
    assert AccountGrant.objects.for_system().filter(source="share").exists()
    assert Delegation.objects.for_system().filter(revoked_at__isnull=False).exists()
    assert check_grants() == []
    past = set(JobRun.objects.for_system().values_list("state", flat=True))
    assert past == {RunState.DONE, RunState.FAILED, RunState.SKIPPED}
    assert KnownJob.objects.for_system().filter(paused_at__isnull=False).count() == 1
    logs = VisitLog.objects.for_system()
    assert {(log.status, log.is_late) for log in logs} >= {("filed", True), ("filed", False), ("handled", False)}
    assert {plan.status for plan in VisitPlan.objects.for_system()} == {"draft", "submitted", "returned"}
    lines = VisitPlanLine.objects.for_system()
    assert {line.status for line in lines} == {"draft", "submitted", "approved", "returned"}
    assert logs.filter(next_done_on__isnull=True, next_on__lt=today()).exists()
    call_command("load_demo", "--sign-ins")
    printed = capsys.readouterr().out
    assert all(f"{person.username} " in printed and person.full_name in printed for person in PEOPLE)
    assert Member.objects.for_system().get(username="shenyanqing").check_password(PASSWORD)
    members, clients = Member.objects.for_system().count(), Account.objects.for_system().count()
    call_command("load_demo", "--if-empty")
    with pytest.raises(CommandError):
        call_command("load_demo")
    assert (Member.objects.for_system().count(), Account.objects.for_system().count()) == (members, clients)
