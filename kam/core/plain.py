"""Text as people type and paste it, brought to one form before a rule reads it."""

import unicodedata

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_STAND_INS = str.maketrans({"。": ".", "〇": "零", "○": "零"})


def plain(text: str) -> str:
    """Half-width, one kind of dash, dot and zero, without invisible characters and outer blanks."""
    normal = unicodedata.normalize("NFKC", text).translate(_DASHES).translate(_STAND_INS)
    return "".join(_ascii_digit(char) for char in normal if unicodedata.category(char) != "Cf").strip()


def squeezed(text: str) -> str:
    """`plain`, and no blanks inside either."""
    return "".join(plain(text).split())


def _ascii_digit(char: str) -> str:
    """The digit 0-9 for a decimal digit of any script, every other character as it is."""
    return str(unicodedata.decimal(char, char))
