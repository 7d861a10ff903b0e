"""OR08: 500 papers written at once on real connections, a third of them crashing: numbers 1 to n, none missing, none twice."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from checkout.invoices.numbering import take_number
from checkout.invoices.records import PaperSeries

WRITERS, PAPERS = 12, 500


class Crash(Exception):
    pass


def write(number: int) -> int | None:
    """One paper in one transaction; a third are lost after the number was taken, some by a broken connection."""
    fate = random.random()
    try:
        with transaction.atomic():
            taken = take_number("R-2031")
            if fate < 0.05:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            if fate < 0.33:
                raise Crash
        return taken
    except Exception:
        return None
    finally:
        connection.close()


@pytest.mark.feature("OR08")
@pytest.mark.django_db(transaction=True)
def test_parallel_writers_and_crashes_leave_no_gap() -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        taken = [one for one in pool.map(write, range(PAPERS)) if one is not None]
    assert PAPERS / 2 < len(taken) < PAPERS, "some crashed, most did not"
    assert sorted(taken) == list(range(1, len(taken) + 1))
    assert PaperSeries.objects.get(code="R-2031").last_number == len(taken)


@pytest.mark.django_db(transaction=True)
def test_a_number_is_never_taken_outside_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError, match="in the transaction that writes it"):
        take_number("R-2031")
