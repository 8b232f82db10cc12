"""A list as a django-import-export resource: its shown columns are the fields, rows are read while they are written."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from import_export.fields import Field
from import_export.resources import Resource

from kam.core.lists.columns import Column, Row, add_loaded
from kam.core.lists.sheets import Sheet

BATCH = 1000
"""Rows read at a time."""


class ListResource(Resource):
    """The shown columns of a list, for export alone.

    A column may fill several fields (`Column.sheet_columns`); what it loads is read for a thousand rows at a time.
    """

    def __init__(self, columns: Sequence[Column], user: Any) -> None:
        super().__init__()
        self.columns, self.user = columns, user
        headings = {str(label): value for column in columns for label, value in column.sheet_columns().items()}
        self.fields = {
            label: Field(column_name=label, dehydrate_method=value, readonly=True) for label, value in headings.items()
        }

    def iter_queryset(self, queryset: Any) -> Iterator[Row]:
        """The rows, a thousand at a time, with what the columns load."""
        source = queryset.iterator(chunk_size=BATCH)
        while chunk := list(islice(source, BATCH)):
            yield from add_loaded(chunk, self.columns, self.user)

    def export_resource(self, instance: Row, selected_fields: Any = None, **kwargs: Any) -> list[Any]:
        """The values of one row; the base looks up every field by name in every row, which takes its time."""
        return [field.dehydrate_method(instance) for field in self.fields.values()]

    def export(self, queryset: Any = None, **kwargs: Any) -> Sheet:
        """A sheet that reads its lines while it is written; the base holds all of them in memory."""
        return Sheet(self.get_export_headers(), (self.export_resource(row) for row in self.iter_queryset(queryset)))
