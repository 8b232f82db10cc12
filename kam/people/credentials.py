"""Invented first passwords."""

import secrets

READABLE = "abcdefghijkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody confuses when a password is read out."""


def first_password() -> str:
    """An invented password of three readable groups, to be given by word of mouth (73 bits)."""
    return "-".join("".join(secrets.choice(READABLE) for _letter in range(5)) for _group in range(3))
