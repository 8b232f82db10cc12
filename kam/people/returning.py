"""Where a person goes on after signing in. Only addresses of this very host are followed."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def is_own_address(request: HttpRequest, address: str) -> bool:
    """Whether `address` leads to this host, and over a connection no worse than the present one."""
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())


def path_to_return_to(request: HttpRequest) -> str:
    """The page on which the person was, as a path of this host; "/" when that is not known.

    A sent form returns to the page that held it, a fragment to the page around it: neither can be opened by itself.
    """
    if request.htmx:  # type: ignore[attr-defined]
        return _path_of(request, request.htmx.current_url or "")  # type: ignore[attr-defined]
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return _path_of(request, request.headers.get("Referer", ""))


def _path_of(request: HttpRequest, address: str) -> str:
    if not address or not is_own_address(request, address):
        return "/"
    parts = urlsplit(address)
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path
