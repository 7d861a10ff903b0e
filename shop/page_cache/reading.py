"""Watch what a page asks while it is made, to know which changes concern it and whether it may be kept at all."""

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from django.db import connection

from shop.page_cache.changes import watched_tables
from shop.page_cache.moments import is_known

_WORD: Final = re.compile(r"[a-z_][a-z0-9_]*")
_WRITES: Final = re.compile(r"\b(insert\s+into|update|delete\s+from|truncate|nextval|copy|lock)\b")
_CLOCK: Final = re.compile(
    r"\b(now\s*\(|current_(date|time|timestamp)|local(time|timestamp)|(statement|transaction|clock)_)"
)
# Of the shop's own tables. What PostgreSQL gathered about them (pg_stats) moves an order a little and states no fact.
_COLUMNS: Final = """
SELECT relation.relname, coalesce(array_agg(attribute.attname) FILTER (WHERE kind.typcategory = 'D'), '{}')
FROM pg_class relation
LEFT JOIN pg_attribute attribute ON attribute.attrelid = relation.oid AND attribute.attnum > 0
LEFT JOIN pg_type kind ON kind.oid = attribute.atttypid
WHERE relation.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND relation.relnamespace = current_schema()::regnamespace
GROUP BY relation.oid, relation.relname
"""


@dataclass(frozen=True, slots=True)
class Schema:
    """What a database has: date and time columns by table, and the tables whose changes are noted."""

    clock_columns: dict[str, frozenset[str]]
    watched: frozenset[str]


@dataclass(slots=True, eq=False)
class Reading:
    """What one page asked. `objections` say why it may not be kept."""

    schema: Schema
    tables: set[str] = field(default_factory=set)
    objections: set[str] = field(default_factory=set)

    def note(self, sql: str) -> None:
        tables, objections = _understand(sql, self.schema)
        self.tables |= tables
        self.objections |= objections


_schemas: dict[str, Schema] = {}
_open: Final = threading.local()


def read_schema(home: str) -> Schema:
    """Of the database that calls itself so; asked once for a process, since migrations come with new processes."""
    if home not in _schemas:
        watched = watched_tables()
        with connection.cursor() as cursor:
            cursor.execute(_COLUMNS)
            columns = {table: frozenset(names) for table, names in cursor.fetchall()}
        _schemas.clear()
        _schemas[home] = Schema(columns, watched)
    return _schemas[home]


@contextmanager
def watch_reading(schema: Schema) -> Iterator[Reading]:
    reading = Reading(schema)

    def note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        reading.note(sql if isinstance(sql, str) else str(sql))
        return execute(sql, params, many, context)

    open_readings = _open.__dict__.setdefault("readings", [])
    open_readings.append(reading)
    try:
        with connection.execute_wrapper(note):
            yield reading
    finally:
        open_readings.pop()


def adopt_tables(tables: Iterable[str]) -> None:
    """A kept answer went into what this thread is making: its tables count as read there too."""
    for reading in _open.__dict__.get("readings", ()):
        reading.tables.update(tables)


class _BySchema:
    """`lru_cache` for a schema that cannot be hashed by value: it is the same object for the whole process."""

    __slots__ = ("schema",)

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _BySchema) and other.schema is self.schema


def _understand(sql: str, schema: Schema) -> tuple[frozenset[str], frozenset[str]]:
    return _analyse(sql, _BySchema(schema))


@lru_cache(maxsize=1024)
def _analyse(sql: str, by: _BySchema) -> tuple[frozenset[str], frozenset[str]]:
    """Tables and objections. A name counts wherever it stands: to read too much into a question is safe."""
    schema, text = by.schema, sql.lower()
    words = frozenset(_WORD.findall(text))
    tables = words & schema.clock_columns.keys()
    objections = {f"reads {table}, whose changes are not noted" for table in tables - schema.watched}
    if _WRITES.search(text):
        objections.add("writes")
    if _CLOCK.search(text):
        objections |= {
            f"compares {table}.{column} with the clock, and no moment is registered for it"
            for table in tables
            for column in words & schema.clock_columns[table]
            if not is_known(table, column)
        }
    return frozenset(tables), frozenset(objections)
