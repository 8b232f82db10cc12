"""What packages say to people in Chinese is as polite as the product's own texts."""

import pytest
from django.contrib.auth.password_validation import get_default_password_validators
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.translation import override

from kam.people.models import Member
from tests.support.people import member


@pytest.mark.parametrize("validator", get_default_password_validators(), ids=lambda each: type(each).__name__)
def test_the_checks_of_passwords_are_polite(validator: object) -> None:
    words = []
    for password in ("zhoumuye", "password", "12345678", "1"):
        try:
            validator.validate(password, Member(username="zhoumuye", full_name="周牧野"))  # type: ignore[attr-defined]
        except ValidationError as error:
            words.append(error)
    assert words
    with override("zh-hans"):
        said = " ".join(str(text) for error in words for text in error)
        said += str(validator.get_help_text())  # type: ignore[attr-defined]
    assert "你" not in said
    assert "您" in said


@pytest.mark.django_db
def test_too_long_a_name_is_told_without_talk_of_variables(client: Client) -> None:
    client.force_login(member())
    page = client.post("/clients/new/", {"name": "长" * 200, "kind": ""}).content.decode()
    assert "最多 120 个字符，现有 200 个。" in page
    assert "此项必填。" in page
