"""Tags and filters of every page: icons, status words, bars, money, dates, links that keep the list's state.

A builtin library: no `{% load %}` is needed. Everything that makes markup goes through `format_html`.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from django import forms, template
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.boundfield import BoundField
from django.forms.models import ModelChoiceIterator
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from kam.core import calendar, markup
from kam.core.contributions import TimelineEvent

register = template.Library()

EVENT_TONES = frozenset({"ok", "bad", "acc"})
DASHES = BLANK_CHOICE_DASH[0][1]
TEN_THOUSAND = Decimal(10_000)
HUNDRED_MILLION = Decimal(100_000_000)


@register.simple_tag
def icon(name: str, size: str = "", tone: str = "") -> SafeString:
    """One symbol of the sprite. `size`: "s" small, "l" large; `tone`: ok, warn, bad."""
    if not name:
        return SafeString()
    return markup.icon(str(name), " ".join(part for part in (size and f"ico-{size}", tone and f"t-{tone}") if part))


@register.simple_tag
def status(tone: str, word: Any, icon: str = "", bare: bool = False) -> SafeString:
    """Colour, icon and word together. `tone`: ok, warn, bad, info, idle; the icon follows the tone unless named."""
    return markup.status(tone, word, icon, bare)


register.simple_tag(markup.bar)
register.simple_tag(markup.grade)


@register.simple_tag
@cache
def drawn_once(template_name: str) -> SafeString:
    """A partial without context, such as the list of style sheets: the same on every page of the process."""
    return render_to_string(template_name)


@register.simple_tag
def table_rows(rows: list[dict[str, Any]], select: str = "") -> SafeString:
    """The `<tr>`s of a list; `select` is the word read aloud at the box that ticks a row, empty for no boxes."""
    return SafeString("".join([markup.table_row(row, select) for row in rows]))


@register.simple_tag
def cards(rows: list[dict[str, Any]]) -> SafeString:
    """The same rows as cards for a phone."""
    return SafeString("".join([markup.card(row["card"]) for row in rows]))


@register.simple_tag
def timeline(events: list[TimelineEvent]) -> SafeString:
    """What happened to one client; drawn here, like the rows of lists, because a page shows a dozen."""
    return _entries(
        (event, (event.kind, event.who), _linked(event.text, event.url) if event.text else "") for event in events
    )


@register.simple_tag
def last_changes(events: list[TimelineEvent]) -> SafeString:
    """What happened to many clients: each entry names its client first."""
    return _entries(
        (
            event,
            (event.who,),
            f'{_linked(event.text, event.url)}{DOT}<span class="dim">{markup.escape(event.kind)}</span>',
        )
        for event in events
    )


DOT = '<span class="dot">·</span>'


def _entries(parts: Iterable[tuple[TimelineEvent, tuple[Any, ...], str]]) -> SafeString:
    """Entries of a timeline: event, the words beside its time, and its text, which is markup already."""
    drawn = []
    for event, beside, text in parts:
        said = [f'<span class="nb">{markup.escape(word)}</span>' for word in beside if word]
        if event.on_behalf_of:
            said.append(markup.escape(gettext("on behalf of %(name)s") % {"name": event.on_behalf_of}))
        head = DOT.join([f'<span class="nb">{stamp(event.at)}</span>', *said])
        tone = f' class="{event.tone}"' if event.tone in EVENT_TONES else ""
        body = f"<p>{text}</p>" if text else ""
        quote = f'<p class="quote nl">{markup.escape(event.quote)}</p>' if event.quote else ""
        drawn.append(f'<li{tone}><span class="w">{head}</span>{body}{quote}</li>')
    return SafeString(f'<ul class="tl">{"".join(drawn)}</ul>')


def _linked(text: Any, url: str) -> str:
    return f'<a href="{markup.escape(url)}">{markup.escape(text)}</a>' if url else markup.escape(text)


@register.filter
def money(value: Any) -> str:
    """CNY with thousands separators and two decimals: 1,234,567.89. Empty stays empty."""
    number = markup.decimal(value)
    if number is None:
        return ""
    return f"{number.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


@register.filter
def wan(value: Any, unit: str = "unit") -> str:
    """Money where space is tight: 28 万, 1.57 亿 on a Chinese page, 280,000 on an English one.

    `|wan:"bare"` leaves the unit out when it is named once beside the figures.
    """
    number = markup.decimal(value)
    if number is None:
        return ""
    if not (get_language() or "").startswith("zh") or (abs(number) < TEN_THOUSAND and unit != "bare"):
        whole = number.quantize(Decimal(1), ROUND_HALF_UP)
        return f"{whole:,}"
    if abs(number) >= HUNDRED_MILLION and unit != "bare":
        return f"{_short(number / HUNDRED_MILLION, '0.01')} 亿"
    figure = _short(number / TEN_THOUSAND, "0.1")
    return figure if unit == "bare" else f"{figure} 万"


def _short(number: Decimal, places: str) -> str:
    text = f"{number.quantize(Decimal(places), ROUND_HALF_UP):,}"
    return text.rstrip("0").rstrip(".")


@register.filter
def day(value: Any) -> str:
    """A date, or the local day of a moment, as 2026-11-23."""
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    return date_format(value, "Y-m-d") if isinstance(value, date) else ""


@register.filter
def stamp(value: Any) -> str:
    """A moment in a timeline: today with the hour, 11-20 16:05 within the year, else the whole date."""
    if not isinstance(value, datetime):
        return short_day(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    if local.date() == calendar.today():
        return gettext("Today %(time)s") % {"time": local.strftime("%H:%M")}
    return f"{short_day(local)} {local:%H:%M}"


@register.filter
def short_day(value: Any) -> str:
    """A date as 11-20 within the year, else 2025-11-20."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    if not isinstance(value, date):
        return ""
    return value.strftime("%m-%d") if value.year == calendar.today().year else value.strftime("%Y-%m-%d")


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The present query string with changes: `{% query page=2 %}`; None or "" takes a key out. Starts with "?"."""
    request = context.get("request")
    params = request.GET.copy() if request else None
    if params is None:
        return "?"
    for key, value in changes.items():
        if value in (None, ""):
            params.pop(key, None)
        else:
            params[key] = value
    return f"?{params.urlencode()}"


@register.simple_tag
def widget(field: BoundField, **attrs: Any) -> SafeString:
    """The field's control with the classes of its kind; Django adds aria-invalid and aria-describedby itself."""
    control = field.field.widget
    _name_the_blank(control, required=field.field.required)
    known = control.attrs.get("class", "")
    own = _control_class(control)
    classes = known if not own or own in known.split() else f"{known} {own}".strip()
    extra = {key.replace("_", "-"): value for key, value in attrs.items() if value not in (None, "")}
    return field.as_widget(attrs={**({"class": classes} if classes else {}), **extra})


def _name_the_blank(control: forms.Widget, *, required: bool) -> None:
    """Say what the choice that nobody made means, where Django draws a row of dashes."""
    if not isinstance(control, forms.Select) or control.allow_multiple_selected:
        return
    word = gettext("Please choose") if required else "—"
    choices = control.choices
    if isinstance(choices, ModelChoiceIterator):
        if choices.field.empty_label == DASHES:
            choices.field.empty_label = word
    elif any(label == DASHES for _value, label in choices):
        control.choices = [(value, word if label == DASHES else label) for value, label in choices]


def _control_class(control: forms.Widget) -> str:
    if isinstance(control, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "form-check-input"
    if isinstance(control, forms.Select | forms.SelectMultiple):
        return "form-select"
    return "" if control.is_hidden else "form-control"


@register.filter
def control_kind(field: BoundField) -> str:
    """How a field is laid out: "check" (box before its label), "group" (choices in a fieldset), "range", "plain"."""
    control = field.field.widget
    if isinstance(control, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    if isinstance(control, forms.MultiWidget):
        return "range"
    return "check" if isinstance(control, forms.CheckboxInput) else "plain"


@register.filter
def field_width(field: BoundField) -> int:
    """Columns of six a field takes: 2 unless the form says 1, 3 or 6; text areas take the whole row."""
    width = getattr(field.field, "width", None)
    if width in (1, 2, 3, 6):
        return int(width)
    return 6 if isinstance(field.field.widget, forms.Textarea) else 2
