import io
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from kam.people.choices import Role, UnitKind
from kam.people.models import Member
from tests.support.people import member, unit

pytestmark = pytest.mark.django_db


def add(*words, stdin=None, monkeypatch=None):
    out = io.StringIO()
    if stdin is not None:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
    call_command("add_member", *words, stdout=out)
    return out.getvalue()


def test_a_member_is_added_and_the_first_password_printed_once():
    home, director = unit("大客户部", kind=UnitKind.DEPARTMENT), member(Role.DIRECTOR, username="shenyanqing")
    said = add("HeYun", "--name", "何韵", "--role", "clerk", "--unit", "大客户部", "--superior", "shenyanqing")
    added = Member.objects.get(username="heyun")
    assert (added.full_name, added.role, added.unit, added.superior) == ("何韵", "clerk", home, director)
    assert added.must_change_password
    assert added.check_password(said.split()[-1])
    assert len(said.splitlines()) == 1


def test_a_password_from_standard_input_is_not_printed(monkeypatch):
    said = add(
        "heyun", "--name", "何韵", "--role", "clerk", "--password-stdin", stdin="Juzi-2026\n", monkeypatch=monkeypatch
    )
    assert "Juzi" not in said
    assert Member.objects.get(username="heyun").check_password("Juzi-2026")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["heyun", "--name", "何韵", "--role", "boss"], "director, clerk, manager"),
        (["heyun", "--name", "何韵", "--role", "clerk", "--unit", "财务部"], "Known units: 大客户部"),
        (["heyun", "--name", "何韵", "--role", "clerk", "--superior", "nobody"], "nobody"),
        (["he yun", "--name", "何韵", "--role", "clerk"], "USERNAME"),
        (["heyun", "--name", " ", "--role", "clerk"], "--name"),
        (["heyun", "--name", "何韵" * 30, "--role", "clerk"], "--name"),
        (["taken", "--name", "何韵", "--role", "clerk"], "USERNAME"),
        (["heyun", "--name", "何韵", "--role", "partner"], "--unit"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_and_nothing_is_written(words, told):
    unit("大客户部")
    member(username="taken")
    with pytest.raises(CommandError) as caught:
        add(*words)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    assert Member.objects.count() == 1


def test_an_empty_password_is_refused(monkeypatch):
    with pytest.raises(CommandError):
        add("heyun", "--name", "何韵", "--role", "clerk", "--password-stdin", stdin="", monkeypatch=monkeypatch)
    assert not Member.objects.exists()


def test_known_units_are_named_even_when_there_are_none():
    with pytest.raises(CommandError, match="none yet"):
        add("heyun", "--name", "何韵", "--role", "clerk", "--unit", "大客户部")


@pytest.mark.slow
def test_the_command_ends_with_code_1():
    done = subprocess.run(
        [sys.executable, "manage.py", "add_member", "x", "--name", "何韵", "--role", "boss"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
