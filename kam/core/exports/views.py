"""Pages of a large export, for whoever asked for it alone."""

from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kam.core.calendar import now
from kam.core.exceptions import NotAllowed, Text
from kam.core.exports.lists import TONES
from kam.core.exports.models import ExportRun, ExportState
from kam.core.exports.services import KEPT, export_cancel, list_page
from kam.core.lists.sheets import FORMATS
from kam.core.pages import ActPage, row_for
from kam.core.work.pages import work_page


@require_GET
def export_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Progress while a worker is at it, then the file, or why there is none."""
    run = row_for(request.user, ExportRun, "view", pk=pk)
    again = urlencode({"export": run.file_format})
    context: dict[str, Any] = {
        "title": run.title,
        "run": run,
        "tone": TONES.get(ExportState(run.state), "info"),
        "kept_until": run.finished_at + KEPT if run.finished_at else None,
        "list_url": f"{run.path}?{run.query}",
        "again_url": f"{run.path}?{run.query}&{again}",
        "back_url": reverse("core:export_run_list"),
    }
    return work_page(request, run, "core/export.html", context)


class ExportCancel(ActPage):
    """Stop an export."""

    model = ExportRun

    def act(self) -> Text:
        export_cancel(run_pk=self.row.pk, actor=self.request.user, now=now())
        return _("The export is cancelled.")

    def success_url(self) -> str:
        """Its page."""
        return str(self.row.get_absolute_url())


@require_GET
def export_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file, to its member alone and only while the member's role exports the list."""
    run = row_for(request.user, ExportRun, "view", pk=pk)
    if not run.file:
        raise Http404
    if not list_page(run).may_export:
        raise NotAllowed(_("Your role does not export this list."))
    name = f"{run.title}-{timezone.localtime(run.finished_at):%Y-%m-%d}.{run.file_format}"
    kind = FORMATS[run.file_format]().get_content_type()
    response = FileResponse(run.file.open("rb"), as_attachment=True, filename=name, content_type=kind)
    response["Cache-Control"] = "private, no-store"
    return response
