"""Numbers without a gap: taken under the lock of the series' row, in the transaction that writes the paper.

A crash or a refusal rolls both back, so the next paper gets the number. (A database sequence would leave the gap.)
"""

from django.db import connection, transaction

from checkout.invoices.records import PaperSeries


def take_number(series_code: str) -> int:
    """The next number; raises TransactionManagementError outside a transaction, where it could be lost."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A paper's number is taken in the transaction that writes it.")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {PaperSeries._meta.db_table} (code, last_number) VALUES (%s, 1)"
            " ON CONFLICT (code) DO UPDATE SET last_number = checkout_paperseries.last_number + 1"
            " RETURNING last_number",
            [series_code],
        )
        return int(cursor.fetchone()[0])
