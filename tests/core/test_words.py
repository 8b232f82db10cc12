"""Lists of words in the language of whoever reads them."""

from django.utils.translation import override

from kam.core.words import listed


def test_each_language_has_its_own_comma() -> None:
    parts = listed(part for part in ("甲", 2))
    with override("zh-hans"):
        assert str(parts) == "甲、2"
    with override("en"):
        assert str(parts) == "甲, 2"
    assert str(listed([])) == ""
