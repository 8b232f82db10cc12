"""Words put together as each language does it."""

from collections.abc import Iterable

from django.utils.functional import lazy
from django.utils.translation import pgettext


def _listed(parts: Iterable[object]) -> str:
    return pgettext("between list items", ", ").join(map(str, parts))


_listed_lazily = lazy(_listed, str)


def listed(parts: Iterable[object]) -> str:
    """The parts as one text: 甲、乙 in Chinese, "a, b" in English, in the language of whoever reads it."""
    return _listed_lazily(tuple(parts))
