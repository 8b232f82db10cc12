"""Which machine a request comes from, for locking a sign-in that failed too often."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address of the person's machine.

    Behind PROXY_COUNT proxies it is the entry of X-Forwarded-For that the outermost of them wrote; entries further
    left are the sender's own claim and are never believed. Without a proxy the header is not read at all.
    """
    remote = request.META.get("REMOTE_ADDR")
    count: int = settings.PROXY_COUNT
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    return forwarded[-count] if 0 < count <= len(forwarded) else remote
