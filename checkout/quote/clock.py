"""The database's clock: what judges time windows and tax dates."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The instant of this statement, aware (not of the transaction's start, which may lie before a long wait)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        row = cursor.fetchone()
    assert row is not None
    instant: datetime = row[0]
    return instant
