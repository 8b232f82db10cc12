"""The first page anybody sees."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from tests.support.browser import axe, screenshot


@pytest.mark.django_db
def test_the_sign_in_page_answers() -> None:
    assert Client().get(reverse("people:sign_in")).status_code == 200


@pytest.mark.browser
def test_the_sign_in_page_in_chromium(page: Page) -> None:
    page.goto(reverse("people:sign_in"))
    screenshot(page, "sign-in")
    axe(page)
