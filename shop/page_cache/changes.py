"""Which tables changed, and since when: the triggers that note it, the question that asks it, the tidying."""

from dataclasses import dataclass
from typing import Final
from weakref import WeakSet

import psycopg
from django.db import connection

# Written all the time, or about persons: no page that everybody sees reads them, and one that did would not be kept.
UNWATCHED: Final = (
    r"^(django_(session|migrations|admin_log|content_type)|page_cache_|auth_|accounts_|account_|mfa_|socialaccount_|outbox_"
    r"|audit_|basket_|checkout_(?!review|taxrate)|payment_|order_|analytics_|communication_|customer_|address_|wishlists_"
    r"|catalog_import|inventory_(stockmovement|allocation|costlayer|lowstock.*)$|shipping_fulfilment_|fulfilment_)"
)
_UNCOVERED: Final = r"""
SELECT relation.relname FROM pg_class relation
WHERE relation.relkind IN ('r', 'p') AND relation.relnamespace = current_schema()::regnamespace
  AND relation.relname !~ %s
  AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = relation.oid AND tgname = 'page_change_emptied')
ORDER BY relation.relname
"""
_WATCH: Final = """
CREATE TRIGGER page_change_added AFTER INSERT ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION note_page_change();
CREATE TRIGGER page_change_changed AFTER UPDATE ON {table} REFERENCING OLD TABLE AS former
    FOR EACH STATEMENT EXECUTE FUNCTION note_page_change_of_rows();
CREATE TRIGGER page_change_removed AFTER DELETE ON {table} REFERENCING OLD TABLE AS former
    FOR EACH STATEMENT EXECUTE FUNCTION note_page_change_of_rows();
CREATE TRIGGER page_change_emptied AFTER TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION note_page_change();
"""
# Trigger `page_change_emptied` is made last: where it is, the others are.
_WATCHED: Final = """
SELECT relation.relname FROM pg_trigger JOIN pg_class relation ON relation.oid = tgrelid
WHERE tgname = 'page_change_emptied' AND tgenabled IN ('O', 'A')
  AND relation.relnamespace = current_schema()::regnamespace
"""
_NEWS: Final = b"""
SELECT pg_current_snapshot()::text, statement_timestamp() >= $2::timestamptz, array_to_string(ARRAY(
    SELECT DISTINCT relation FROM page_cache_change
    WHERE transaction >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(transaction, $1::pg_snapshot)
), ','), current_database() || ' ' || 'page_cache_change'::regclass::oid
"""
# A row goes two hours after it was first seen, that is surely after its commit; pages are kept for one hour.
_TIDY: Final = (
    "DELETE FROM page_cache_change WHERE seen_at < statement_timestamp() - interval '2 hours'",
    "UPDATE page_cache_change SET seen_at = statement_timestamp() WHERE seen_at IS NULL",
)
START: Final = "1:1:"
"""The snapshot before everything."""
_STATEMENT: Final = b"page_cache_news"
_SQLSTATE: Final = psycopg.pq.DiagnosticField.SQLSTATE
_NO_SUCH_STATEMENT: Final = b"26000"
_prepared: "WeakSet[psycopg.Connection]" = WeakSet()


@dataclass(frozen=True, slots=True)
class News:
    """What a worker had not heard of: `relations` that changed between its snapshot and `snapshot`, now.

    `is_due`: the moment it asked about has come. `home` names the database and its journal of changes.
    """

    snapshot: str
    is_due: bool
    relations: frozenset[str]
    home: str


def watch_tables() -> list[str]:
    """Put the triggers on every table that has none and may be read by pages; returns which got them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regproc('note_page_change_of_rows') IS NOT NULL")
        if not cursor.fetchone()[0]:  # Migrated back to before this app.
            return []
        cursor.execute(_UNCOVERED, (UNWATCHED,))
        tables = [name for (name,) in cursor.fetchall()]
        for name in tables:
            cursor.execute(_WATCH.format(table=connection.ops.quote_name(name)))
    return tables


def watched_tables() -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute(_WATCHED)
        return frozenset(name for (name,) in cursor.fetchall())


def ask_news(*, seen: str, moment: str) -> News:
    """One prepared question; raises psycopg.Error (or Django's) when the database does not answer.

    `moment` is a timestamp as the database wrote it. Asked past Django's cursor, which would cost as much again.
    """
    raw = connection.connection
    if raw is None or raw.closed:
        connection.ensure_connection()
        raw = connection.connection
    pgconn, values = raw.pgconn, [seen.encode(), moment.encode()]
    if raw in _prepared:
        result = pgconn.exec_prepared(_STATEMENT, values)
        if (
            result.error_field(_SQLSTATE) == _NO_SUCH_STATEMENT
        ):  # After a rollback the driver lets go of all there were.
            _prepared.discard(raw)
    if raw not in _prepared:
        _check(pgconn, pgconn.prepare(_STATEMENT, _NEWS))
        _prepared.add(raw)
        result = pgconn.exec_prepared(_STATEMENT, values)
    if result.status != psycopg.pq.ExecStatus.TUPLES_OK:
        _prepared.discard(raw)
        _check(pgconn, result)
    snapshot, is_due, relations, home = (result.get_value(0, column) for column in range(4))
    assert snapshot is not None
    assert home is not None
    names = relations.decode().split(",") if relations else []
    return News(snapshot.decode(), is_due == b"t", frozenset(names), home.decode())


def forget_old_changes() -> int:
    """Safe at any time; returns how many rows went."""
    with connection.cursor() as cursor:
        cursor.execute(_TIDY[0])
        gone = cursor.rowcount
        cursor.execute(_TIDY[1])
    return gone


def _check(pgconn: psycopg.pq.abc.PGconn, result: psycopg.pq.abc.PGresult) -> None:
    if result.status not in (psycopg.pq.ExecStatus.COMMAND_OK, psycopg.pq.ExecStatus.TUPLES_OK):
        message = result.error_message or pgconn.error_message
        raise psycopg.OperationalError(message.decode(errors="replace"))
