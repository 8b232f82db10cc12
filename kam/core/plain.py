"""Text as people type and paste it, brought to one form before a rule reads it."""

import unicodedata

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_FULL_STOPS = str.maketrans({"。": ".", "．": ".", "〇": "零", "○": "零"})


def plain(text: str) -> str:
    """Half-width, one kind of dash, dot and zero, without invisible characters and outer blanks."""
    visible = "".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    return visible.translate(_DASHES).translate(_FULL_STOPS).strip()


def squeezed(text: str) -> str:
    """`plain`, and no blanks inside either."""
    return "".join(plain(text).split())
