"""Words put together as each language does it."""

from collections.abc import Iterable

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext


def _listed(parts: Iterable[object]) -> str:
    return pgettext("between list items", ", ").join(map(str, parts))


_listed_lazily = lazy(_listed, str)


def listed(parts: Iterable[object]) -> str:
    """The parts as one text: 甲、乙 in Chinese, "a, b" in English, in the language of whoever reads it."""
    return _listed_lazily(tuple(parts))


def days_away(days: int) -> str:
    """How far away a day is: today, in 3 days; negative: 3 days ago."""
    if days == 0:
        return _("today")
    if days < 0:
        return ngettext("%(n)s day ago", "%(n)s days ago", -days) % {"n": -days}
    return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}
