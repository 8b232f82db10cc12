"""The unified social credit code, against the standard's own examples and an independent implementation."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.identity import ALPHABET, normalise_credit_code
from kam.core.exceptions import RuleError


@pytest.fixture
def english():
    """Reasons in English, as this file quotes them."""
    with translation.override("en"):
        yield


WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def check_character(body: str) -> str:
    """The last character by the text of GB 32100-2015, independent of the library that the product uses."""
    return ALPHABET[-sum(ALPHABET.index(char) * weight for char, weight in zip(body, WEIGHTS, strict=True)) % 31]


bodies = st.text(alphabet=ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize("code", ["914403001922038216", "91110000802100433B"])
def test_published_codes_are_right(code):
    assert normalise_credit_code(code) == code


@pytest.mark.parametrize(
    "written", [" 91110000802100433b ", "9111 0000 8021 0043 3B", "９１１１００００８０２１００４３３Ｂ"]
)
def test_case_blanks_and_width_are_normalised(written):
    assert normalise_credit_code(written) == "91110000802100433B"


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ("91110000802100433", "17"),
        ("91110000802100433BB", "19"),
        ("不详", "2"),
        ("91110000802100433O", "O"),
        ("911100008021004331", "check"),
        ("91110000802100434B", "check"),
    ],
)
def test_a_wrong_code_is_refused_with_its_reason(wrong, word, english):
    with pytest.raises(RuleError) as caught:
        normalise_credit_code(wrong)
    assert word in str(caught.value.reason)
    assert str(caught.value.right)


def test_a_misread_check_character_is_named(english):
    with pytest.raises(RuleError) as caught:
        normalise_credit_code("911100008021004331")
    assert "last character is B" in str(caught.value.right)


@given(bodies)
def test_every_completed_code_is_accepted(body):
    code = body + check_character(body)
    assert normalise_credit_code(code.lower()) == code


@given(bodies, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_every_single_typing_mistake_is_found(body, place, char):
    wrong = body[:place] + char + body[place + 1 :] + check_character(body)
    if wrong[:-1] != body:
        with pytest.raises(RuleError):
            normalise_credit_code(wrong)
