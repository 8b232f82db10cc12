"""Who may sign in."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from kam.core.calendar import today


class MemberBackend(ModelBackend):
    """Refuses members who have left, at sign-in and on every request of an open session."""

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and not user.has_left(today())
