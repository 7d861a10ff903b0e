"""Multicapture with units sold ahead: what has to come in stays set aside until its own parcel, or goes back if cancelled."""

from decimal import Decimal

import pytest
from django.utils import timezone
from oscar.apps.order.models import Order

from catalog.kits.records import Kit, KitPart
from checkout.models import Capture, Refund
from checkout.orders.cancel import CannotCancel
from checkout.orders.withdrawing import give_withdrawn_back, plan_withdrawal, withdraw_waiting
from checkout.payments.capture import capture_order
from checkout.payments.reconcile import reconcile_payments
from checkout.payments.settle import settle_payment
from checkout.payments.to_check import narrow_lapsing
from checkout.terms import IMMEDIATE, give_consent
from inventory.ledger import Entry, receive_stock
from shipping.fulfilment.dispatch import dispatch_shipment
from shipping.fulfilment.models import Shipment
from shop.outbox.models import OutboxEvent
from tests.checkout.payments.test_each_parcel_charges_what_is_in_it import (
    JCB,
    arrive,
    authorised,
    capture_each_parcel,
    intent_of,
    send,
    sold_ahead,
)
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs, state_of
from tests.shopfloor import make_draft, make_product, make_product_class, record_of

__all__ = ["capture_each_parcel"]
pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA07")]


def send_all(order: Order) -> None:
    dispatch_shipment(Shipment.objects.get(order=order, state="open").pk, actor="tests")
    run_jobs()


def test_a_line_that_has_to_come_in_is_charged_with_its_own_parcel(till: Till) -> None:
    vase = sold_ahead(price="33.33")
    order = authorised(till, make_product(price="10.00"), (vase, 3))
    send_all(order)
    assert (payment_of(order).state, payment_of(order).captured) == ("authorised", Decimal("14.90"))
    arrive(vase, 2)
    assert payment_of(order).captured == Decimal("14.90"), "what has come in did not leave"
    send_all(order)
    assert (payment_of(order).state, payment_of(order).captured) == ("authorised", Decimal("81.56"))
    arrive(vase, 1)
    send_all(order)
    assert (payment_of(order).state, payment_of(order).captured) == ("paid", Decimal("114.89"))
    assert list(Capture.objects.values_list("amount", "is_final", "state")) == [
        (Decimal("14.90"), False, "taken"),
        (Decimal("66.66"), False, "taken"),
        (Decimal("33.33"), True, "taken"),
    ]
    assert (state_of(order), intent_of(till, order)["status"], broken_invariants()) == ("shipped", "succeeded", [])


def test_the_rest_of_a_line_that_has_come_in_but_is_in_no_parcel_yet_waits_too(till: Till) -> None:
    """The parcel of what is here leaves between the arrival and the job that packs what came in."""
    vase = sold_ahead(here=1, price="10.00")
    order = authorised(till, (vase, 3))
    entry = Entry(stock_record_id=record_of(vase).pk, actor_name="tests", idempotency_key="in")
    receive_stock(entry, quantity=2)
    parcel = Shipment.objects.get(order=order)
    dispatch_shipment(parcel.pk, actor="tests")
    filled = OutboxEvent.objects.filter(name="backorder.filled", done_at__isnull=True)
    filled.update(available_at="2999-01-01T00:00Z")
    run_jobs()
    assert (payment_of(order).captured, state_of(order)) == (Decimal("14.90"), "partly shipped")
    filled.update(available_at="2000-01-01T00:00Z")
    run_jobs()
    send_all(order)
    assert (payment_of(order).state, payment_of(order).captured, state_of(order)) == (
        "paid",
        Decimal("34.90"),
        "shipped",
    )


def test_what_never_travels_is_charged_with_the_first_parcel(till: Till) -> None:
    ticket_class = make_product_class("Ticket", track_stock=False)
    type(ticket_class).objects.filter(pk=ticket_class.pk).update(requires_shipping=False)
    ticket = make_product(price="5.00", product_class=ticket_class)
    vase = sold_ahead(price="20.00")
    draft = make_draft(ticket, make_product(price="10.00"), vase)
    draft.consents = give_consent(draft.consents, IMMEDIATE, at=timezone.now())
    draft.save()
    order = authorised(till, draft=draft)
    send_all(order)
    assert payment_of(order).captured == Decimal("19.90")
    arrive(vase, 1)
    send_all(order)
    assert (payment_of(order).state, payment_of(order).captured) == ("paid", Decimal("39.90"))


def test_of_a_kit_the_parts_that_left_are_charged(till: Till) -> None:
    cup, saucer = make_product(stock=5), sold_ahead()
    kit = make_product(price="12.00", stock=0)
    row = Kit.objects.create(stock_record=record_of(kit))
    KitPart.objects.create(kit=row, component=record_of(cup), quantity=2, position=0)
    KitPart.objects.create(kit=row, component=record_of(saucer), quantity=1, position=1)
    order = authorised(till, kit)
    send_all(order)
    assert payment_of(order).captured == Decimal("12.90"), "two of three parts, and the delivery"
    arrive(saucer, 1)
    send_all(order)
    assert (payment_of(order).state, payment_of(order).captured) == ("paid", Decimal("16.90"))


def test_a_card_that_takes_no_parts_is_charged_whole_although_units_wait(till: Till) -> None:
    order = authorised(till, make_product(), (sold_ahead(), 2), card=JCB)
    send_all(order)
    assert (payment_of(order).state, payment_of(order).captured) == ("paid", payment_of(order).amount)


def test_what_waits_is_cancelled_after_the_first_parcel_and_its_money_goes_back(till: Till) -> None:
    vase = sold_ahead(here=1, price="3.33")
    order = authorised(till, (make_product(price="10.00"), 2), (vase, 9))
    send(order, 1, 1)
    run_jobs()
    assert payment_of(order).captured == Decimal("18.23")
    done = withdraw_waiting(order)
    assert (done.amount, payment_of(order).captured) == (Decimal("26.64"), Decimal("18.23"))
    run_jobs()
    payment = payment_of(order)
    assert (payment.state, payment.captured, payment.refunded) == ("authorised", Decimal("44.87"), Decimal("26.64"))
    assert withdraw_waiting(order).waiting == ()
    send_all(order)
    payment = payment_of(order)
    assert (payment.state, payment.captured, payment.refunded) == ("paid", Decimal("54.87"), Decimal("26.64"))
    assert payment.amount == order.total_incl_tax
    assert [refund["amount"] for refund in till.refunds()] == [2664]
    assert (state_of(order), broken_invariants(), reconcile_payments().differences) == ("shipped", [], ())


def test_when_nothing_else_is_left_cancelling_it_is_the_last_step(till: Till) -> None:
    vase = sold_ahead(price="20.00")
    order = authorised(till, make_product(price="10.00"), vase)
    send_all(order)
    withdraw_waiting(order)
    till.control.add_fault("timeout", path="/v1/payment_intents/*/capture", method="POST", times=3, seconds=0.1)
    run_jobs()
    assert not Refund.objects.exists(), "nothing goes back before it was taken"
    till.control.clear_faults()
    event = OutboxEvent.objects.get(name="payment.part_withdrawn")
    for _ in range(2):
        give_withdrawn_back(event.payload)
    run_jobs()
    payment = payment_of(order)
    assert (payment.state, payment.captured, payment.refunded) == ("paid", Decimal("34.90"), Decimal("20.00"))
    assert (state_of(order), [refund["amount"] for refund in till.refunds()]) == ("shipped", [2000])
    assert broken_invariants() == []


def test_before_anything_left_a_person_cancels_the_waiting_part(till: Till) -> None:
    """Nothing may be taken yet, so nothing could go back by itself."""
    vase = sold_ahead(price="20.00")
    order = authorised(till, make_product(price="10.00"), vase)
    with pytest.raises(CannotCancel):
        withdraw_waiting(order)
    assert payment_of(order).captured == 0
    whole = authorised(till, sold_ahead(price="20.00"))
    assert (plan_withdrawal(whole).is_whole, plan_withdrawal(whole).amount) == (True, Decimal("24.90"))
    withdraw_waiting(whole)
    run_jobs()
    till.deliver()
    assert (state_of(whole), payment_of(whole).state, payment_of(whole).captured) == ("cancelled", "cancelled", 0)


def test_an_authorisation_that_ends_while_units_wait_raises_the_alarm_and_stops_the_rest(
    till: Till,
) -> None:
    vase = sold_ahead(price="20.00")
    order = authorised(till, make_product(price="10.00"), vase)
    send_all(order)
    payment = payment_of(order)
    assert payment.capture_before is not None
    assert not narrow_lapsing(type(payment).objects.all())
    type(payment).objects.update(capture_before=payment.created_at)
    assert list(narrow_lapsing(type(payment).objects.all())) == [payment]
    till.control.turn_clock(advance=8 * 86_400)
    settle_payment(payment.pk)
    assert (payment_of(order).state, payment_of(order).captured) == ("held", Decimal("14.90"))
    arrive(vase, 1)
    assert not Shipment.objects.filter(order=order, state="open").exists(), "what came in stays here"
    assert capture_order(order.pk) is None
    assert (state_of(order), broken_invariants()) == ("partly shipped", [])


def test_a_refund_of_more_than_was_taken_is_left_to_a_person(till: Till) -> None:
    """The authorisation ends between the cancelling and the step that takes its share."""
    vase = sold_ahead(price="20.00")
    order = authorised(till, make_product(price="10.00"), vase)
    send_all(order)
    withdraw_waiting(order)
    till.control.turn_clock(advance=8 * 86_400)
    settle_payment(payment_of(order).pk)
    run_jobs()
    assert not Refund.objects.exists(), "it was never taken"
    assert order.events.filter(message="20.00 EUR of what was cancelled did not go back by itself.").count() == 1
    assert broken_invariants() == []


@pytest.mark.parametrize(("days", "state"), [(6, "authorised"), (7, "paid")])
def test_what_is_promised_for_after_the_hold_is_charged_at_once(till: Till, days: int, state: str) -> None:
    order = authorised(till, make_product(), sold_ahead(days=days))
    assert payment_of(order).state == state
