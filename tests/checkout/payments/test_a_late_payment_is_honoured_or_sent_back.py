"""Paid after the reservation ran out: accepted while units are left, else refunded by itself, with a mail."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db.models.functions import Now
from oscar.apps.order.models import Order

from checkout.models import Refund
from checkout.orders.cancel import cancel_order
from checkout.payments.records import PaymentAttempt
from checkout.payments.settle import settle_payment
from inventory.availability import saleable
from inventory.models import Reservation
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs, state_of
from tests.shopfloor import make_order, make_product, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA06")]


def let_reservation_run_out(order: Order) -> None:
    Reservation.objects.filter(claim=f"order:{order.pk}").update(expires_at=Now() - timedelta(minutes=1))


def test_a_late_payment_is_accepted_while_units_are_left(till: Till) -> None:
    order = make_order((make_product(stock=2), 2))
    till.pay(order)
    let_reservation_run_out(order)
    till.deliver()
    run_jobs()
    assert state_of(order) == "paid"
    assert broken_invariants() == []


def test_a_late_payment_for_units_that_are_gone_is_refunded_once(till: Till, order_page: Any) -> None:
    thing = make_product(stock=2)
    slow = make_order((thing, 2))
    till.pay(slow)
    let_reservation_run_out(slow)
    quick = make_order((thing, 1), email="grace@example.com")
    till.pay(quick)
    settle_payment(payment_of(quick).pk)
    assert state_of(quick) == "paid"

    for _ in range(3):
        till.deliver()
        settle_payment(payment_of(slow).pk)
        run_jobs()
    assert state_of(slow) == "cancelled"
    payment = payment_of(slow)
    assert (payment.state, payment.captured, payment.refunded) == ("paid", slow.total_incl_tax, slow.total_incl_tax)
    assert [refund["amount"] for refund in till.refunds()] == [int(slow.total_incl_tax * 100)]
    assert Refund.objects.get().state == "succeeded"
    assert [one["metadata"]["order"] for one in till.held()] == [quick.number]
    assert saleable(record_of(thing).pk) == 1
    page = order_page(slow).content.decode()
    assert "sold out before your payment came" in page
    assert "The whole sum goes back to you" in page
    subjects = [one.subject for one in mail.outbox if one.to == ["ada@example.com"]]
    assert sorted(subjects) == [f"Money back for your order {slow.number}", f"Your order {slow.number} is cancelled"]
    assert broken_invariants() == []


def test_a_payment_that_comes_after_the_order_was_cancelled_goes_back(till: Till) -> None:
    order = make_order()
    till.pay(order)
    # A process that closed the page locally, then lost its connection before it heard of the payment.
    PaymentAttempt.objects.filter(order=order).update(state="cancelled")
    cancel_order(order.pk, reason="A test.", actor_name="tests")
    till.deliver()
    run_jobs()
    assert state_of(order) == "cancelled"
    assert till.held() == []
    assert len(till.refunds()) == 1
    assert broken_invariants() == []


def test_two_payments_for_one_order_are_never_kept_quietly(till: Till) -> None:
    order = make_order()
    till.pay(order)
    first = payment_of(order)
    PaymentAttempt.objects.filter(pk=first.pk).update(state="cancelled")
    till.pay(order)
    second = payment_of(order)
    assert second.pk != first.pk
    till.deliver()
    run_jobs()
    assert state_of(order) == "paid"
    states = sorted(PaymentAttempt.objects.filter(order=order).values_list("state", flat=True))
    assert states == ["held", "paid"]
