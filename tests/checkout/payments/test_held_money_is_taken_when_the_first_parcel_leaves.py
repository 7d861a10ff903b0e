"""Capture on dispatch: authorised at checkout, captured whole with the first parcel, let go with a cancellation."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from checkout.models import PaymentAttempt
from checkout.orders.cancel import cancel_order
from checkout.payments.capture import capture_order
from checkout.payments.gateway import get_gateway
from checkout.payments.settle import settle_payment
from checkout.payments.to_check import narrow_to_check
from shipping.fulfilment.dispatch import dispatch_shipment
from shipping.fulfilment.models import Shipment
from tests.checkout.payments.test_refunds_never_exceed_what_was_captured import run_all_jobs
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs, state_of
from tests.shopfloor import make_order, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA07")]


@pytest.fixture(autouse=True)
def capture_later(settings: Any) -> None:
    settings.CAPTURE_ON_DISPATCH = True


def authorised(till: Till, **how: Any) -> Any:
    order = make_order((make_product(price="20.00", stock=5), 2))
    till.pay(order, **how)
    till.deliver()
    run_jobs()
    return order


def send_one(order: Any) -> None:
    shipment = Shipment.objects.filter(order=order, state="open").first()
    line = shipment.lines.get()
    dispatch_shipment(shipment.pk, actor="tests", tracking_number="1", carrier="DHL", quantities={line.pk: 1})


def test_the_sum_is_held_then_captured_once_with_the_first_parcel(till: Till, order_page: Any) -> None:
    order = authorised(till)
    payment = payment_of(order)
    assert (state_of(order), payment.state, payment.captured) == ("paid", "authorised", 0)
    assert payment.capture_before is not None
    assert "set the sum aside" in order_page(order).content.decode()
    send_one(order)
    run_jobs()
    payment = payment_of(order)
    assert (state_of(order), payment.state, payment.captured) == ("partly shipped", "paid", order.total_incl_tax)
    send_one(order)
    run_jobs()
    till.deliver()
    run_jobs()
    assert state_of(order) == "shipped"
    (intent,) = till.control.state()["payment_intents"]
    assert (intent["status"], intent["amount_received"]) == ("succeeded", int(order.total_incl_tax * 100))
    assert broken_invariants() == []


def test_a_cancelled_order_lets_the_held_sum_go(till: Till) -> None:
    order = authorised(till)
    cancel_order(order.pk, reason="A test.", actor_name="tests")
    run_jobs()
    till.deliver()
    run_jobs()
    assert (state_of(order), payment_of(order).state) == ("cancelled", "cancelled")
    assert till.held() == []
    assert till.refunds() == []
    assert broken_invariants() == []


def test_money_taken_by_hand_before_it_was_let_go_goes_back(till: Till) -> None:
    """Staff press capture on the provider's own pages; the shop hears of it after the order was cancelled."""
    order = authorised(till)
    payment = payment_of(order)
    get_gateway().capture(intent_id=payment.intent_id, amount=payment.amount, currency="EUR", key="by hand")
    cancel_order(order.pk, reason="A test.", actor_name="tests")
    run_jobs()
    till.deliver()
    run_jobs()
    assert (state_of(order), payment_of(order).refunded) == ("cancelled", order.total_incl_tax)
    assert till.held() == []
    assert broken_invariants() == []


@pytest.mark.parametrize("kind", ["timeout", "error", "reset", "malformed"])
def test_a_capture_whose_answer_got_lost_is_made_once(till: Till, kind: Any) -> None:
    order = authorised(till)
    till.control.add_fault(
        kind, path="/v1/payment_intents/*/capture", method="POST", times=3, seconds=0.1, executed=kind == "error"
    )
    send_one(order)
    run_jobs()
    till.control.clear_faults()
    run_all_jobs()
    assert (state_of(order), payment_of(order).state) == ("partly shipped", "paid")
    assert len(till.control.state()["charges"]) == 1
    assert broken_invariants() == []


def test_an_authorisation_that_lapsed_before_the_parcel_goes_to_a_person(till: Till) -> None:
    order = authorised(till)
    assert not narrow_to_check(PaymentAttempt.objects.all()).exists()
    PaymentAttempt.objects.update(capture_before=Now() + timedelta(hours=23))
    assert narrow_to_check(PaymentAttempt.objects.all()).exists()
    till.control.turn_clock(advance=8 * 86_400)
    settle_payment(payment_of(order).pk)
    payment = payment_of(order)
    assert payment.state == "held"
    assert "lapsed" in payment.hold_reason
    assert capture_order(order.pk) is None
