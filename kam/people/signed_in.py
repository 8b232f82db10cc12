"""Who asks. For views behind the sign-in requirement."""

from typing import cast

from django.http import HttpRequest

from kam.people.models import Member


def member_of(request: HttpRequest) -> Member:
    """The signed-in member of a request; views reach this only behind `SignInRequiredMiddleware`."""
    return cast("Member", request.user)
