"""A competing buyer is run exactly between the check and the write of another: with the lock, and without it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection
from oscar.apps.partner.models import StockRecord

from inventory import allocation, dispatch, ledger, reservation
from inventory.allocation import LineDemand, allocate
from inventory.availability import saleable
from inventory.models import Allocation, Reservation, StockLevel
from inventory.reservation import reserve
from inventory.shortage import InsufficientStock
from tests.inventory.shelf import stocked

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("IN01")]


class Competitor:
    """Another buyer on a connection of its own."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self._act = act
        self._thread = threading.Thread(target=self._run)
        self._known = threading.Event()
        self.pid = 0
        self.answer: Any = None

    def _run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.pid = cursor.fetchone()[0]
            self._known.set()
            self.answer = self._act()
        except Exception as problem:
            self.answer = problem
        finally:
            connection.close()

    def run_until_done_or_blocked(self) -> str:
        """`done`, or `blocked` when the database makes it wait for a lock."""
        self._thread.start()
        assert self._known.wait(timeout=10)
        for _ in range(200):
            if not self._thread.is_alive():
                return "done"
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'", [self.pid])
                if cursor.fetchone():
                    return "blocked"
            time.sleep(0.05)
        raise AssertionError("the competitor neither finished nor waited for a lock")

    def finish(self) -> Any:
        self._thread.join(timeout=20)
        assert not self._thread.is_alive()
        return self.answer


@contextmanager
def run_between_check_and_write(module: Any, competitor: Competitor, monkeypatch: pytest.MonkeyPatch) -> Iterator[list]:
    """`module._write` is the first write after the check: the competitor runs just before it, once."""
    write, seen = module._write, []

    def interrupted(*args: Any, **kwargs: Any) -> Any:
        if not seen and threading.current_thread() is threading.main_thread():
            seen.append(competitor.run_until_done_or_blocked())
        return write(*args, **kwargs)

    monkeypatch.setattr(module, "_write", interrupted)
    yield seen


def forget_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_without_lock(ids: Any) -> dict[int, StockRecord]:
        return {record.pk: record for record in StockRecord.objects.filter(pk__in=set(ids))}

    for module in (reservation, allocation, ledger, dispatch):
        monkeypatch.setattr(module, "lock_stock_records", read_without_lock)


def reserve_one(claim: str, record: StockRecord) -> list[Reservation]:
    return reserve(claim=claim, quantities={record.pk: 1}, minutes=15)


def allocate_one(claim: str, record: StockRecord) -> list[Allocation]:
    return allocate(claim=claim, lines=[LineDemand(f"line:{claim}", record.pk, 1)])


def test_the_second_buyer_of_the_last_unit_waits_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    record = stocked(1)
    second = Competitor(lambda: reserve_one("order:2", record))
    with run_between_check_and_write(reservation, second, monkeypatch) as seen:
        reserve_one("order:1", record)
    assert seen == ["blocked"]
    assert isinstance(second.finish(), InsufficientStock)
    assert Reservation.objects.count() == 1


def test_without_the_lock_both_buyers_would_hold_the_last_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    record = stocked(1)
    forget_the_lock(monkeypatch)
    second = Competitor(lambda: reserve_one("order:2", record))
    with run_between_check_and_write(reservation, second, monkeypatch) as seen:
        reserve_one("order:1", record)
    assert seen == ["done"]
    second.finish()
    assert Reservation.objects.count() == 2, "the race that the lock prevents did not happen: this test proves nothing"


def test_the_second_payer_of_the_last_unit_waits_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    record = stocked(1)
    second = Competitor(lambda: allocate_one("order:2", record))
    with run_between_check_and_write(allocation, second, monkeypatch) as seen:
        allocate_one("order:1", record)
    assert seen == ["blocked"]
    assert isinstance(second.finish(), InsufficientStock)
    assert (Allocation.objects.count(), StockLevel.objects.get().allocated) == (1, 1)


def test_without_the_lock_the_database_itself_refuses_to_promise_a_unit_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record = stocked(1)
    forget_the_lock(monkeypatch)
    second = Competitor(lambda: allocate_one("order:2", record))
    with (
        run_between_check_and_write(allocation, second, monkeypatch) as seen,
        pytest.raises(IntegrityError, match="inventory_allocated_within_on_hand"),
    ):
        allocate_one("order:1", record)
    assert seen == ["done"]
    second.finish()
    assert list(Allocation.objects.values_list("claim", flat=True)) == ["order:2"]


def test_a_reservation_that_runs_out_while_its_payer_waits_for_the_lock_is_judged_after_the_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The transaction's own now() would still call it alive, and two buyers would be promised the unit."""
    from datetime import timedelta

    from django.db import transaction
    from django.db.models.functions import Now

    record = stocked(1)
    reserve_one("order:1", record)
    payer = Competitor(lambda: allocate_one("order:1", record))
    with transaction.atomic():
        reservation.lock_stock_records([record.pk])
        assert payer.run_until_done_or_blocked() == "blocked"
        Reservation.objects.update(expires_at=Now() - timedelta(milliseconds=1))
        reserve_one("order:2", record)
    assert isinstance(payer.finish(), InsufficientStock)
    assert saleable(record.pk) == 0
    assert Allocation.objects.count() == 0
