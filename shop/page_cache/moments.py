"""Which columns are compared with the clock, and when that next makes a difference: told by the rooms.

Every column of a date or an instant that a question mentions beside the clock is either *judged* (then a moment is
registered for its table) or only *shown*; a page whose questions compare anything else is not kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import connection

ALWAYS: Final = "*"
"""Stands for the table that every page reads: the calendar."""
NEVER: Final = "infinity"
# Delivery dates and the like are words about a day of the shop's own time zone.
_MIDNIGHT: Final = "(date_trunc('day', now() AT TIME ZONE %(zone)s) + interval '1 day') AT TIME ZONE %(zone)s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """`sql` is one scalar question for the next instant, after now(), at which pages that read `table` change."""

    table: str
    sql: str


_moments: dict[str, Moment] = {"midnight": Moment(table=ALWAYS, sql=f"SELECT {_MIDNIGHT}")}
_known: set[tuple[str, str]] = set()


def register_moment(name: str, *, table: str, judged: Iterable[str], sql: str) -> None:
    """`judged` columns of `table` are compared with the clock; `sql` asks when one of them next makes a difference."""
    _moments[name] = Moment(table=table, sql=sql)
    _known.update((table, column) for column in judged)


def register_shown(table: str, *columns: str) -> None:
    """These are selected or ordered by beside a clock, and never compared with it."""
    _known.update((table, column) for column in columns)


def is_known(table: str, column: str) -> bool:
    return (table, column) in _known


def next_moments() -> Mapping[str, str]:
    """The next instant by table, as the database writes it. One query."""
    parts = [f"SELECT '{moment.table}' AS name, ({moment.sql})::timestamptz AS at" for moment in _moments.values()]
    sql = " UNION ALL ".join(parts)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT name, min(at)::text FROM ({sql}) AS known WHERE at IS NOT NULL GROUP BY name ORDER BY min(at)",
            {"zone": settings.TIME_ZONE},
        )
        return dict(cursor.fetchall())
