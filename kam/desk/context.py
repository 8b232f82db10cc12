"""Gives every template the frame."""

from django.http import HttpRequest

from kam.desk.frame import Frame


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Context of the shell; one frame a request, however many templates are rendered."""
    found: Frame | None = getattr(request, "frame", None)
    if found is None:
        found = Frame(request)
        request.frame = found  # type: ignore[attr-defined]
    return {"frame": found}
