"""Filters of the list of runs."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from kam.core.lists.filters import AnyOf, ListFilter
from kam.jobs.choices import RunState
from kam.jobs.models import JobRun
from kam.jobs.registry import all_jobs


class JobRunFilter(ListFilter):
    """Job and state."""

    job = django_filters.ChoiceFilter(label=_("Job"), choices=[], empty_label=_("Any"))
    state = AnyOf(label=_("State"), choices=RunState.choices)

    class Meta:
        model = JobRun
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["job"].extra["choices"] = [(job.code, job.title) for job in all_jobs()]
