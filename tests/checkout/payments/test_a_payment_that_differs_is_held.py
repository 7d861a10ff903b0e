"""Charged amount = order amount, or the order stops: amount, currency and order are compared; nothing is shipped."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail

from checkout.models import OrderEvent, PaymentAttempt
from checkout.orders.cancel import cancel_order
from checkout.payments.errors import PaymentNotPossible
from checkout.payments.providers import gateway_of
from checkout.payments.settle import apply_truth
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


@pytest.mark.parametrize(
    ("differs", "words"),
    [
        ({"captured": Decimal("9.99"), "amount": Decimal("9.99")}, "The provider holds 9.99 EUR"),
        ({"captured": Decimal("99.99"), "amount": Decimal("99.99")}, "The provider holds 99.99 EUR"),
        ({"state": "authorised", "captured": Decimal(0), "amount": Decimal("9.99")}, "The provider holds 9.99 EUR"),
        ({"order_ref": ""}, "names order (none)"),
    ],
    ids=["too little", "too much", "too little set aside", "no order"],
)
def test_something_else_at_the_provider(till: Till, differs: dict[str, Any], words: str) -> None:
    """Our own books agree with each other; what the provider tells does not."""
    order = make_order(make_product(price="20.00"))
    till.pay(order)
    attempt = payment_of(order)
    truth = gateway_of(attempt).fetch_payment(attempt.session_id)
    apply_truth(attempt.pk, replace(truth, **differs))
    _assert_held(order, words)


def test_an_order_that_comes_to_more_than_was_asked_for_and_paid(till: Till) -> None:
    order = make_order(make_product(price="20.00"))
    till.pay(order)
    attempt, less = payment_of(order), Decimal("9.99")
    truth = gateway_of(attempt).fetch_payment(attempt.session_id)
    PaymentAttempt.objects.filter(pk=attempt.pk).update(amount=less)
    apply_truth(attempt.pk, replace(truth, amount=less, captured=less))
    _assert_held(order, "the order comes to 24.90 EUR")


def test_an_order_of_another_currency(till: Till) -> None:
    order = make_order()
    till.pay(order)
    attempt = payment_of(order)
    truth = gateway_of(attempt).fetch_payment(attempt.session_id)
    PaymentAttempt.objects.filter(pk=attempt.pk).update(currency="USD")
    apply_truth(attempt.pk, replace(truth, currency="USD"))
    _assert_held(order, f"the order comes to {order.total_incl_tax} EUR")


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
