"""Questions that the ORM writes once for the process: on a page that asks for little, writing one takes longer than asking.

Their text, and that of a question written by hand and asked by `ask`, is the same each time: with DATABASE_PREPARE the
server plans it once for each connection.

@written_once
def _units() -> QuerySet[StockRecord]:
    return with_saleable(StockRecord.objects.filter(any_of("partner_stockrecord.id", "ids"))).values_list(...)

rows = _units.ask(ids=[1, 2])

Or, as a part of a longer question: `_units.sql_with_params()`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import NotSupportedError, connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django.db.models import BooleanField, Field, QuerySet
from django.db.models.expressions import RawSQL


@dataclass(frozen=True, slots=True)
class _Blank:
    """Stands in the written question for what is given each time."""

    name: str


def any_of(column: str, name: str) -> RawSQL:
    """The condition that a column of the query's own table, `table.column`, is among the values given as `name`."""
    return RawSQL(f"{column} = ANY(%s)", (_Blank(name),), output_field=BooleanField())  # noqa: S611 (no input in it)


def given(name: str, field: "Field[Any, Any]") -> RawSQL:
    """One value, given as `name`."""
    return RawSQL("%s", (_Blank(name),), output_field=field)


Values = Sequence[Any] | Mapping[str, Any]


def ask(sql: str, values: Values) -> list[tuple[Any, ...]]:
    """The rows of a question whose text never changes."""
    with _binding_cursor() as cursor:
        try:
            cursor.execute(sql, values)
        except NotSupportedError:
            # A migration changed the type of a column under the plan. This connection plans anew each time from now on.
            assert connection.connection is not None
            connection.connection.prepare_threshold = None
            if connection.in_atomic_block:
                raise
            cursor.execute(sql, values)
        return cursor.fetchall()


def tell(sql: str, values: Values) -> int:
    """How many rows a statement wrote whose text never changes."""
    with _binding_cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


@contextmanager
def _binding_cursor() -> Iterator[CursorWrapper]:
    """The values travel beside the text instead of in it, so that the server can know the text again.

    Not while questions are logged: of a planned one Django's log could not tell the text.
    """
    with connection.cursor() as cursor:
        if not connection.queries_logged:
            cursor.cursor = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]
        yield cursor


class Question:
    """`ask` answers tuples as the driver reads them, in the order of the query's `values_list`."""

    def __init__(self, write: Callable[[], QuerySet[Any, Any]]) -> None:
        self._write = write

    @cached_property
    def _written(self) -> tuple[str, tuple[Any, ...]]:
        return self._write().query.sql_with_params()

    def sql_with_params(self) -> tuple[str, tuple[Any, ...]]:
        """The question itself, of one that nothing is given to."""
        return self._written

    def ask(self, **values: Any) -> list[tuple[Any, ...]]:
        sql, params = self._written
        return ask(sql, [values[one.name] if isinstance(one, _Blank) else one for one in params])


def written_once(write: Callable[[], QuerySet[Any, Any]]) -> Question:
    return Question(write)
