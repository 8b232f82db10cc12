"""What runs when, and that each period ran once."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Scheduled jobs; the processes that carry them leave their pulse."""

    name = "kam.jobs"
    label = "jobs"
    verbose_name = _("Scheduled jobs")

    def ready(self) -> None:
        from celery.signals import after_task_publish, beat_init, worker_ready

        from kam.jobs import signs

        beat_init.connect(signs.scheduler_started)
        after_task_publish.connect(signs.tick_published, sender="kam.jobs.tasks.tick")
        worker_ready.connect(signs.worker_started)
