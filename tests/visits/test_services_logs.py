"""Filing, correcting, handling: what is kept, what is refused, who is told."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts.models import Account, Contact
from kam.core.exceptions import ChangedMeanwhile, DomainError, EditConflict, FieldErrors, NotAllowed
from kam.core.row_history import row_history
from kam.outbox.models import Notice
from kam.people.choices import Role
from tests import factories
from tests.support.files import picture
from tests.support.people import member
from visits.models import VisitLog, VisitPhoto, VisitRules
from visits.selectors import keys_of
from visits.services import (
    next_step_done,
    photo_add,
    photo_remove,
    visit_log_change,
    visit_log_file,
    visit_log_handle,
    visit_rules_change,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 16, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()


@pytest.fixture
def owner():
    return member(Role.MANAGER, full_name="陆以宁")


@pytest.fixture
def client_(owner):
    return factories.account(owner=owner, name="恒泽连锁商业")


@pytest.fixture
def person(client_):
    return factories.contact(account=client_, name="曹敏")


def file(account, actor, person=None, now=NOW, **more):
    data = {"on": now.date(), "contacts": {person.pk} if person else set(), "matters": "年货", **more}
    return visit_log_file(account_pk=account.pk, actor=actor, data=data, now=now)


def refused(**more):
    with pytest.raises(FieldErrors) as error:
        file(**more)
    return error.value.errors


def test_a_log_keeps_who_was_met_by_key_and_by_name(owner, client_, person):
    along = member(full_name="许知夏")
    log = file(client_, owner, person, companions={along.pk}, said=" 希望提前到货 ")
    assert (keys_of(log, "contacts"), keys_of(log, "companions")) == ({person.pk}, {along.pk})
    assert (log.people_named, log.companions_named, log.said) == ("曹敏", "许知夏", "希望提前到货")
    assert (log.visitor, log.is_late, log.status) == (owner, False, "filed")


def test_another_client_s_person_is_refused(owner, client_, person):
    stranger = factories.contact(account=factories.account(owner=owner))
    assert "contacts" in refused(account=client_, actor=owner, person=stranger)
    both = {person.pk, stranger.pk}
    assert "contacts" in refused(account=client_, actor=owner, contacts=both)
    assert not VisitLog.objects.for_system().exists()


def test_whoever_had_left_by_then_is_refused(owner, client_, person):
    Contact.objects.filter(pk=person.pk).update(left_on=TODAY)
    assert "contacts" in refused(account=client_, actor=owner, person=person)
    log = file(client_, owner, person, on=TODAY - timedelta(days=1))
    assert log.people_named == "曹敏"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"on": TODAY + timedelta(days=1)}, "on"),
        ({"on": None}, "on"),
        ({"matters": "  "}, "matters"),
        ({"matters": "长" * 1001}, "matters"),
        ({"begins": time(10), "ends": time(10)}, "ends"),
        ({"ends": time(10)}, "ends"),
        ({"next_on": TODAY + timedelta(days=3)}, "next_step"),
        ({"contacts": set()}, "contacts"),
        ({"companions": {987_654_321}}, "companions"),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field(owner, client_, person, wrong, field):
    assert field in refused(account=client_, actor=owner, **{"person": person, **wrong})


def test_the_visitor_is_no_companion_of_himself_and_who_left_comes_along_no_more(owner, client_, person):
    gone = member(is_active=False)
    for keys in ({owner.pk}, {gone.pk}):
        assert "companions" in refused(account=client_, actor=owner, person=person, companions=keys)


def test_somebody_outside_the_dossier_is_enough(owner, client_):
    assert file(client_, owner, others_met="值班经理").people_named == ""


def test_nobody_is_at_two_places_at_once(owner, client_, person):
    other = factories.account(owner=owner)
    file(client_, owner, person, begins=time(10), ends=time(11))
    there = factories.contact(account=other)
    assert "begins" in refused(account=other, actor=owner, person=there, begins=time(10, 30))
    assert file(other, owner, there, begins=time(11)).pk


def test_a_companion_is_not_at_two_places_at_once_either(owner, client_, person):
    colleague = member(full_name="许知夏")
    theirs = factories.account(owner=colleague)
    file(theirs, colleague, factories.contact(account=theirs), begins=time(10))
    errors = refused(account=client_, actor=owner, person=person, begins=time(10, 30), companions={colleague.pk})
    assert "许知夏" in str(errors["begins"])
    assert theirs.name not in str(errors["begins"])


def test_two_logs_of_one_visit_by_those_who_went_together_are_no_clash(owner, client_, person):
    colleague = member()
    factories.share(account=client_, member=colleague, permission="change")
    file(client_, owner, person, begins=time(10), companions={colleague.pk})
    assert file(client_, colleague, person, begins=time(10), companions={owner.pk}).pk
    assert not Notice.objects.for_system().filter(kind="visits.overlap").exists()


def test_late_is_decided_when_it_is_filed_by_the_rule_in_force(owner, client_, person):
    friday = datetime(2026, 11, 20, 16, 0, tzinfo=NOW.tzinfo).date()
    assert not file(client_, owner, person, on=friday).is_late
    assert file(client_, owner, person, on=friday, now=NOW + timedelta(days=1)).is_late
    rules = VisitRules.objects.for_system().get()
    visit_rules_change(rules_pk=rules.pk, actor=None, data={"late_after_days": 5}, version=rules.version)
    assert not file(client_, owner, person, on=friday, now=NOW + timedelta(days=1)).is_late


def test_an_overlap_is_told_to_both_once(owner, client_, person):
    colleague = member(full_name="周牧野")
    factories.share(account=client_, member=colleague, permission="change")
    file(client_, owner, person, on=TODAY - timedelta(days=7))
    log = file(client_, colleague, person)
    notices = Notice.objects.for_system().filter(kind="visits.overlap")
    assert {(row.recipient, row.account_id) for row in notices} == {(owner, client_.pk), (colleague, client_.pk)}
    assert any("周牧野" in row.text_zh for row in notices)
    visit_log_change(log_pk=log.pk, actor=colleague, data={"said": "再说"}, version=log.version, now=NOW)
    assert notices.count() == 2


def test_eight_days_apart_is_no_overlap(owner, client_, person):
    colleague = member()
    factories.share(account=client_, member=colleague, permission="change")
    file(client_, owner, person, on=TODAY - timedelta(days=8))
    file(client_, colleague, person)
    assert not Notice.objects.for_system().filter(kind="visits.overlap").exists()


def test_a_share_to_look_at_is_none_to_visit_under(client_, person):
    viewer, stranger = member(), member()
    factories.share(account=client_, member=viewer, permission="view")
    with pytest.raises(NotAllowed):
        file(client_, viewer, person)
    with pytest.raises(Account.DoesNotExist):
        file(client_, stranger, person)
    assert not VisitLog.objects.for_system().exists()


def test_a_correction_is_traced_people_included(owner, client_, person):
    other = factories.contact(account=client_, name="邵平")
    log = file(client_, owner, person)
    data = {"contacts": {other.pk}, "result": "已答应"}
    log, _edited = visit_log_change(log_pk=log.pk, actor=owner, data=data, version=log.version, now=NOW)
    assert keys_of(log, "contacts") == {other.pk}
    newest = row_history(log)[0]
    assert {(row.before, row.after) for row in newest.changes} == {("曹敏", "邵平"), ("", "已答应")}
    assert newest.who == "陆以宁"


def test_a_clash_about_people_is_told_beside_their_field(owner, client_, person):
    other, third = (factories.contact(account=client_) for _ in range(2))
    log = file(client_, owner, person)
    visit_log_change(log_pk=log.pk, actor=owner, data={"contacts": {other.pk}}, version=log.version, now=NOW)
    with pytest.raises(EditConflict) as clash:
        visit_log_change(log_pk=log.pk, actor=owner, data={"contacts": {third.pk}}, version=log.version, now=NOW)
    assert [row.field for row in clash.value.conflicts] == ["contacts"]
    assert keys_of(log, "contacts") == {other.pk}


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.CLERK])
def test_only_who_was_there_corrects(owner, client_, person, role):
    log = file(client_, owner, person)
    with pytest.raises(NotAllowed):
        visit_log_change(log_pk=log.pk, actor=member(role), data={"said": "x"}, version=1, now=NOW)
    with pytest.raises(NotAllowed):
        next_step_done(log_pk=log.pk, actor=member(role), on=TODAY)
    with pytest.raises(NotAllowed):
        photo_add(log_pk=log.pk, actor=member(role), uploads=[picture()])


def test_who_gave_the_client_away_corrects_nothing_more(owner, client_, person):
    log = file(client_, owner, person, next_step="寄样")
    from accounts.services import account_assign

    account_assign(account_pk=client_.pk, owner=member(), deputy=None, actor=None)
    with pytest.raises(Account.DoesNotExist):
        visit_log_change(log_pk=log.pk, actor=owner, data={"said": "x"}, version=1, now=NOW)
    with pytest.raises(VisitLog.DoesNotExist):
        next_step_done(log_pk=log.pk, actor=owner, on=TODAY)


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.CLERK])
def test_director_or_clerk_handle_and_the_visitor_is_told(owner, client_, person, role):
    log, by = file(client_, owner, person), member(role)
    handled = visit_log_handle(log_pk=log.pk, actor=by, handling="已转售后", comment="跟紧", now=NOW)
    assert (handled.status, handled.handled_by, handled.comment) == ("handled", by, "跟紧")
    assert Notice.objects.for_system().get(recipient=owner, kind="visits.handled").url == log.get_absolute_url()
    with pytest.raises(ChangedMeanwhile):
        visit_log_handle(log_pk=log.pk, actor=by, handling="又", comment="", now=NOW)
    with pytest.raises(ChangedMeanwhile):
        visit_log_change(log_pk=log.pk, actor=owner, data={"said": "改"}, version=log.version, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        photo_add(log_pk=log.pk, actor=owner, uploads=[picture()])


def test_handling_wants_words_and_another_person(owner, client_, person):
    log = file(client_, owner, person)
    with pytest.raises(NotAllowed):
        visit_log_handle(log_pk=log.pk, actor=owner, handling="好", comment="", now=NOW)
    with pytest.raises(FieldErrors) as error:
        visit_log_handle(log_pk=log.pk, actor=member(Role.CLERK), handling=" ", comment="长" * 1001, now=NOW)
    assert set(error.value.errors) == {"handling", "comment"}
    director = member(Role.DIRECTOR)
    own = file(client_, director, person, on=TODAY - timedelta(days=30))
    with pytest.raises(DomainError):
        visit_log_handle(log_pk=own.pk, actor=director, handling="好", comment="", now=NOW)


def test_a_next_step_is_done_once(owner, client_, person):
    log = file(client_, owner, person, next_step="寄样", next_on=TODAY + timedelta(days=2))
    next_step_done(log_pk=log.pk, actor=owner, on=TODAY)
    assert next_step_done(log_pk=log.pk, actor=owner, on=TODAY + timedelta(days=1)).next_done_on == TODAY
    without = file(client_, owner, person, on=TODAY - timedelta(days=30))
    with pytest.raises(DomainError):
        next_step_done(log_pk=without.pk, actor=owner, on=TODAY)


def test_photos_are_pictures_and_each_once(owner, client_, person):
    log = file(client_, owner, person)
    photo_add(log_pk=log.pk, actor=owner, uploads=[picture("门头"), picture("再来"), picture("红", (200, 0, 0))])
    photos = VisitPhoto.objects.for_system().filter(log=log)
    assert [photo.name for photo in photos] == ["门头.png", "红.png"]
    for wrong in (SimpleUploadedFile("a.pdf", b"%PDF-1.4 x"), SimpleUploadedFile("b.png", b"\x89PNG\r\nbroken")):
        with pytest.raises(DomainError) as error:
            photo_add(log_pk=log.pk, actor=owner, uploads=[wrong])
        assert error.value.field == "photos"
    many = [picture(str(n), (n, n, n)) for n in range(8)]
    with pytest.raises(DomainError):
        photo_add(log_pk=log.pk, actor=owner, uploads=many)
    photo_remove(photo_pk=photos[0].pk, actor=owner, at=NOW)
    with pytest.raises(ChangedMeanwhile):
        photo_remove(photo_pk=photos[0].pk, actor=owner, at=NOW)


def test_a_log_with_a_photo_that_is_none_is_not_filed(owner, client_, person):
    data = {"on": TODAY, "contacts": {person.pk}, "matters": "年货"}
    wrong = SimpleUploadedFile("b.txt", "只是文字".encode())
    with pytest.raises(DomainError):
        visit_log_file(account_pk=client_.pk, actor=owner, data=data, now=NOW, photos=[wrong])
    assert not VisitLog.objects.for_system().exists()


def test_the_database_wants_a_step_for_a_day(owner, client_, person):
    log = file(client_, owner, person)
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitLog.objects.filter(pk=log.pk).update(next_on=TODAY)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.DIRECTOR])
def test_only_the_director_sets_the_rules(role):
    rules = VisitRules.objects.for_system().get()
    with pytest.raises(NotAllowed):
        visit_rules_change(rules_pk=rules.pk, actor=member(role), data={"person_days": 3}, version=1)
    with pytest.raises(FieldErrors):
        visit_rules_change(rules_pk=rules.pk, actor=member(Role.DIRECTOR), data={"cadence_a_days": 0}, version=1)
    rules.refresh_from_db()
    assert (rules.person_days, rules.cadence_a_days) == (7, 14)
