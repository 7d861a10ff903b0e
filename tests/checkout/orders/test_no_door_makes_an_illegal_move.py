"""OR01: the desk, the shopper's page, the jobs, the sweeper and a shell are refused alike; what they may do says who and why."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.db.models.functions import Now
from django.test import Client
from oscar.apps.order.models import Order

from checkout.models import OrderEvent, PlacedOrder
from checkout.orders.access import order_path, token_of
from checkout.orders.cancel import CannotCancel, cancel_order
from checkout.orders.shipped import follow_dispatch
from checkout.orders.states import MOVES
from checkout.payments.refund import refund_payment
from checkout.payments.settle import settle_payment
from checkout.payments.sweep import sweep_order
from shipping.fulfilment.dispatch import dispatch_shipment
from shipping.fulfilment.models import Shipment
from tests.backoffice.desk import staff_client
from tests.checkout.till import Till, payment_of, run_jobs, state_of
from tests.shopfloor import make_order, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("OR01")]


def pay(till: Till, units: int = 2) -> Order:
    order = make_order((make_product(stock=5), units))
    till.pay(order)
    till.deliver()
    run_jobs()
    return order


def send(order: Order, units: int | None = None) -> None:
    parcel = Shipment.objects.filter(order=order, state="open").latest("pk")
    line = parcel.lines.get()
    quantities = None if units is None else {line.pk: units}
    dispatch_shipment(parcel.pk, actor="packer", tracking_number="1", quantities=quantities)
    run_jobs()


def give_all_back(order: Order) -> None:
    payment = payment_of(order)
    refund_payment(
        attempt_id=payment.pk,
        amount=payment.captured,
        key=f"all:{order.pk}",
        reason="It came broken.",
        actor_name="support",
    )
    run_jobs()


def shipped(till: Till) -> Order:
    order = pay(till)
    send(order)
    return order


def refunded(till: Till) -> Order:
    order = shipped(till)
    give_all_back(order)
    return order


def cancelled(till: Till) -> Order:
    order = pay(till)
    cancel_order(order.pk, reason="A test.", actor_name="tests")
    run_jobs()
    return order


@pytest.mark.parametrize("ended", [shipped, refunded, cancelled])
def test_what_has_ended_stays_so_whichever_door_is_tried(till: Till, ended: Callable[[Till], Order]) -> None:
    order = ended(till)
    state, parcel = ended.__name__, Shipment.objects.filter(order=order).latest("pk")
    moves = OrderEvent.objects.filter(order=order, kind="state").count()
    assert state_of(order) == state
    desk = staff_client()
    page = desk.get(f"/admin/order/order/{order.pk}/cancel/")
    desk.post(f"/admin/order/order/{order.pk}/cancel/", {"key": page.context["form"]["key"].value(), "reason": "x"})
    Client().post(f"{order_path(token_of(order.pk))}cancel/")
    if state != "cancelled":
        with pytest.raises(CannotCancel, match=f"is {state}; it can become"):
            cancel_order(order.pk, reason="A shell.", actor_name="shell")
    follow_dispatch({"order_id": order.pk, "shipment_id": parcel.pk})
    settle_payment(payment_of(order).pk)
    PlacedOrder.objects.filter(order=order).update(pay_until=Now() - timedelta(minutes=1))
    sweep_order(order.pk)
    till.deliver(till.events())
    run_jobs()
    for other in ("pending payment", "paid", "partly shipped"):
        order.status = other
        with pytest.raises(DatabaseError, match=f"cannot move from {state} to {other}"), transaction.atomic():
            order.save()
    assert state_of(order) == state
    assert OrderEvent.objects.filter(order=order, kind="state").count() == moves


def test_every_move_that_the_shop_makes_says_who_and_why(till: Till) -> None:
    whole = pay(till)
    send(whole, 1)
    send(whole)
    give_all_back(whole)
    give_all_back(pay(till))
    half = pay(till)
    send(half, 1)
    give_all_back(half)
    shipped(till)
    cancelled(till)
    unpaid = make_order()
    PlacedOrder.objects.filter(order=unpaid).update(pay_until=Now() - timedelta(minutes=1))
    sweep_order(unpaid.pk)
    moves = OrderEvent.objects.exclude(from_state="").filter(kind="state")
    assert set(moves.values_list("from_state", "to_state")) == {(old, new) for old in MOVES for new in MOVES[old]}
    assert not moves.filter(actor_name="").exists()
    assert not moves.filter(reason="").exists()
    assert set(moves.values_list("actor_name", flat=True)) >= {"fulfilment", "support", "sweeper", "tests"}
