"""Pages of the import: bring a workbook, look at the dry run, let it in, take it back."""

import io
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.imports.export import write_export
from accounts.imports.registers import CLIENTS, CONTACTS
from accounts.imports.showing import (
    account_managers,
    found_rows,
    read_choice,
    rows_of,
    rows_to_write,
    sheets_of,
    tone_of,
    unknown_columns,
    unknown_managers,
    value_of,
)
from accounts.imports.template import write_template
from accounts.models import Account
from kam.core.calendar import now, today
from kam.core.exceptions import DomainError
from kam.core.imports.left_out import write_left_out
from kam.core.imports.models import HeaderWord, ImportRun, ImportState
from kam.core.imports.services import (
    UNDOABLE,
    import_cancel,
    import_confirm,
    import_decide,
    import_match,
    import_name_columns,
    import_store,
    import_undo,
)
from kam.core.plain import clean_text, read_key
from kam.core.scoping import Reach, allowed, reach
from kam.core.services import export_record
from kam.core.tasks import send_import
from kam.core.work.pages import work_page
from kam.core.workbooks.package import MAX_FILE_MB, MEGABYTE
from kam.core.workbooks.writing import columns_of
from kam.people.signed_in import member_of
from kam.people.views.pages import in_scope, must_have

SHOWN = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def import_list(request: HttpRequest) -> HttpResponse:
    """The imports that the member may see, and the form for another one."""
    must_have(request, ImportRun, "add")
    return _list_page(request)


def _list_page(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    runs = list(ImportRun.objects.visible_to(member_of(request)).select_related("actor")[:SHOWN])
    context = {
        "title": _("Import clients and contacts"),
        "rows": [{"run": run, "tone": tone_of(run), "sheets": sheets_of(run)} for run in runs],
        "error": error,
        "limit": MAX_FILE_MB,
        "keeps_words": reach(member_of(request), HeaderWord, "view") is not Reach.NONE,
        "back_url": reverse("accounts:account_list"),
    }
    return render(request, "accounts/imports.html", context, status=status)


@require_POST
def import_upload(request: HttpRequest) -> HttpResponse:
    """Take a workbook; a file that cannot be read is refused at once, with the reason."""
    must_have(request, ImportRun, "add")
    upload = request.FILES.get("file")
    if upload is None:
        return _list_page(request, _("Choose a file."), 422)
    if (upload.size or 0) > MAX_FILE_MB * MEGABYTE:
        return _list_page(request, _("The file is larger than %(limit)s MB.") % {"limit": MAX_FILE_MB}, 422)
    with tempfile.NamedTemporaryFile() as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
        kept.flush()
        try:
            with transaction.atomic():
                run = import_store(path=Path(kept.name), name=upload.name or "", actor=member_of(request))
                send_import(run)
        except DomainError as error:
            return _list_page(request, str(error), 422)
    return redirect("accounts:import_detail", run.pk)


@require_GET
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: progress while a worker is at it, else the dry run row by row and what can be done."""
    must_have(request, ImportRun, "view")
    run = in_scope(request, ImportRun, pk)
    return work_page(request, run, "accounts/import.html", _detail(request, run))


def _detail(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    member = member_of(request)
    judged = run.state == ImportState.JUDGED
    sheets = sheets_of(run)
    names = unknown_managers(run, member) if judged else []
    good = rows_to_write(run) if judged else 0
    return {
        "title": run.name,
        "run": run,
        "tone": tone_of(run),
        "sheets": sheets,
        "said": any(sheet["general"] for sheet in sheets),
        "untaken": run.report.get("unrecognised", []),
        "notices": run.report.get("notices", []),
        "may_change": allowed(member, run, "change"),
        "good": good,
        "may_confirm": good > 0,
        "may_undo": run.operation_id and run.state in UNDOABLE,
        "names": names,
        "asked_columns": unknown_columns(run, member) if judged else [],
        "managers": account_managers(member, today()) if names else [],
        "back_url": reverse("accounts:import_list"),
        **({} if run.is_at_work else found_rows(run, member, request.GET)),
    }


@require_POST
def import_members(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who is meant by names that are no member's; the file is judged anew."""
    run = in_scope(request, ImportRun, pk)
    member = member_of(request)
    known = set(account_managers(member, today()).values_list("username", flat=True))
    pairs = zip(request.POST.getlist("name"), request.POST.getlist("member"), strict=False)
    chosen = {clean_text(name): username for name, username in pairs if username in known}
    if not chosen:
        messages.error(request, _("Choose at least one account manager."))
        return redirect("accounts:import_detail", pk)
    with transaction.atomic():
        send_import(import_match(run_pk=run.pk, actor=member, members=chosen))
    return redirect("accounts:import_detail", pk)


@require_POST
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which columns are meant by words that no register knows; the file is judged anew."""
    run = in_scope(request, ImportRun, pk)
    posted = zip(*(request.POST.getlist(name) for name in ("sheet", "word", "column")), strict=False)
    chosen = [(clean_text(sheet), clean_text(word), column) for sheet, word, column in posted if column]
    if not chosen:
        messages.error(request, _("Choose at least one column."))
        return redirect("accounts:import_detail", pk)
    try:
        with transaction.atomic():
            send_import(import_name_columns(run_pk=run.pk, actor=member_of(request), columns=chosen))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("accounts:import_detail", pk)


@require_POST
def import_decide_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """Say of rows that they are a stored client, another one, or to stay out; the file is judged anew."""
    run = in_scope(request, ImportRun, pk)
    member = member_of(request)
    posted = {
        row_pk: request.POST[name]
        for name in request.POST
        if name.startswith("row-") and (row_pk := read_key(name.removeprefix("row-"))) is not None
    }
    present = {row.pk: value_of(row) for row in rows_of(run, member).filter(pk__in=posted)}
    chosen = {row_pk: read_choice(value) for row_pk, value in posted.items() if value != present.get(row_pk)}
    if not chosen:
        messages.info(request, _("Nothing was decided."))
        return redirect("accounts:import_detail", pk)
    try:
        with transaction.atomic():
            send_import(import_decide(run_pk=run.pk, actor=member, said=chosen))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("accounts:import_detail", pk)


@require_POST
def import_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Confirm, cancel or undo."""
    run = in_scope(request, ImportRun, pk)
    member = member_of(request)
    try:
        with transaction.atomic():
            if act == "confirm":
                send_import(import_confirm(run_pk=run.pk, actor=member, undecided_stay_out=True))
            elif act == "cancel":
                import_cancel(run_pk=run.pk, actor=member)
            elif act == "undo":
                import_undo(run_pk=run.pk, actor=member, now=now())
                messages.success(request, _("The import is taken back."))
            else:
                raise Http404
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("accounts:import_detail", pk)


@require_GET
def import_file(request: HttpRequest, pk: int) -> FileResponse:
    """The workbook as it was brought, for whoever sees the import."""
    must_have(request, ImportRun, "view")
    run = in_scope(request, ImportRun, pk)
    return _private(FileResponse(run.file.open("rb"), as_attachment=True, filename=run.name))


@require_GET
def import_left_out(request: HttpRequest, pk: int) -> FileResponse:
    """The rows that stayed out, with the reasons beside their cells."""
    must_have(request, ImportRun, "view")
    run = in_scope(request, ImportRun, pk)
    if run.is_at_work or not run.report:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "left-out.xlsx"
        write_left_out(run, target)
        kept = io.BytesIO(target.read_bytes())
    name = f"{Path(run.name).stem}-{_('to correct')}.xlsx"
    return _private(FileResponse(kept, as_attachment=True, filename=name, content_type=XLSX))


@require_GET
def import_template(request: HttpRequest) -> FileResponse:
    """The empty workbook with pick-lists and an example row."""
    must_have(request, ImportRun, "add")
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    write_template(file, _names_offered(request))
    return _workbook(file, _("Import template"))


@require_POST
def import_export(request: HttpRequest) -> FileResponse:
    """Clients and people in the template's layout: what the member may export, written down in the export log."""
    must_have(request, Account, "export")
    member = member_of(request)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    rows = write_export(file, member, _names_offered(request))
    title = _("Clients and contacts")
    registers = {column.title: None for register in (CLIENTS, CONTACTS) for column in columns_of(register)}
    export_record(
        page="accounts.import_layout",
        title=title,
        query="",
        columns=list(registers),
        file_format="xlsx",
        rows=rows,
        actor=member,
    )
    return _workbook(file, f"{title}-{today():%Y-%m-%d}")


def _names_offered(request: HttpRequest) -> list[str]:
    return [str(person) for person in account_managers(member_of(request), today())]


def _workbook(file: BinaryIO, name: str) -> FileResponse:
    file.seek(0)
    return _private(FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX))


def _private(response: FileResponse) -> FileResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
