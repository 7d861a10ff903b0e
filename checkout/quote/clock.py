"""The database's clock: what judges time windows and tax dates."""

from datetime import datetime

from shop.written_once import ask


def database_now() -> datetime:
    """The instant of this statement, aware (not of the transaction's start, which may lie before a long wait)."""
    ((instant,),) = ask("SELECT statement_timestamp()", ())
    assert isinstance(instant, datetime)
    return instant
