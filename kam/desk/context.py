"""What the frame around every page shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the shell: names of department and company."""
    return {"frame": {"department": settings.DEPARTMENT_NAME, "company": settings.COMPANY_NAME}}
