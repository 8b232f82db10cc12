"""Clock of the product. The only place that reads the time; everything deeper gets it passed in."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """The present moment, aware."""
    return timezone.now()


def today() -> date:
    """Today's date in Asia/Shanghai."""
    return timezone.localdate()
