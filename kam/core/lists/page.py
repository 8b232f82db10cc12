"""The base of every list page: one class answers page, htmx fragment and export from the same scoped queryset."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from kam.core import services
from kam.core.calendar import today
from kam.core.exceptions import DomainError, NotAllowed, Text
from kam.core.exports.services import AT_ONCE, export_ask
from kam.core.lists.actions import Action, BuiltInView, can
from kam.core.lists.cells import Card
from kam.core.lists.columns import Column, Row, add_loaded, flipped, read
from kam.core.lists.context import Listing
from kam.core.lists.export import ListResource
from kam.core.lists.filters import ListFilter
from kam.core.lists.paging import SIZES, Found, Window, count
from kam.core.lists.sheets import FORMATS
from kam.core.lists.state import ListState
from kam.core.models import SavedView
from kam.core.plain import read_key
from kam.core.scoping import Reach, reach
from kam.core.tasks import send_export


class ListPage(View):
    """Columns, filters, search, order, views and actions of one list.

    The address holds the whole state: `q` search, `sort` (column, "-" for descending), `columns`, `page` (negative from
    the end), `size`, and the filters' own keys. Rows come from `model.objects.visible_to(user)` and are plain
    dictionaries that hold what the shown columns read, so that a row can trigger no query of its own.
    """

    key: ClassVar[str]
    """Name of the list in saved views and in the export log; never changes."""
    model: ClassVar[type[Model]]
    title: Text
    unit: ClassVar[Any]
    """What is counted, by number (`npgettext_lazy`): client, clients, 户."""
    columns: ClassVar[Sequence[Column]]
    default_sort: ClassVar[str]
    filterset_class: ClassVar[type[ListFilter] | None] = None
    built_in_views: ClassVar[Sequence[BuiltInView]] = ()
    primary: ClassVar[Action | None] = None
    secondary: ClassVar[Sequence[Action]] = ()
    bulk_actions: ClassVar[Sequence[Action]] = ()
    search_hint: ClassVar[Text] = ""
    """What can be typed into the search box; empty when the list has no `search`."""
    empty_text: ClassVar[Text] = ""
    """What to do when the list has no rows at all."""
    template_name = "core/list.html"
    user: Any

    def card(self, row: Row) -> Card:
        """The row on a phone."""
        raise NotImplementedError

    def card_reads(self) -> tuple[str, ...]:
        """Paths that the cards read, whatever columns are shown."""
        return ()

    def more_context(self) -> dict[str, Any]:
        """What the page's own template shows beside the list."""
        return {}

    def empty_state(self) -> dict[str, Any] | None:
        """Title, text, action_url and action_label of an empty list, where the page knows better; None otherwise."""
        return None

    def context(self) -> dict[str, Any]:
        """What the page's own template shows besides the list; not asked for when the list alone is swapped."""
        return {}

    def search(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Rows that match what was typed."""
        raise NotImplementedError

    # Requests

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only members whose role sees rows of the model at all."""
        self.user = request.user
        if reach(self.user, self.model, "view") is Reach.NONE:
            raise NotAllowed(_("This list is not part of your role's work."))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The page, its fragment, or with `export` a file of everything found, with `pk` too of the ticked rows."""
        if self.state.has_blanks:
            return redirect(self.state.here)
        if file_format := self.state.get("export"):
            return self.export(file_format)
        htmx = request.htmx  # type: ignore[attr-defined]
        fragment = htmx.target == "listing" and not htmx.history_restore_request
        listing = Listing(self).as_dict()
        context = {"list": listing, "title": self.title, **self.more_context()}
        return render(request, "partials/_list.html" if fragment else self.template_name, context)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """A change of one's saved views; the address keeps the list's state."""
        query = self.state.url()
        try:
            match request.POST.get("act"):
                case "save_view":
                    name = request.POST.get("name", "")
                    services.view_save(page=self.key, name=name, query=self.state.query, actor=self.user)
                case "rename_view":
                    name = request.POST.get("name", "")
                    services.view_rename(view_pk=self._view_pk(), name=name, actor=self.user)
                case "delete_view":
                    services.view_delete(view_pk=self._view_pk(), actor=self.user)
                    query = self.state.path
                case _:
                    return HttpResponseBadRequest()
        except NotAllowed:
            raise
        except DomainError as error:
            messages.error(request, str(error))
            query = self.state.url(panel="view")
        return redirect(query)

    def _view_pk(self) -> int:
        return read_key(self.request.POST.get("view", "")) or 0

    # What the address asks for

    @cached_property
    def state(self) -> ListState:
        """The address of this request, taken apart."""
        return ListState.of(self.request)

    @cached_property
    def filterset(self) -> ListFilter | None:
        """The filters as the address sets them; made only where one is set or the form is open."""
        if self.filterset_class is None:
            return None
        queryset = self.model.objects.visible_to(self.user)  # type: ignore[attr-defined]
        return self.filterset_class(self.request.GET, queryset=queryset, request=self.request)

    @cached_property
    def available(self) -> list[Column]:
        """Columns that the member's role may see."""
        return [column for column in self.columns if not column.needs or can(self.user, (column.needs, "view"))]

    @cached_property
    def shown(self) -> list[Column]:
        """Columns in the order of the address, fixed ones first; without a choice those that are not hidden."""
        chosen = self.state.all("columns")
        if not chosen:
            return [column for column in self.available if not column.hidden]
        by_key = {column.key: column for column in self.available}
        fixed = [column for column in self.available if column.fixed]
        picked = [by_key[key] for key in dict.fromkeys(chosen) if key in by_key]
        return [*fixed, *(column for column in picked if not column.fixed)]

    @cached_property
    def sorted_by(self) -> tuple[Column, bool]:
        """The column the rows are sorted by, and whether descending; an unknown one means the default."""
        for asked in (self.state.get("sort"), self.default_sort):
            column = next((c for c in self.available if c.key == asked.removeprefix("-") and c.sort), None)
            if column is not None:
                return column, asked.startswith("-")
        raise LookupError(f"{type(self).__name__}.default_sort names no sortable column.")

    @property
    def order(self) -> tuple[str, ...]:
        """ORM expressions of the order; the last one is unique, so that no row is shown twice or left out."""
        column, descending = self.sorted_by
        return flipped(column.sort) if descending else column.sort

    @cached_property
    def size(self) -> int:
        """Rows a page."""
        asked = self.state.get("size")
        return int(asked) if asked in map(str, SIZES) else SIZES[0]

    # Rows

    def rows(self, action: str = "view") -> QuerySet[Any]:
        """Every row found: scoped, filtered, searched, in no order. A filter that makes no sense finds nothing."""
        rows = self.model.objects.visible_to(self.user, action)  # type: ignore[attr-defined]
        if self.is_filtered and self.filterset is not None:
            if not self.filterset.is_valid():
                return rows.none()
            rows = self.filterset.filter_queryset(rows)
        if text := self.search_text:
            rows = self.search(rows, text)
        annotations = self.sorted_by[0].annotations
        return rows.annotate(**annotations) if annotations else rows

    @cached_property
    def seen(self) -> QuerySet[Any]:
        """The rows of the page: built once, counted and read."""
        return self.rows()

    @cached_property
    def is_filtered(self) -> bool:
        """Whether the address sets any filter."""
        return any(self.state.get(key) for key in self.filter_keys)

    @property
    def filter_keys(self) -> list[str]:
        """Keys of the address that belong to the filters."""
        return self.filterset_class.keys() if self.filterset_class else []

    @property
    def search_text(self) -> str:
        """What was typed into the list's search box."""
        return self.state.get("q").replace("\0", "").strip()[:80] if self.search_hint else ""

    @cached_property
    def found(self) -> Found:
        """Count and sums of all rows found."""
        return count(self.seen, [column.total for column in self.shown if column.total])

    @cached_property
    def window(self) -> Window:
        """The page asked for."""
        return Window.of(self.state.get("page", "1"), self.size, self.found)

    def page_rows(self) -> tuple[list[Row], bool]:
        """The rows of the page, and whether there are further ones in the direction of counting.

        The keys of the page are looked up first, by index alone where there is one; only these rows are then read.
        """
        keys = self.window.keys(self.seen, self.order)
        # house: unscoped-manager - the keys come from the scoped rows
        base = self.model.objects.for_system().filter(pk__in=keys)  # type: ignore[attr-defined]
        if annotations := self.sorted_by[0].annotations:
            base = base.annotate(**annotations)
        turned = self.order if self.window.number > 0 else flipped(self.order)
        rows = list(read(base, self.shown, self.card_reads()).order_by(*turned))
        more = len(rows) > self.size
        rows = rows[: self.size]
        if self.window.number < 0:
            rows.reverse()
        return add_loaded(rows, self.shown, self.user), more

    @cached_property
    def saved_views(self) -> list[SavedView]:
        """The member's own views of this list."""
        return list(SavedView.objects.visible_to(self.user).filter(page=self.key))

    # Export

    @property
    def may_export(self) -> bool:
        """Whether the member's role exports rows of the model."""
        return reach(self.user, self.model, "export") is not Reach.NONE

    def export(self, file_format: str) -> HttpResponseBase:
        """A file of what is shown: same rows, order and columns; of more than `AT_ONCE` rows a worker writes it."""
        if file_format not in FORMATS:
            return HttpResponseBadRequest()
        if not self.may_export:
            raise NotAllowed(_("Your role does not export this list."))
        rows = self.export_rows()
        if rows.order_by()[: AT_ONCE + 1].count() > AT_ONCE:
            return self._export_by_worker(file_format)
        file, written = self.export_file(rows, file_format)
        services.export_record(**self.export_facts(), file_format=file_format, rows=written, actor=self.user)
        filename = f"{self.title}-{today():%Y-%m-%d}.{file_format}"
        kind = FORMATS[file_format]().get_content_type()
        return FileResponse(file, as_attachment=True, filename=filename, content_type=kind)

    def _export_by_worker(self, file_format: str) -> HttpResponseBase:
        asked = {"title": str(self.title), "path": self.state.path, "query": self.state.query}
        with transaction.atomic():
            run = export_ask(**asked, file_format=file_format, actor=self.user)
            send_export(run)
        return redirect(run)

    def export_rows(self) -> QuerySet[Any]:
        """The rows that go into the file, in order: everything found, or what is ticked."""
        rows = self.rows("export").order_by(*self.order)
        if ticked := self.state.all("pk"):
            rows = rows.filter(pk__in=[key for text in ticked if (key := read_key(text)) is not None])
        return rows

    def read_shown(self, rows: QuerySet[Any]) -> QuerySet[Any, Row]:
        """Of these rows what the shown columns read."""
        return read(rows, self.shown)

    def export_file(self, rows: Any, file_format: str) -> tuple[Any, int]:
        """A temporary file of the rows (a queryset, or whatever iterates over plain rows), and how many it holds."""
        source = self.read_shown(rows) if isinstance(rows, QuerySet) else rows
        sheet = ListResource(self.shown, self.user).export(source)
        return FORMATS[file_format]().export_data(sheet), sheet.written

    def export_facts(self) -> dict[str, Any]:
        """What the record of an export says of the list."""
        columns = [str(column.label) for column in self.shown]
        return {"page": self.key, "title": str(self.title), "query": self.state.query, "columns": columns}
