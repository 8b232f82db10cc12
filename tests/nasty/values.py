"""Values that have broken other products, and the keys under which pages read any."""

import re

VALUES = (
    "\x00",
    "甲\x00乙",
    "9" * 20,
    "-1",
    "0",
    "1e999",
    "NaN",
    "Infinity",
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "31/02/2026",
    "农历十三月初一",
    "长" * 10_000,
    "👩‍👩‍👧‍👦" * 60,
    "<script>alert(1)</script>",
    "\u202e%s%(x)d{0}{x}\\",
    "' OR 1=1 --",
    "²③५",
    "\ufffe\uffff",
)
"""What is put into the keys of an address or a form."""
ROUNDS = 4


def filled(names: list[str], number: int) -> dict[str, str]:
    """Every key with a value: the same for all in the first rounds, then a mixture that is another one each round."""
    if number < 2:
        return dict.fromkeys(names, VALUES[2 * number])
    return {name: VALUES[(place + 7 * number) % len(VALUES)] for place, name in enumerate(names)}


QUERIES = (
    "%ff%fe=%ff&page=abc&size=%00&sort=%00&&&===&%=%zz",
    "page=99999999999999999999&page=-99999999999999999999&sort=--&columns=%00&columns=",
    "page=1.5&pk=%C2%B2&export=%00&panel=%00",
)
"""Whole query strings that are no query strings."""

KEYS = (
    *(
        "page",
        "size",
        "sort",
        "columns",
        "q",
        "export",
        "view",
        "panel",
        "kind",
        "show",
        "row",
        "request",
        "pk",
        "next",
    ),
    *("all", "act", "name", "step", "revision", "decision", "comment", "file", "member", "owner", "deputy", "reason"),
    *("next", "until", "version", "at", "on", "day", "status"),
)
"""Keys that some page reads from its address or from a form; each page's own fields come on top."""

_NAMED = re.compile(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"')


def names_in(html: str) -> list[str]:
    """Names of all fields of a page, the token against forgery left out."""
    return [name for name in dict.fromkeys(_NAMED.findall(html)) if name != "csrfmiddlewaretoken"]
