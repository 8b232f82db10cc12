"""Lookups that a plain index answers on every database."""

from typing import Any

from django.db.models import CharField, Lookup

LAST = "\U0010ffff"
"""Sorts behind every character that can be typed."""


@CharField.register_lookup
class Prefix(Lookup):
    """Texts that begin with the given one: a range, so that `%` and `_` mean themselves.

    On PostgreSQL it uses an index with `varchar_pattern_ops`, on SQLite any index; LIKE with ESCAPE would use none.
    """

    lookup_name = "prefix"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The range in the byte order of the database."""
        return self._range(compiler, connection, ">=", "<")

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The range in byte order, whatever the collation of the database."""
        return self._range(compiler, connection, "~>=~", "~<~")

    def _range(self, compiler: Any, connection: Any, least: str, below: str) -> tuple[str, tuple[Any, ...]]:
        column, column_params = self.process_lhs(compiler, connection)
        value, value_params = self.process_rhs(compiler, connection)
        sql = f"({column} {least} {value} AND {column} {below} {value})"
        ends = [f"{param}{LAST}" for param in value_params]
        return sql, (*column_params, *value_params, *column_params, *ends)
