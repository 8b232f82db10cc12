"""Whether two dossiers are of one client, or two people one contact (domain rules §2)."""

from dataclasses import dataclass, field
from enum import StrEnum

from accounts.rules.names import company_name_key, names_differ_only_by_place
from kam.core.plain import squeezed


class Likeness(StrEnum):
    """What comparing two clients comes to; a candidate is for a person to decide."""

    DUPLICATE = "duplicate"
    CANDIDATE = "candidate"
    DIFFERENT = "different"


@dataclass(frozen=True)
class ClientTraits:
    """By what a client is recognised: the code, phones and bank accounts as their readers return them."""

    name: str
    credit_code: str = ""
    phones: frozenset[str] = field(default_factory=frozenset)
    bank_numbers: frozenset[str] = field(default_factory=frozenset)


def compare_clients(one: ClientTraits, other: ClientTraits) -> Likeness:
    """Equal codes, or equal names unless two codes tell them apart, are duplicates; what else they share is a hint."""
    if one.credit_code and one.credit_code == other.credit_code:
        return Likeness.DUPLICATE
    same_name = company_name_key(one.name) == company_name_key(other.name) != ""
    if same_name and not (one.credit_code and other.credit_code):
        return Likeness.DUPLICATE
    shares_a_number = one.phones & other.phones or one.bank_numbers & other.bank_numbers
    if same_name or shares_a_number or names_differ_only_by_place(one.name, other.name):
        return Likeness.CANDIDATE
    return Likeness.DIFFERENT


def is_same_contact(name: str, mobile: str, other_name: str, other_mobile: str) -> bool:
    """Whether two contacts of one client are one person: equal mobiles, or equal names with a mobile missing."""
    if mobile and other_mobile:
        return mobile == other_mobile
    return squeezed(name) == squeezed(other_name) != ""
