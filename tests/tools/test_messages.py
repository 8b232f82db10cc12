"""The messages gate reads Python and templates without gettext's programs."""

from pathlib import Path

import polib
import pytest

from kam.core.management.commands.compile_locale import merge, sources
from tools.messages import _entry_problems, problems, python_messages, template_messages


def test_python_messages() -> None:
    source = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
a = _("one") + _("two " "parts")
b = ngettext("%(n)s client", "%(n)s clients", n)
c = pgettext("money", "limit")
d = other("not a message")
e = _(variable)
"""
    found = {(message.context, message.text) for message in python_messages(source, "a.py")}
    assert found == {("", "one"), ("", "two parts"), ("", "%(n)s client"), ("money", "limit")}


def test_template_messages() -> None:
    source = """
{% translate "It's open" %} {% translate 'shut' context "door" %} {{ value|default:_("none") }}
{% blocktranslate with name=client.name trimmed %}
  Ask {{ name }}
  again
{% endblocktranslate %}
{% blocktranslate count n=rows %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}
{# {% translate "never" %} #}
"""
    found = {(message.context, message.text) for message in template_messages(source, "a.html")}
    assert found == {
        ("", "It's open"),
        ("door", "shut"),
        ("", "none"),
        ("", "Ask %(name)s again"),
        ("", "%(n)s row"),
    }


@pytest.mark.parametrize(
    ("msgid", "msgstr", "flags", "word"),
    [
        ("Open", "", [], "without Chinese"),
        ("Open", "打开", ["fuzzy"], "fuzzy"),
        ("Ask %(name)s", "请问", [], "places differ"),
        ("Yes, no", "是,否", [], "half-width"),
        ("Limit (yuan)", "额度(元)", [], "half-width"),
    ],
)
def test_entries_that_are_wrong(msgid: str, msgstr: str, flags: list[str], word: str) -> None:
    entry = polib.POEntry(msgid=msgid, msgstr=msgstr, flags=flags)
    assert word in " ".join(_entry_problems(entry, "here"))


def test_an_entry_that_is_right() -> None:
    entry = polib.POEntry(msgid="Ask %(name)s (%(n)s)", msgstr="请问%(name)s（%(n)s）")
    assert list(_entry_problems(entry, "here")) == []


def _write(file: Path, **messages: str) -> Path:
    catalogue = polib.POFile()
    for msgid, msgstr in messages.items():
        catalogue.append(polib.POEntry(msgid=msgid, msgstr=msgstr))
    file.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(file))
    return file


def test_parts_become_one_catalogue(tmp_path: Path) -> None:
    _write(tmp_path / "parts" / "a.po", one="一", two="")
    _write(tmp_path / "parts" / "b.po", one="一", three="三")
    _write(tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po", four="四")
    merged = merge(sources(tmp_path))
    assert {entry.msgid: entry.msgstr for entry in merged} == {"one": "一", "three": "三", "four": "四"}


def test_of_two_translations_the_first_counts_and_the_gate_names_both(tmp_path: Path, monkeypatch) -> None:
    first = _write(tmp_path / "parts" / "a.po", one="一")
    second = _write(tmp_path / "parts" / "b.po", one="壹")
    assert [entry.msgstr for entry in merge(sources(tmp_path))] == ["一"]
    monkeypatch.setattr("tools.messages.ROOT", tmp_path)
    assert any("says otherwise" in line for line in problems([first, second]))
