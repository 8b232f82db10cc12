"""Buttons and views that come with a list page, and who gets them."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps

from kam.core.exceptions import Text
from kam.core.scoping import Reach, reach


@dataclass(frozen=True)
class BuiltInView:
    """A view that comes with the page, for members whose role has `needs` ("app.model", "action")."""

    name: Text
    query: str = ""
    needs: tuple[str, str] | None = None


@dataclass(frozen=True)
class Action:
    """A button of the page, or one for the ticked rows (its page gets their keys as `pk`)."""

    label: Text
    url_name: str
    icon: str
    needs: tuple[str, str]


def can(user: Any, needs: tuple[str, str] | None) -> bool:
    """Whether the member's role has any reach for ("app.model", "action"); None asks for nothing."""
    return needs is None or reach(user, apps.get_model(needs[0]), needs[1]) is not Reach.NONE
