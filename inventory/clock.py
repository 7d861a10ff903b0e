"""The database's clock, for judging expiry. Never the web server's."""

from django.db.models import DateTimeField, Func


class StatementTime(Func):
    """The instant at which the running statement began.

    Not `now()`: that is the start of the transaction, which may lie before a long wait for a lock. A reservation that
    ran out during the wait would still look alive although another buyer has already got its units.
    """

    template = "statement_timestamp()"
    output_field = DateTimeField()
