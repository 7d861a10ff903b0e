"""A visitor finds a statement with a matched and an open row, and a payment that is held; the books agree all the same."""

from typing import Any

import pytest

from checkout.models import PaymentAttempt, StatementEntry
from shipping.fulfilment.models import ParcelStop
from shop.demo import books
from shop.demo.catalogue.orders import demo_orders
from tests.checkout.till import broken_invariants
from tests.checkout.transfer.bank import transfer_order

pytestmark = pytest.mark.django_db


def test_one_transfer_is_matched_one_waits_and_one_was_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []

    def order_one(pattern: Any, place: int, *, records: Any) -> Any:
        made.append(transfer_order())
        return made[-1]

    monkeypatch.setattr(books, "_order_by_transfer", order_one)
    books.receive_transfers(demo_orders()[-3:])
    states = dict(StatementEntry.objects.values_list("bank_reference", "state"))
    assert states == {"demo-1": "matched", "demo-2": "open", "demo-3": "open", "demo-4": "set aside"}
    assert [PaymentAttempt.objects.get(order=order).state for order in made] == ["paid", "open", "held"]
    assert ParcelStop.objects.get().order == made[2]
    assert broken_invariants() == []
