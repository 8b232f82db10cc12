"""Sizes, the icon sprite, the summary of the suite, and migrations that know no words."""

import inspect
from pathlib import Path

import pytest
from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from kam.core.migrations_without_words import Autodetector
from tools.frontend import SOURCE_MAP, sprite
from tools.install import set_up
from tools.run import Supervisor, commands
from tools.sizes import FUNCTION_LINES, long_functions
from tools.test import Part, summarise


def test_long_functions_are_found() -> None:
    source = "def short():\n    pass\n\ndef long():\n" + "    work()\n" * FUNCTION_LINES
    assert [(line, name) for line, name, _length in long_functions(source)] == [(4, "long")]


def test_the_sprite_keeps_only_the_drawing() -> None:
    svg = '<svg stroke="x">\n <path stroke="none" d="M0 0h24v24H0z" fill="none"/>\n <path d="M1 1" />\n</svg>'
    symbol = '<symbol id="check" viewBox="0 0 24 24"><path d="M1 1" /></symbol>'
    assert sprite({"check": svg}) == f'<svg xmlns="http://www.w3.org/2000/svg">{symbol}</svg>\n'


@pytest.mark.parametrize("comment", ["//# sourceMappingURL=a.js.map", "/*# sourceMappingURL=a.css.map */"])
def test_source_maps_are_stripped(comment: str) -> None:
    assert SOURCE_MAP.sub("", f"code\n{comment}\n").strip() == "code"


def test_the_summary_counts_and_judges(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.test.ON_CI", False)
    good = Part("one", passed=3, skips={"no Chromium": 2})
    assert summarise([good]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "3 passed, 0 failed, 2 skipped"
    assert summarise([good, Part("two", failed=1)]) == 1
    assert summarise([good, Part("two", broken="pytest ended with code 4")]) == 1
    assert summarise([Part("none")]) == 1
    monkeypatch.setattr("tools.test.ON_CI", True)
    assert summarise([good]) == 1


def test_the_report_is_counted(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    cases = ["", "<failure/>", "<error/>", '<skipped message="why"/>']
    body = "".join(f'<testcase classname="a" name="t{n}">{inside}</testcase>' for n, inside in enumerate(cases))
    report.write_text(f"<testsuites><testsuite>{body}</testsuite></testsuites>")
    part = Part("one")
    part.read(report)
    assert (part.passed, part.failed, part.skipped) == (1, 2, 1)
    assert part.skips == {"why": 1}


def _state(**words: object) -> ProjectState:
    state = ProjectState()
    fields = [("id", models.BigAutoField(primary_key=True)), ("kind", models.CharField(max_length=9, **words))]
    state.add_model(ModelState("accounts", "Paper", fields, {"verbose_name": str(words.get("verbose_name", ""))}))
    return state


def test_words_make_no_migration_but_columns_do() -> None:
    old = _state(verbose_name="kind", choices=[("a", "A")], help_text="old")
    new = _state(verbose_name="sort", choices=[("a", "A"), ("b", "B")], help_text="new")
    assert Autodetector(old, new)._detect_changes() == {}
    wider = _state(verbose_name="kind", db_index=True)
    assert list(Autodetector(old, wider)._detect_changes()) == ["accounts"]


def test_a_running_product_has_four_processes_that_stop_together() -> None:
    assert set(commands("127.0.0.1", 8000)) == {"web", "fast", "long", "beat"}
    supervisor = Supervisor()
    supervisor.start("one", ["sleep", "60"])
    supervisor.start("two", ["sh", "-c", "exit 3"])
    assert supervisor.wait() == "two"
    supervisor.stop_all()
    assert all(process.poll() is not None for process in supervisor.processes.values())


def test_set_up_needs_nothing_installed() -> None:
    from tools import frontend, install, terminal

    for module in (frontend, install, terminal):
        imported = [line for line in inspect.getsource(module).splitlines() if line.startswith(("import ", "from "))]
        assert not [line for line in imported if "django" in line or "polib" in line]
    assert callable(set_up)
