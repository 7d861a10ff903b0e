"""Many new rows at the speed of COPY, with ids that are known beforehand."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, Protocol

from django.db import connection
from psycopg import sql

# The name of the sequence is looked up once, not for each number.
_TAKE: Final = """
SELECT nextval(known.sequence)
FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS sequence OFFSET 0) AS known, generate_series(1, %s)
"""
# What COPY reads as the end of a cell, of a row, or as the beginning of an escape. All but the last are unprintable.
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class NotForeseen(LookupError):
    """What only the database can tell, or has to make first, is wanted ahead of time."""


class Bulk(Protocol):
    """Where new rows go: to the database now, or into a draft that is sent in its turn."""

    def take_ids(self, table: str, *, count: int) -> list[int]: ...

    def copy_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None: ...


class AtOnce:
    """To the database, in the caller's transaction."""

    def take_ids(self, table: str, *, count: int) -> list[int]:
        return take_ids(table, count=count)

    def copy_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        copy_rows(table, columns, rows)


def take_ids(table: str, *, count: int) -> list[int]:
    """Ids that nobody else will get; unused ones are lost, as with any sequence."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, (table, count))
        return [row[0] for row in cursor.fetchall()]


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Adds rows in one statement; constraints hold as for any insert. Nothing is asked for no rows."""
    if block := write_block(rows):
        send_block(table, columns, block)


def send_block(table: str, columns: Sequence[str], block: bytes) -> None:
    """A block of `write_block`, in one statement."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(block)


def write_block(rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows in COPY's text format. Raises KeyError for a value of a type that no table of an import holds."""
    lines = [write_cells(row) for row in rows]
    return ("\n".join(lines) + "\n").encode() if lines else b""


def write_cells(row: Sequence[Any]) -> str:
    """One row of such a block, without its end."""
    return "\t".join([_WRITERS[type(value)](value) for value in row])


def write_list(values: Sequence[int] | Sequence[str]) -> str:
    """As PostgreSQL writes an array."""
    return "{" + ",".join([str(value) if type(value) is int else _quote(value) for value in values]) + "}"


def _quote(value: Any) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _write_text(value: str) -> str:
    return value if value.isprintable() and "\\" not in value else value.translate(_ESCAPES)


_WRITERS: Final[dict[type, Callable[[Any], str]]] = {
    type(None): lambda value: "\\N",
    bool: lambda value: "t" if value else "f",
    datetime: lru_cache(maxsize=8)(datetime.isoformat),
    Decimal: str,
    float: repr,
    int: str,
    list: lambda value: _write_text(write_list(value)),
    str: _write_text,
}
