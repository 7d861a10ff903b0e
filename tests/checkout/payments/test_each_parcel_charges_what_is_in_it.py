"""Multicapture: each parcel charges its own units to the cent, the last one the rest; a card that cannot is charged once."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oscar.apps.catalogue.models import Product

from checkout.models import Capture
from checkout.orders.cancel import cancel_order
from checkout.payments.capture import capture_order
from checkout.payments.gateway import get_gateway
from checkout.payments.reconcile import reconcile_payments
from checkout.payments.refund import refund_payment
from checkout.payments.settle import settle_payment
from inventory.backorder_policy import set_policy, shop_today
from inventory.ledger import Entry, receive_stock
from shipping.fulfilment.dispatch import dispatch_shipment
from shipping.fulfilment.models import Shipment
from tests.checkout.payments.test_settling_at_once_has_one_effect import at_once
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs, state_of
from tests.shopfloor import make_order, make_product, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA07")]
JCB = "3566002020360505"


@pytest.fixture(autouse=True)
def capture_each_parcel(settings: Any) -> None:
    settings.CAPTURE_ON_DISPATCH = settings.CAPTURE_EACH_PARCEL = True


def authorised(till: Till, *things: Any, draft: Any = None, **how: Any) -> Any:
    """By default three lamps of 33.33 and one book of 10.00; delivery is 4.90."""
    lamps_and_book = ((make_product("Lamp", price="33.33"), 3), make_product("Book", price="10.00"))
    order = make_order(draft=draft) if draft is not None else make_order(*(things or lamps_and_book))
    till.pay(order, **how)
    till.deliver()
    run_jobs()
    return order


def sold_ahead(*, here: int = 0, cap: int = 9, days: int = 3, **fields: Any) -> Product:
    """A thing of which `here` units are on the shelf, and `cap` more are sold before they come in."""
    thing = make_product(stock=here, **fields)
    promised_on = shop_today() + timedelta(days=days)
    set_policy(stock_record_id=record_of(thing).pk, kind="backorder", cap=cap, promised_on=promised_on)
    return thing


def arrive(thing: Product, units: int) -> None:
    entry = Entry(stock_record_id=record_of(thing).pk, actor_name="tests", idempotency_key=str(uuid.uuid4()))
    receive_stock(entry, quantity=units)
    run_jobs()


def send(order: Any, *units: int) -> None:
    """So many of each line that still waits."""
    parcel = Shipment.objects.filter(order=order, state="open").get()
    lines = list(parcel.lines.order_by("order_line_id").values_list("pk", flat=True))
    dispatch_shipment(parcel.pk, actor="tests", quantities=dict(zip(lines, units, strict=False)))


def intent_of(till: Till, order: Any) -> dict[str, Any]:
    mine = payment_of(order).intent_id
    (found,) = [one for one in till.control.state()["payment_intents"] if one["id"] == mine]
    return found


def test_three_parcels_charge_exact_sums_and_the_last_one_the_rest(till: Till) -> None:
    order = authorised(till)
    payment = payment_of(order)
    assert (payment.takes_parts, payment.amount, payment.captured) == (True, Decimal("114.89"), 0)
    charged = []
    for units in ((1, 0), (1, 1), (1,)):
        send(order, *units)
        run_jobs()
        intent = intent_of(till, order)
        charged.append(payment_of(order).captured)
        assert intent["amount_received"] == int(charged[-1] * 100)
        assert intent["amount_capturable"] == (11489 - intent["amount_received"])
    assert charged == [Decimal("38.23"), Decimal("81.56"), Decimal("114.89")], "33.33 and delivery, 43.33, 33.33"
    till.deliver()
    run_jobs()
    assert (state_of(order), payment_of(order).state, intent_of(till, order)["status"]) == (
        "shipped",
        "paid",
        "succeeded",
    )
    assert [(one.amount, one.is_final, one.state) for one in Capture.objects.all()] == [
        (Decimal("38.23"), False, "taken"),
        (Decimal("43.33"), False, "taken"),
        (Decimal("33.33"), True, "taken"),
    ]
    told = order.events.filter(message__startswith="Charged: ").order_by("pk").values_list("message", flat=True)
    assert told[0] == "Charged: 38.23 EUR; 76.66 EUR are still set aside."
    assert broken_invariants() == []
    assert reconcile_payments().differences == ()


def test_a_card_that_takes_no_parts_is_charged_whole_with_the_first_parcel(till: Till) -> None:
    order = authorised(till, card=JCB)
    send(order, 1, 0)
    run_jobs()
    payment = payment_of(order)
    assert (payment.takes_parts, payment.state, payment.captured) == (False, "paid", payment.amount)
    assert state_of(order) == "partly shipped"


@pytest.mark.parametrize("kind", ["timeout", "error", "reset", "malformed"])
def test_a_step_whose_answer_got_lost_is_taken_once(till: Till, kind: Any) -> None:
    order = authorised(till)
    till.control.add_fault(
        kind, path="/v1/payment_intents/*/capture", method="POST", times=3, seconds=0.1, executed=kind == "error"
    )
    send(order, 1, 0)
    run_jobs()
    till.control.clear_faults()
    capture_order(order.pk)
    capture_order(order.pk)
    assert intent_of(till, order)["amount_received"] == 3823
    assert payment_of(order).captured == Decimal("38.23")
    assert list(Capture.objects.values_list("state", flat=True)) == ["taken"]


def test_money_taken_by_hand_between_two_parcels_counts(till: Till) -> None:
    order = authorised(till)
    payment = payment_of(order)
    get_gateway().capture(
        intent_id=payment.intent_id, amount=Decimal("50.00"), currency="EUR", key="by hand", is_final=False
    )
    send(order, 1, 0)
    run_jobs()
    assert payment_of(order).captured in (0, Decimal("50.00"))
    settle_payment(payment.pk)
    send(order, 1, 1)
    run_jobs()
    assert (payment_of(order).captured, intent_of(till, order)["amount_received"]) == (Decimal("81.56"), 8156)
    assert broken_invariants() == []


def test_a_part_taken_by_hand_goes_back_when_the_order_is_cancelled(till: Till) -> None:
    order = authorised(till)
    payment = payment_of(order)
    get_gateway().capture(
        intent_id=payment.intent_id, amount=Decimal("5.00"), currency="EUR", key="by hand", is_final=False
    )
    cancel_order(order.pk, reason="A test.", actor_name="tests")
    run_jobs()
    till.deliver()
    run_jobs()
    payment = payment_of(order)
    assert (state_of(order), payment.captured, payment.refunded) == ("cancelled", Decimal("5.00"), Decimal("5.00"))
    assert [refund["amount"] for refund in till.refunds()] == [500]
    assert broken_invariants() == []


def test_what_lapses_between_two_parcels_stops_the_rest(till: Till) -> None:
    order = authorised(till)
    send(order, 1, 0)
    run_jobs()
    till.control.turn_clock(advance=8 * 86_400)
    settle_payment(payment_of(order).pk)
    assert (payment_of(order).state, payment_of(order).captured) == ("held", Decimal("38.23"))
    assert not Shipment.objects.filter(order=order, state="open").exists()
    assert capture_order(order.pk) is None


def test_the_doctor_finds_a_step_that_the_payment_does_not_have(till: Till) -> None:
    payment = payment_of(authorised(till))
    Capture.objects.create(attempt=payment, idempotency_key="k", amount=9, target=9, is_final=False, state="taken")
    assert [name[:4] for name, _ in broken_invariants()] == ["I4.9"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_parcel_take_it_once(till: Till) -> None:
    order = authorised(till)
    parcel = Shipment.objects.get(order=order)
    dispatch_shipment(parcel.pk, actor="tests", quantities={parcel.lines.order_by("pk")[0].pk: 1})
    at_once([lambda: capture_order(order.pk)] * 4)
    capture_order(order.pk)
    assert (payment_of(order).captured, intent_of(till, order)["amount_received"]) == (Decimal("38.23"), 3823)
    assert Capture.objects.filter(state="taken").count() == Capture.objects.count() == 1


LINES = st.lists(st.tuples(st.integers(1, 9_999), st.integers(1, 4), st.integers(0, 4)), min_size=1, max_size=3)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(lines=LINES, data=st.data())
def test_whatever_waits_leaves_and_goes_back_the_sums_are_those_of_the_payment(
    till: Till, lines: Any, data: Any
) -> None:
    """Received + still set aside + let go = authorised after every step; refunds within what was received."""
    things = [sold_ahead(here=here, price=f"{cents / 100:.2f}") for cents, _, here in lines]
    order = authorised(till, *[(thing, units) for thing, (_, units, _) in zip(things, lines, strict=True)])
    total = int(payment_of(order).amount * 100)
    waiting = [max(units - here, 0) for _, units, here in lines]
    left = [units for _, units, _ in lines]
    refunds = 0
    while any(left):
        late = [place for place, units in enumerate(waiting) if units]
        if late and (sum(left) == sum(waiting) or data.draw(st.booleans())):
            place = data.draw(st.sampled_from(late))
            came = data.draw(st.integers(1, waiting[place]))
            arrive(things[place], came)
            waiting[place] -= came
            assert int(payment_of(order).captured * 100) == intent_of(till, order)["amount_received"], "nothing left"
        parcel = data.draw(st.sampled_from(list(Shipment.objects.filter(order=order, state="open").order_by("pk"))))
        packed = list(parcel.lines.order_by("order_line_id"))
        take = [data.draw(st.integers(int(place == 0), one.quantity)) for place, one in enumerate(packed)]
        dispatch_shipment(parcel.pk, actor="tests", quantities={one.pk: n for one, n in zip(packed, take, strict=True)})
        ids = list(order.lines.order_by("pk").values_list("pk", flat=True))
        for one, units in zip(packed, take, strict=True):
            left[ids.index(one.order_line_id)] -= units
        run_jobs()
        intent, payment = intent_of(till, order), payment_of(order)
        received = intent["amount_received"]
        sent = 490 + sum(cents * (units - rest) for (cents, units, _), rest in zip(lines, left, strict=True))
        assert received == sent, "the delivery and the units that left, to the cent"
        assert received + intent["amount_capturable"] == total
        assert intent["status"] == ("requires_capture" if any(left) else "succeeded")
        assert int(payment.captured * 100) == received
        if data.draw(st.booleans()) and received > refunds:
            back = data.draw(st.integers(1, received - refunds))
            refund_payment(
                attempt_id=payment.pk, amount=Decimal(back) / 100, key=f"{payment.pk}:{refunds}", reason="A test."
            )
            run_jobs()
            refunds += back
        (charge,) = [one for one in till.control.state()["charges"] if one["payment_intent"] == intent["id"]]
        assert charge["amount_refunded"] == refunds == int(payment_of(order).refunded * 100)
    assert payment_of(order).state == "paid"
    assert broken_invariants() == []
