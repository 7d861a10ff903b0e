"""F9: a provider that sends again for a day, or an endpoint pinned to an old version of its API. Only names are taken from an
event, so its age and its shape change nothing: each effect happens once.
"""

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from checkout.models import Mail, PlacedOrder, ProviderEvent
from checkout.orders.records import OrderEvent
from checkout.payments.refund import refund_payment
from inventory.models import Reservation
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs, state_of
from tests.shopfloor import attempt_of, make_order, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA04")]
DAY = 24 * 60 * 60


def a_day_old(event: dict[str, Any]) -> dict[str, Any]:
    """As it is sent again: of yesterday, signed now."""
    return {**event, "created": event["created"] - DAY, "pending_webhooks": 1}


def of_2017(event: dict[str, Any]) -> dict[str, Any]:
    """As an endpoint of API 2017-08-15 gets it: charges inside the intent, refunds inside the charge, no `request`."""
    old = deepcopy(event)
    old.pop("request", None)
    old["api_version"] = "2017-08-15"
    thing = old["data"]["object"]
    if thing["object"] == "payment_intent":
        charge = thing.pop("latest_charge", None)
        thing["charges"] = {"object": "list", "data": [{"object": "charge", "id": charge}] if charge else []}
        thing["allowed_source_types"] = ["card"]
    elif thing["object"] == "charge":
        thing["refunds"] = {"object": "list", "data": [], "total_count": 0}
        thing["source"] = {"object": "card", "last4": "4242"}
        for newer in ("payment_method_details", "billing_details", "outcome"):
            thing.pop(newer, None)
    elif thing["object"] == "checkout.session":
        for newer in ("status", "payment_status", "amount_total", "currency"):
            thing.pop(newer, None)
        thing["display_items"] = []
    elif thing["object"] == "refund":
        old["type"] = "charge.refund.updated"
        thing.pop("payment_intent", None)
    return old


def effects(order: Any) -> dict[str, int]:
    return {
        "paid": OrderEvent.objects.filter(order=order, to_state="paid").count(),
        "confirmed": Mail.objects.filter(order=order, kind="order_confirmed").count(),
        "not handled": ProviderEvent.objects.filter(handled_at=None).count(),
    }


ONCE = {"paid": 1, "confirmed": 1, "not handled": 0}


@pytest.mark.parametrize("shape", [a_day_old, of_2017])
def test_five_deliveries_backwards_pay_the_order_once(till: Till, shape: Any) -> None:
    order = make_order(make_product(stock=5))
    till.pay(order)
    events = [shape(event) for event in till.events()]
    assert events
    assert set(till.deliver(events[::-1] * 5)) == {200}
    run_jobs()
    assert (state_of(order), effects(order)) == ("paid", ONCE)
    assert len(till.held()) == 1
    assert broken_invariants() == []


@pytest.mark.parametrize("kind", ["payment_intent.", "charge.", "checkout.session."])
def test_one_event_of_an_old_shape_is_enough(till: Till, kind: str) -> None:
    order = make_order(make_product(stock=5))
    till.pay(order)
    events = [of_2017(event) for event in till.events() if event["type"].startswith(kind)]
    assert set(till.deliver(events[-1:])) == {200}
    run_jobs()
    assert (state_of(order), effects(order)) == ("paid", ONCE)


@pytest.mark.parametrize(("left", "state"), [(1, "paid"), (0, "cancelled")])
def test_money_that_is_told_of_a_day_late_buys_what_is_left_or_goes_back(till: Till, left: int, state: str) -> None:
    thing = make_product(stock=1)
    order = make_order(thing)
    till.pay(order)
    Reservation.objects.update(expires_at=Now() - timedelta(days=1))
    PlacedOrder.objects.update(pay_until=Now() - timedelta(days=1))
    if not left:
        make_order(thing)
    assert set(till.deliver([a_day_old(event) for event in till.events()] * 2)) == {200}
    run_jobs()
    till.deliver()
    run_jobs()
    assert state_of(order) in ({state} if left else {state, "refunded"})
    assert len(till.held()) == left
    assert sum(refund["amount"] for refund in till.refunds()) == (0 if left else int(order.total_incl_tax * 100))
    assert broken_invariants() == []


@pytest.mark.parametrize("shape", [a_day_old, of_2017])
def test_a_refund_is_told_of_once(till: Till, shape: Any) -> None:
    order = make_order(make_product(stock=5))
    till.pay(order)
    till.deliver()
    run_jobs()
    known = len(till.events())
    refund_payment(attempt_id=attempt_of(order).pk, amount=order.total_incl_tax, key="old", reason="A test.")
    run_jobs()
    assert set(till.deliver([shape(event) for event in till.events()[known:]][::-1] * 3)) == {200}
    run_jobs()
    assert payment_of(order).refunded == order.total_incl_tax
    assert len(till.refunds()) == 1
    assert Mail.objects.filter(order=order, kind__contains="refund").count() == 1
    assert effects(order)["not handled"] == 0
    assert broken_invariants() == []
