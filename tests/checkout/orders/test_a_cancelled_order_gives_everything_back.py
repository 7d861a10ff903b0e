"""Cancelling before dispatch: money, stock and parcels follow by themselves, once; after dispatch it is refused."""

from decimal import Decimal
from functools import partial

import pytest
from django.core import mail
from django.test import Client

from checkout.models import OrderEvent
from checkout.orders.access import order_path, token_of
from checkout.orders.cancel import CannotCancel, cancel_order
from inventory.availability import saleable
from shipping.fulfilment.dispatch import CannotDispatch, dispatch_shipment
from shipping.fulfilment.models import Shipment
from shipping.fulfilment.picking import mark_picked
from tests.checkout.payments.test_settling_at_once_has_one_effect import at_once
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs, state_of
from tests.shopfloor import make_order, make_product, record_of

pytestmark = pytest.mark.feature("OR04")


def paid(till: Till, *things: object) -> object:
    order = make_order(*things)
    till.pay(order)
    till.deliver()
    run_jobs()
    return order


@pytest.mark.django_db
def test_a_shopper_cancels_a_paid_order_from_its_page(till: Till, client: Client) -> None:
    thing = make_product(stock=3)
    order = paid(till, (thing, 2))
    page = order_path(token_of(order.pk))
    answer = client.post(f"{page}cancel/", follow=True)
    assert f"Order {order.number} is cancelled." in answer.content.decode()
    client.post(f"{page}cancel/")
    run_jobs()
    assert state_of(order) == "cancelled"
    assert payment_of(order).refunded == order.total_incl_tax
    assert len(till.refunds()) == 1
    assert till.held() == []
    assert saleable(record_of(thing).pk) == 3
    assert Shipment.objects.get(order=order).state == "cancelled"
    assert [one.subject for one in mail.outbox][1:] == [
        f"Your order {order.number} is cancelled",
        f"Money back for your order {order.number}",
    ]
    assert broken_invariants() == []


@pytest.mark.django_db
def test_an_unpaid_order_is_closed_at_the_provider_before_its_stock_is_free(till: Till, client: Client) -> None:
    thing = make_product(stock=1)
    order = make_order(thing)
    till.open(order)
    till.control.add_fault("reset", path="/v1/checkout/sessions/*")
    page = order_path(token_of(order.pk))
    assert "cannot be reached just now" in client.post(f"{page}cancel/", follow=True).content.decode()
    assert (state_of(order), saleable(record_of(thing).pk)) == ("pending payment", 0)
    till.control.clear_faults()
    client.post(f"{page}cancel/")
    run_jobs()
    assert (state_of(order), saleable(record_of(thing).pk)) == ("cancelled", 1)
    assert {session["status"] for session in till.control.state()["sessions"]} == {"expired"}
    assert broken_invariants() == []


@pytest.mark.django_db
def test_a_parcel_that_is_packed_stops_the_shopper_but_not_the_staff(till: Till, client: Client) -> None:
    order = paid(till, make_product())
    mark_picked([Shipment.objects.get(order=order).pk])
    page = order_path(token_of(order.pk))
    assert f"{page}cancel/" not in client.get(page).content.decode()
    assert "is being packed" in client.post(f"{page}cancel/", follow=True).content.decode()
    assert state_of(order) == "paid"
    cancel_order(order.pk, reason="The customer rang.", actor_name="tests")
    run_jobs()
    assert state_of(order) == "cancelled"
    assert broken_invariants() == []


@pytest.mark.django_db
def test_what_has_left_cannot_be_cancelled(till: Till) -> None:
    order = paid(till, (make_product(), 2))
    shipment = Shipment.objects.get(order=order)
    line = shipment.lines.get()
    dispatch_shipment(shipment.pk, actor="tests", tracking_number="123", carrier="DHL", quantities={line.pk: 1})
    with pytest.raises(CannotCancel):
        cancel_order(order.pk, reason="Too late.", actor_name="tests")
    run_jobs()
    assert state_of(order) == "partly shipped"
    with pytest.raises(CannotCancel, match="partly shipped"):
        cancel_order(order.pk, reason="Too late.", actor_name="tests")
    assert till.refunds() == []
    assert broken_invariants() == []


@pytest.mark.django_db(transaction=True)
def test_cancel_against_dispatch_has_one_winner(till: Till) -> None:
    for _ in range(4):
        order = paid(till, make_product(stock=1))
        shipment = Shipment.objects.get(order=order)
        raised = at_once(
            [
                partial(cancel_order, order.pk, reason="A test.", actor_name="tests"),
                partial(dispatch_shipment, shipment.pk, actor="tests", tracking_number="1", carrier="DHL"),
            ]
        )
        assert [type(problem) for problem in raised] in ([CannotCancel], [CannotDispatch])
        run_jobs()
        assert (state_of(order), Shipment.objects.get(pk=shipment.pk).state) in (
            ("cancelled", "cancelled"),
            ("shipped", "dispatched"),
        )
    assert broken_invariants() == []


@pytest.mark.django_db
def test_the_timeline_says_who_and_why(till: Till) -> None:
    order = paid(till, make_product())
    cancel_order(order.pk, reason="Wrong colour.", actor_name="keeper")
    event = OrderEvent.objects.get(order=order, to_state="cancelled")
    assert (event.actor_name, event.reason, event.data) == ("keeper", "Wrong colour.", {"cause": "withdrawn"})
    refund = OrderEvent.objects.get(order=order, kind="refund")
    assert (refund.actor_name, refund.reason) == ("keeper", "Wrong colour.")
    assert payment_of(order).refunded > Decimal(0)
