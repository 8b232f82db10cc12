"""What the templates of a list page draw: the plain dictionary `list`."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kam.core.lists.actions import Action, can
from kam.core.lists.cells import money_text
from kam.core.lists.columns import Column, Row
from kam.core.lists.paging import COUNT_LIMIT, SIZES
from kam.core.lists.state import canonical

if TYPE_CHECKING:
    from kam.core.lists.page import ListPage


class Listing:
    """Turns one request's list page into template data; `as_dict` is the only thing to call."""

    def __init__(self, page: "ListPage") -> None:
        self.page = page
        self.state = page.state

    def as_dict(self) -> dict[str, Any]:
        """All keys of the context that `partials/_list.html` names."""
        page = self.page
        rows, more = page.page_rows()
        return {
            "title": page.title,
            "subtitle": self.found_in_words(),
            "views": self.views(),
            "save_url": self.state.url(panel="view"),
            "panel": self.state.get("panel"),
            "cancel_url": self.state.url(),
            "path": self.state.path,
            "own_view": self.own_view(),
            "search_hint": page.search_hint,
            "search_value": page.search_text,
            "keep": self.state.kept("q"),
            "keep_for_filters": self.state.kept(*page.filter_keys),
            "keep_for_bulk": self.state.kept(),
            "keep_for_columns": self.state.kept("columns"),
            "active_filters": page.filterset.active(self.state) if page.is_filtered and page.filterset else [],
            "filters_url": self.state.url(panel="filters") if page.filterset_class else "",
            "filter_form": self.filter_form(),
            "clear_url": self.state.path,
            "columns": [self.heading(column) for column in page.shown],
            "choosable_columns": self.choosable_columns(),
            "rows": [self.row(row) for row in rows],
            "columns_shown": f"{len(page.shown)}/{len(page.available)}",
            "sums": self.sums(),
            "sums_label": _("%(found)s in all") % {"found": self.found_in_words()},
            "page": self.pager(len(rows), more),
            "export_label": _("Export %(found)s") % {"found": self.found_in_words()},
            "export_urls": self.export_urls(),
            "primary": self.action(page.primary),
            "secondary": [shown for action in page.secondary if (shown := self.action(action))],
            "bulk_actions": self.bulk_actions(),
            "bulk_sums": self.bulk_sums(),
            "empty": self.empty(),
        }

    def row(self, row: Row) -> dict[str, Any]:
        """Cells of the table and the card of a phone."""
        cells = [column.cell(row) for column in self.page.shown]
        return {"pk": row["pk"], "cells": cells, "card": self.page.card(row)}

    def heading(self, column: Column) -> dict[str, Any]:
        """A column's head; a click sorts by it, a second one the other way round."""
        sorted_by, descending = self.page.sorted_by
        state, turned = "", column.descending_first
        if column is sorted_by:
            state, turned = ("descending" if descending else "ascending"), not descending
        url = self.state.url(sort=f"-{column.key}" if turned else column.key) if column.sort else ""
        return {"label": column.label, "numeric": column.numeric, "sort_url": url, "sort_state": state}

    def choosable_columns(self) -> list[dict[str, Any]]:
        """Columns that can be switched on and off: shown ones in their order, then the others."""
        shown = self.page.shown
        others = [column for column in self.page.available if column not in shown]
        return [
            {"key": column.key, "label": column.label, "hidden": column not in shown}
            for column in [*shown, *others]
            if not column.fixed
        ]

    def views(self) -> list[dict[str, Any]]:
        """Built-in views, then the member's own. The current one is the one whose query is the address's."""
        here = self.state.query
        named = [(view.name, view.query) for view in self.page.built_in_views if can(self.page.user, view.needs)]
        named += [(view.name, view.query) for view in self.page.saved_views]
        return [
            {
                "name": name,
                "url": f"{self.state.path}?{query}" if query else self.state.path,
                "current": canonical(query) == here,
                "count": self.found_number() if canonical(query) == here else None,
            }
            for name, query in named
        ]

    def own_view(self) -> dict[str, Any] | None:
        """The member's saved view that is shown now."""
        here = self.state.query
        return next(({"pk": v.pk, "name": v.name} for v in self.page.saved_views if canonical(v.query) == here), None)

    def found_number(self) -> str:
        """1,234, or 10,000+."""
        found = self.page.found
        return f"{COUNT_LIMIT:,}+" if found.bounded else f"{found.total:,}"

    def found_in_words(self) -> str:
        """1,234 clients."""
        unit = self.page.unit % self.page.found.total
        return _("%(number)s %(unit)s") % {"number": self.found_number(), "unit": unit}

    def filter_form(self) -> Any:
        """The filters to fill in, while they are open or where one of them makes no sense."""
        page = self.page
        opened = self.state.get("panel") == "filters"
        if not (opened or page.is_filtered) or page.filterset is None:
            return None
        return page.filterset.form if opened or not page.filterset.is_valid() else None

    def sums(self) -> list[dict[str, str]]:
        """A cell for each column, with the sum over all rows found; none when there are too many to count."""
        found = self.page.found
        if not found.sums:
            return []
        return [
            {"label": str(column.label), "value": money_text(found.sums[column.total]) if column.total else ""}
            for column in self.page.shown
        ]

    def bulk_sums(self) -> list[dict[str, Any]]:
        """Columns whose figures of the ticked rows are added up on the bulk bar, by their place among the cells."""
        return [{"place": place, "label": column.label} for place, column in enumerate(self.page.shown) if column.total]

    def pager(self, on_page: int, more: bool) -> dict[str, Any]:
        """Where the page stands, and the ways on."""
        window = self.page.window
        number, from_back = window.number, window.number < 0
        has_next = number < -1 if from_back else more
        return {
            "note": self.page_note(on_page),
            "place": f"{number} / {window.pages}" if window.pages else str(number),
            "has_prev": more if from_back else number > 1,
            "prev_url": self.state.url(page=number - 1 if number != 2 else None),
            "has_next": has_next,
            "next_url": self.state.url(page=number + 1),
            "first_url": self.state.url() if number != 1 else "",
            "last_url": self.state.url(page=window.pages or -1) if has_next else "",
            "sizes": [
                {"size": size, "url": self.state.url(size=size), "current": size == self.page.size} for size in SIZES
            ],
        }

    def page_note(self, on_page: int) -> str:
        """Rows 26–50 of 1,234 clients; at the end of a long list only that these are the last ones."""
        window = self.page.window
        if window.number == -1:
            return _("The last %(n)s of %(found)s") % {"n": on_page, "found": self.found_in_words()}
        words = {"start": window.offset + 1, "end": window.offset + on_page, "found": self.found_in_words()}
        if window.number < 0:
            return _("%(start)s–%(end)s from the end of %(found)s") % words
        return _("%(start)s–%(end)s of %(found)s") % words

    def export_urls(self) -> list[dict[str, str]]:
        """Files of everything found."""
        if not self.page.may_export or not self.page.found.total:
            return []
        kinds = (("xlsx", "Excel (xlsx)"), ("csv", "csv"))
        return [{"label": label, "url": self.state.url(export=kind)} for kind, label in kinds]

    def action(self, action: Action | None) -> dict[str, Any] | None:
        """A button, when the member's role may use it."""
        if action is None or not can(self.page.user, action.needs):
            return None
        return {"label": action.label, "icon": action.icon, "url": reverse(action.url_name)}

    def bulk_actions(self) -> list[dict[str, Any]]:
        """What can be done with ticked rows: pages that get their keys, and a file of them."""
        found = [each for action in self.page.bulk_actions if (each := self.action(action))]
        if self.page.may_export:
            found.append({"label": _("Export"), "icon": "download", "name": "export", "value": "xlsx"})
        return found

    def empty(self) -> dict[str, Any]:
        """What an empty list says: how to widen it, or how to begin; the page's own words first."""
        own = self.page.empty_state()
        if own is not None:
            return own
        if self.page.is_filtered or self.page.search_text:
            return {
                "title": _("Nothing matches these conditions"),
                "text": _("Take one away, or look under another name."),
                "action_url": self.state.path,
                "action_label": _("Show all"),
            }
        primary = self.action(self.page.primary)
        return {
            "title": _("Nothing here yet"),
            "text": self.page.empty_text,
            "action_url": primary["url"] if primary else "",
            "action_label": primary["label"] if primary else "",
        }
