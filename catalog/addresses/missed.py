"""Remember which addresses are asked for in vain: how often and when, never by whom.

A flood of wrong addresses must not become a flood of writes. Each process counts in memory and writes what it counted in
one statement, at most every PAUSE seconds and for at most MOST_AT_ONCE paths; the table keeps the MOST_KEPT that are
asked for most. What a process had not written when it ended is lost: these are hints, not books.
"""

import logging
import re
import threading
import time
from collections import Counter
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

from django.db import DatabaseError, connection, transaction

from catalog.addresses.models import PATH_LENGTH

PAUSE: Final = 2.0
MOST_AT_ONCE: Final = 200
MOST_KEPT: Final = 1_000
DAYS_KEPT: Final = 90

# Their addresses carry names, orders, tokens and what people searched for.
PERSONAL: Final = ("/account", "/admin", "/basket", "/checkout", "/media", "/order", "/search", "/static", "/webhooks")
# Addresses of old shops end so; every other file is a robot looking for holes.
_PAGES: Final = (".htm", ".html")
# A mail address, or a run of letters and digits that no one would type: a token, a session, a number of a person.
_TELLING: Final = re.compile(r"@|%40|(?=[^/]*[0-9])[0-9A-Za-z_=-]{24,}|[0-9]{9,}")

_WRITE: Final = """
INSERT INTO addresses_missedaddress AS known (path, count, first_at, last_at)
SELECT path, times, statement_timestamp(), statement_timestamp() FROM unnest(%s::text[], %s::int[]) AS asked (path, times)
ORDER BY path
ON CONFLICT (path) DO UPDATE SET count = LEAST(known.count::bigint + EXCLUDED.count, 2000000000)::int,
    last_at = EXCLUDED.last_at
"""
_FORGET: Final = """
DELETE FROM addresses_missedaddress WHERE last_at < statement_timestamp() - make_interval(days => %s) OR id IN (
    SELECT id FROM addresses_missedaddress ORDER BY count DESC, last_at DESC OFFSET %s)
"""

_log = logging.getLogger(__name__)


class Tally:
    """What this process counted since it last wrote; safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._written_at = float("-inf")

    def add(self, path: str) -> Mapping[str, int]:
        """What is due to be written now, nothing most of the time."""
        with self._lock:
            if path in self._counts or len(self._counts) < MOST_AT_ONCE:
                self._counts[path] += 1
            if time.monotonic() - self._written_at < PAUSE:
                return {}
            self._written_at = time.monotonic()
            due, self._counts = self._counts, Counter()
            return due


_tally = Tally()


def note_missed(path: str) -> None:
    """Count an address that was not found. A database that cannot be written to is no reason to fail a page."""
    kept = clean_missed(path)
    if kept is None:
        return
    due = _tally.add(kept)
    if due:
        try:
            write_missed(due)
        except DatabaseError:
            _log.warning("%d addresses that were not found could not be counted", len(due))


def write_missed(counts: Mapping[str, int]) -> None:
    """Add these counts, then forget what is too old or too rare to be kept."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_WRITE, (list(counts), list(counts.values())))
        cursor.execute(_FORGET, (DAYS_KEPT, MOST_KEPT))


def clean_missed(path: str) -> str | None:
    """The path as it is kept, without its query; None when it could tell of a person, or is no page's address."""
    if len(path) > PATH_LENGTH or not path.isprintable() or path.startswith(PERSONAL) or _TELLING.search(path):
        return None
    leaf = unquote(path).rstrip("/").rpartition("/")[2]
    if "." in leaf and not leaf.endswith(_PAGES):
        return None
    return path.rstrip("/") or None
