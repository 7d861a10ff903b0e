"""Charged amount = order amount, or the order stops: amount, currency and order are compared; nothing is shipped."""

from decimal import Decimal
from typing import Any

import pytest
from django.core import mail

from checkout.models import OrderEvent, PaymentAttempt
from checkout.orders.cancel import cancel_order
from checkout.payments.errors import PaymentNotPossible
from checkout.payments.start import pay_order
from checkout.payments.sweep import sweep_unpaid_orders
from inventory.models import Allocation
from shipping.fulfilment.models import Shipment
from tests.checkout.payments.test_an_unpaid_order_ends_at_the_provider_first import let_time_run_out
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs, state_of
from tests.shopfloor import make_order, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA03")]


def _assert_held(order: Any, words: str) -> None:
    run_jobs()
    payment = payment_of(order)
    assert (state_of(order), payment.state) == ("pending payment", "held")
    assert words in payment.hold_reason
    assert not Shipment.objects.exists()
    assert not Allocation.objects.exists()
    assert mail.outbox == []
    assert OrderEvent.objects.filter(order=order, kind="alert").count() == 1


@pytest.mark.parametrize("stored", ["9.99", "99.99"])
def test_another_amount(till: Till, order_page: Any, stored: str) -> None:
    order = make_order(make_product(price="20.00"))
    till.pay(order)
    PaymentAttempt.objects.filter(order=order).update(amount=Decimal(stored))
    till.deliver()
    till.deliver()
    _assert_held(order, f"asked for {stored} EUR, the order comes to 24.90 EUR")
    assert "We are looking at your payment" in order_page(order).content.decode()


def test_another_currency(till: Till) -> None:
    order = make_order()
    till.pay(order)
    PaymentAttempt.objects.filter(order=order).update(currency="USD")
    till.deliver()
    _assert_held(order, "Paid in EUR instead of")


def test_another_order(till: Till) -> None:
    order, other = make_order(), make_order(email="grace@example.com")
    till.pay(order)
    stolen = PaymentAttempt.objects.get(order=order)
    PaymentAttempt.objects.filter(pk=stolen.pk).update(session_id="", state="cancelled")
    PaymentAttempt.objects.filter(order=other).update(session_id=stolen.session_id, state="open")
    till.deliver(till.events("checkout.session.completed"))
    _assert_held(other, f"names order {order.number}, not {other.number}")


def test_a_held_order_waits_for_a_person_and_is_not_paid_again(till: Till) -> None:
    order = make_order(make_product(price="20.00"))
    till.pay(order)
    PaymentAttempt.objects.filter(order=order).update(amount=Decimal("30.00"))
    till.deliver()
    run_jobs()
    let_time_run_out(order)
    assert sweep_unpaid_orders() == {"cancelled": 0, "paid": 0, "waiting": 0}
    with pytest.raises(PaymentNotPossible, match="need not pay again"):
        pay_order(order.pk)
    cancel_order(order.pk, reason="The sums differ.", actor_name="tests")
    run_jobs()
    assert state_of(order) == "cancelled"
    assert till.held() == []
    assert [name for name, _ in broken_invariants() if name.startswith(("I1 ", "I4", "I5", "I10"))] == []
    till.deliver()
    run_jobs()
    assert payment_of(order).state == "cancelled"
    assert len(till.refunds()) == 1
