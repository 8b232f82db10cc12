"""One client or two, one person or two."""

import pytest

from accounts.rules.likeness import ClientTraits, Likeness, compare_clients, is_same_contact

CODE, OTHER_CODE = "914403001922038216", "91110000802100433B"
PHONES, BANK = frozenset({"+865551234567"}), frozenset({"5750040793379156"})


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        (ClientTraits("苏宁易购", CODE), ClientTraits("国美电器", CODE), Likeness.DUPLICATE),
        (ClientTraits("苏宁（易购）集团"), ClientTraits("苏宁易购有限公司"), Likeness.DUPLICATE),
        (ClientTraits("苏宁易购", CODE), ClientTraits("苏宁易购有限公司"), Likeness.DUPLICATE),
        (ClientTraits("苏宁易购", CODE), ClientTraits("苏宁易购有限公司", OTHER_CODE), Likeness.CANDIDATE),
        (ClientTraits("合肥市图书馆", CODE), ClientTraits("青岛市图书馆", OTHER_CODE), Likeness.CANDIDATE),
        (ClientTraits("苏宁易购", phones=PHONES), ClientTraits("国美电器", phones=PHONES), Likeness.CANDIDATE),
        (ClientTraits("苏宁易购", bank_numbers=BANK), ClientTraits("国美电器", bank_numbers=BANK), Likeness.CANDIDATE),
        (ClientTraits("苏宁易购", phones=PHONES), ClientTraits("国美电器", bank_numbers=BANK), Likeness.DIFFERENT),
        (ClientTraits(""), ClientTraits(""), Likeness.DIFFERENT),
    ],
)
def test_two_clients(one, other, likeness):
    assert compare_clients(one, other) == compare_clients(other, one) == likeness


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("王静", "+8613905552741"), ("王 静", "+8613905552741"), True),
        (("王静", "+8613905552741"), ("王敏", "+8613905552741"), True),
        (("王静", "+8613905552741"), ("王静", ""), True),
        (("王静", ""), ("王静", ""), True),
        (("王静", "+8613905552741"), ("王静", "+8613905552742"), False),
        (("王静", ""), ("王敏", "+8613905552741"), False),
        (("", ""), ("", ""), False),
    ],
)
def test_two_contacts(one, other, same):
    assert is_same_contact(*one, *other) is is_same_contact(*other, *one) is same
