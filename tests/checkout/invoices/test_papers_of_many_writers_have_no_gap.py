"""OR08: whole invoices and credit notes, written at once on real connections, some of which break: 1 to n, and no other."""

import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from checkout.invoices import issue
from checkout.invoices.issue import issue_invoice
from checkout.invoices.records import Paper, PaperSeries
from tests.checkout.refunds.refunding import paid_by_hand
from tests.checkout.till import broken_invariants
from tests.shipping.fulfilment.paid import make_paid_order
from tests.shopfloor import make_product

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("OR08")]
WRITERS = 12


class Crash(Exception):
    pass


def write_papers(orders: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each order's invoice is asked for until it is there; a third of the first tries break after the number was taken."""
    lamp = make_product("Lamp", price="10.00", stock=orders)
    ids = []
    for _ in range(orders):
        order = make_paid_order(lamp)
        paid_by_hand(order)
        ids.append(order.pk)
    mine = threading.local()
    dice, take, broken = random.Random(8), issue.take_number, set[int]()
    fates = {pk: dice.random() for pk in ids}

    def take_and_break(series: str) -> int:
        number = take(series)
        pk = mine.order_id
        if fates[pk] < 0.33 and pk not in broken:
            broken.add(pk)
            if fates[pk] < 0.08:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            raise Crash
        return number

    monkeypatch.setattr(issue, "take_number", take_and_break)

    def write(pk: int) -> None:
        mine.order_id = pk
        for _ in range(3):
            try:
                issue_invoice(pk)
                break
            except Exception:
                connection.close()
        connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        # Twice each: a second writer of the same order makes no second paper.
        list(pool.map(write, dice.sample(ids * 2, len(ids) * 2)))
    assert len(broken) >= orders // 5, "a good part broke"
    numbers = sorted(Paper.objects.values_list("number", flat=True))
    assert numbers == list(range(1, orders + 1))
    assert Paper.objects.values("order").distinct().count() == orders
    assert PaperSeries.objects.get().last_number == orders
    assert [name for name, _ in broken_invariants() if name.startswith(("I6", "I9"))] == []


def test_some_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    write_papers(16, monkeypatch)


@pytest.mark.long
def test_five_hundred_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    write_papers(int(os.environ.get("PAPERS", "500")), monkeypatch)
