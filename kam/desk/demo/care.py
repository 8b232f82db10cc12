"""Birthdays of the demo department, in every state that a care can have."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from accounts.care.models import BirthdayCare
from accounts.care.services import (
    care_greeted,
    care_leave_out,
    care_not_reached,
    care_prepare,
    care_verify,
    cares_open,
)
from accounts.models import Account, Contact
from accounts.rules.birthdays import lunar_day_of
from accounts.services import contact_change, contact_create, contact_leave
from kam.people.models import Member

LONGEST_AGO = timedelta(days=6)
Act = Callable[[BirthdayCare], object]

PEOPLE = (
    # client, person, gender, post, mobile, days from today, lunar, age, agreed to messages, address
    ("恒泽连锁商业", "钟若兰", "female", "商务部经理", "13805557731", -5, False, 41, "given", "解放路18号7楼"),
    ("恒泽连锁商业", "傅明轩", "male", "配送主管", "13905557732", -2, True, 0, "unasked", ""),
    ("恒泽连锁商业", "邱雨晴", "female", "总经理助理", "13705557733", -1, False, 36, "given", "解放路18号9楼"),
    ("恒泽连锁商业", "戴思远", "male", "门店拓展部经理", "13505557734", 0, False, 45, "given", "人民路210号"),
    ("海棠联盟百货", "康静怡", "female", "企划部经理", "13605557735", 0, True, 39, "refused", "中山路6号"),
    ("恒泽连锁商业", "史文彬", "male", "信息部经理", "", 2, True, 50, "unasked", "解放路18号3楼"),
    ("恒泽连锁商业", "黎书瑶", "female", "客服主管", "13005557737", 3, False, 0, "given", ""),
    ("海棠联盟百货", "龚建业", "male", "财务经理", "13105557738", 5, False, 52, "given", "中山路6号"),
    ("恒泽连锁商业", "万雅琴", "female", "督导", "13205557739", 6, False, 33, "unasked", "长江路99号"),
    ("恒泽连锁商业", "倪振华", "male", "采购专员", "13305557740", 8, False, 29, "given", "解放路18号"),
)


def load_care(clients: dict[str, Account], members: dict[str, Member], *, at: datetime, on: date) -> None:
    """Add people whose birthdays lie around today, open their cares, and do a part of the work."""
    clerk = members["heyun"]
    people: dict[str, Contact] = {}
    for client, name, gender, post, mobile, days, lunar, age, consent, address in PEOPLE:
        people[name] = contact_create(
            account_pk=clients[client].pk,
            actor=clerk,
            data={
                "name": name,
                "gender": gender,
                "post": post,
                "mobile": mobile,
                "consent": consent,
                "address": address,
                **_birthday(on + timedelta(days=days), lunar, age),
            },
        )
    since = on - LONGEST_AGO
    own = Contact.objects.for_system().filter(pk__in=[person.pk for person in people.values()])
    cares_open(first=since, last=on, on=since, actor=None, people=own)
    _work(people, at=at, on=on)


def _birthday(day: date, lunar: bool, age: int) -> dict[str, object]:
    month, number, _leap = lunar_day_of(day) if lunar else (day.month, min(day.day, 28), False)
    return {
        "birthday_calendar": "lunar" if lunar else "solar",
        "birthday_year": day.year - age if age and number < 30 else None,
        "birthday_month": month,
        "birthday_day": number,
    }


def _work(people: dict[str, Contact], *, at: datetime, on: date) -> None:
    """What has been done so far, by whoever looks after the client."""
    acts: dict[str, tuple[Act, ...]] = {
        "钟若兰": (_verified(at), _prepared(at, "鲜花已送到前台"), _greeted(at)),
        "邱雨晴": (_verified(at), _not_reached(at, on)),
        "戴思远": (_verified(at), _prepared(at, "鲜花 11:00 前送到")),
        "史文彬": (_verified(at),),
        "万雅琴": (lambda care: care_leave_out(care_pk=care.pk, actor=care.owner, note="本人说不过生日"),),
    }
    for name, steps in acts.items():
        for step in steps:
            care = BirthdayCare.objects.for_system().select_related("owner").filter(contact=people[name]).first()
            if care is not None:
                step(care)
    corrected = people["黎书瑶"]
    month, number, leap = lunar_day_of(on + timedelta(days=9))
    contact_change(
        contact_pk=corrected.pk,
        actor=None,
        data={
            "birthday_calendar": "lunar",
            "birthday_month": month,
            "birthday_day": number,
            "birthday_leap": leap,
            "birthday_year": None,
        },
        version=corrected.version,
    )
    contact_leave(contact_pk=people["倪振华"].pk, actor=None, left_on=on)


def _verified(at: datetime) -> Act:
    return lambda care: care_verify(care_pk=care.pk, actor=care.owner, at=at - timedelta(days=3))


def _prepared(at: datetime, note: str) -> Act:
    data = {"way": "call", "flowers": "ready", "card": "ready", "mms": "none", "gift_note": note}
    return lambda care: care_prepare(
        care_pk=care.pk, actor=care.owner, at=at - timedelta(days=1), data=data, version=care.version
    )


def _greeted(at: datetime) -> Act:
    return lambda care: care_greeted(
        care_pk=care.pk, actor=care.owner, at=at, reaction="pleased", said="谢谢鲜花，年前想约我们谈谈备货。"
    )


def _not_reached(at: datetime, on: date) -> Act:
    return lambda care: care_not_reached(care_pk=care.pk, actor=care.owner, at=at, again_on=on, said="在开会")
