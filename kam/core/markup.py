"""The small marks of every page as HTML: icon, status word, bar, grade, and the cells of a table.

A list draws two hundred cells; Django's template language takes 8 ms for them, these functions 1 ms. Whatever comes
from outside goes through `escape`; tones and kinds are compared with fixed tables. Only such text becomes `SafeString`.
"""

import html
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

TONES = frozenset({"ok", "warn", "bad", "info", "idle"})
BAR_TONES = TONES | {"accent", "soft"}
TONE_ICONS = {"ok": "check", "warn": "alert-triangle", "bad": "alert-circle", "info": "clock", "idle": "minus"}
EMPTY = '<span class="dim">—</span>'

Cell = Mapping[str, Any]
"""What a cell shows: kind, value, url, sub, tone, icon, percent; all but `value` may be missing."""


def escape(value: Any) -> str:
    """The words as text of a page; Django's own `escape`, which also takes lazy results, needs three times as long."""
    return html.escape(str(value))


@lru_cache(maxsize=1)
def _sprite() -> str:
    """Address of the icon sprite; fixed for the life of the process."""
    return static("vendor/icons.svg")


@lru_cache(maxsize=512)
def icon(name: str, extra: str = "") -> SafeString:
    """One symbol of the sprite, decorative: the word beside it carries the meaning. `extra` are more classes."""
    if not name:
        return SafeString("")
    classes = f"ico {extra}".strip()
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, _sprite(), name)


def status(tone: str, word: Any, icon_name: str = "", bare: bool = False) -> SafeString:
    """Colour, icon and word together. The icon follows the tone unless named."""
    return _status_mark(tone if tone in TONES else "idle", str(word), icon_name, bare)


@lru_cache(maxsize=1024)
def _status_mark(tone: str, word: str, icon_name: str, bare: bool) -> SafeString:
    mark = icon(icon_name or TONE_ICONS[tone])
    return SafeString(f'<span class="st st-{tone}{" bare" if bare else ""}">{mark}{escape(word)}</span>')


def decimal(value: Any) -> Decimal | None:
    """The value as a number, None when it is none."""
    if value is None or value == "":
        return None
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _percent(value: Any) -> str:
    number = min(Decimal(100), max(Decimal(0), decimal(value) or Decimal(0)))
    return f"{number.quantize(Decimal('0.1')).normalize():f}"


def bar(percent: Any, tone: str = "accent", label: Any = "", tick: Any = None, size: str = "") -> SafeString:
    """A filled bar of 0-100 %. `label` is read aloud; `tick` marks a second value; `size` "l" is the thick one."""
    width = _percent(percent)
    tone = tone if tone in BAR_TONES else "accent"
    mark = "" if tick is None or tick == "" else f'<rect class="tick" x="{_percent(tick)}%" width="2" height="100%"/>'
    return SafeString(
        f'<svg class="bar{" bar-l" if size == "l" else ""}" role="img" aria-label="{escape(label or f"{width}%")}">'
        f'<rect class="{tone}" width="{width}%" height="100%"/>{mark}</svg>'
    )


def grade(value: Any, large: bool = False) -> SafeString:
    """Client grade in its box: A filled, B outlined in ink, C in grey; nothing when there is none."""
    return _grade_mark(str(value), large) if value else SafeString("")


@lru_cache(maxsize=64)
def _grade_mark(letter: str, large: bool) -> SafeString:
    return format_html('<span class="grade {}{}">{}</span>', letter.lower()[:1], " gl" if large else "", letter)


def _tone_class(cell: Cell) -> str:
    tone = cell.get("tone")
    return f"t-{tone}" if tone in TONES else ""


def _inside(cell: Cell) -> str:
    """Icon, value (linked when it has an address) and the dimmed second part."""
    value = cell.get("value")
    if value is None or value == "":
        return EMPTY
    text = str(escape(value))
    if url := cell.get("url"):
        text = f'<a href="{escape(url)}">{text}</a>'
    if name := cell.get("icon"):
        text = f"{icon(name, f'ico-s {_tone_class(cell)}'.strip())} {text}"
    sub = cell.get("sub")
    return f'{text} <span class="dim">{escape(sub)}</span>' if sub else text


def _text(cell: Cell) -> str:
    tone = _tone_class(cell)
    return f'<td class="{tone}">{_inside(cell)}</td>' if tone else f"<td>{_inside(cell)}</td>"


def _unbroken(cell: Cell) -> str:
    return f'<td class="{f"nb {_tone_class(cell)}".strip()}">{_inside(cell)}</td>'


def _figure(cell: Cell) -> str:
    value = cell.get("value")
    tone = _tone_class(cell) or ("dim" if not value or value == "0.00" else "")
    return f'<td class="{f"num {tone}".strip()}">{_inside(cell)}</td>'


def _name(cell: Cell) -> str:
    sub = cell.get("sub")
    below = f'<span class="s">{escape(sub)}</span>' if sub else ""
    return f'<td><a class="nm" href="{escape(cell.get("url"))}" data-open>{escape(cell.get("value"))}</a>{below}</td>'


def _status(cell: Cell) -> str:
    value = cell.get("value")
    return f"<td>{status(cell.get('tone', ''), value, cell.get('icon', ''))}</td>" if value else f"<td>{EMPTY}</td>"


def _grade(cell: Cell) -> str:
    return f"<td>{grade(cell.get('value')) or EMPTY}</td>"


def _bar(cell: Cell) -> str:
    percent = cell.get("percent")
    filled = "" if percent is None else bar(percent, cell.get("tone", ""), cell.get("sub", ""))
    return f'<td class="w-bar"><span class="nb">{escape(cell.get("value") or "—")}</span>{filled}</td>'


KINDS: dict[str, Callable[[Cell], str]] = {
    "text": _text,
    "name": _name,
    "day": _unbroken,
    "money": _figure,
    "number": _figure,
    "status": _status,
    "grade": _grade,
    "bar": _bar,
}


def table_cells(cells: list[Cell]) -> SafeString:
    """The `<td>`s of one row. An unknown kind is drawn as unbroken text."""
    return SafeString("".join([KINDS.get(cell.get("kind", ""), _unbroken)(cell) for cell in cells]))


def table_row(row: Mapping[str, Any], select: str = "") -> SafeString:
    """One `<tr>` of a list, with a box to tick it when there is a word to read aloud for that."""
    box = ""
    if select:
        label = escape(f"{select} {row['card']['title']}")
        box = (
            f'<td class="sel-c"><input type="checkbox" name="pk" value="{int(row["pk"])}" form="bulk" '
            f'aria-label="{label}"></td>'
        )
    return SafeString(f"<tr data-row>{box}{table_cells(row['cells'])}</tr>\n")


def card(shown: Mapping[str, Any]) -> SafeString:
    """A row of a list on a phone: name with grade and status, one bar, and what is worth knowing."""
    title, url = escape(shown["title"]), shown.get("url")
    name = f'<a class="nm" href="{escape(url)}">{title}</a>' if url else f'<span class="nm">{title}</span>'
    state = shown.get("status")
    side = f'<span class="push">{status(state["tone"], state["value"], state.get("icon", ""))}</span>' if state else ""
    parts = [f'<div class="row-f nw">{grade(shown.get("grade"))}{name}{side}</div>']
    if sub := shown.get("sub"):
        parts.append(f'<div class="sub">{escape(sub)}</div>')
    if measure := shown.get("bar"):
        filled = bar(measure["percent"], measure.get("tone", ""), measure.get("sub", ""))
        aside = fact(shown["aside"]) if shown.get("aside") else ""
        figure = f'<div><span class="xs dim">{escape(measure["value"])}</span>{filled}</div>'
        parts.append(f'<div class="cc">{figure}{aside}</div>')
    parts += [fact(line) for line in shown.get("facts", ())]
    return SafeString(f"<li>{''.join(parts)}</li>\n")


def fact(cell: Cell) -> SafeString:
    """A line of a card: label, icon, value and what it is measured by, in the tone of its state."""
    label = cell.get("label")
    before = f'<span class="dim">{escape(label)}</span> ' if label else ""
    return SafeString(f'<div class="{f"small {_tone_class(cell)}".strip()}">{before}{_inside(cell)}</div>')
