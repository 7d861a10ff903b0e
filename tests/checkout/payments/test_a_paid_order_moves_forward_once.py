"""Return, webhook, sweeper and staff all settle by one function: any of them, in any order, any number of times."""

import pytest
from django.core import mail
from django.test import Client

from checkout.models import Mail, OrderEvent
from checkout.orders.access import order_path, token_of
from checkout.payments.settle import settle_payment
from checkout.payments.sweep import sweep_unpaid_orders
from inventory.models import Allocation, Reservation
from shipping.fulfilment.models import Shipment
from shop.outbox.models import OutboxEvent
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs, state_of
from tests.shopfloor import make_order, make_product

pytestmark = pytest.mark.django_db


def _assert_paid_once(order: object) -> None:
    run_jobs()
    payment = payment_of(order)
    assert (state_of(order), payment.state, payment.captured) == ("paid", "paid", order.total_incl_tax)
    assert OutboxEvent.objects.filter(name="order.paid").count() == 1
    assert OrderEvent.objects.filter(order=order, to_state="paid").count() == 1
    assert Mail.objects.filter(order=order, kind="order_confirmed", sent_at__isnull=False).count() == 1
    assert [message.subject for message in mail.outbox] == [f"Your order {order.number} is confirmed"]
    assert sum(one.quantity for one in Allocation.objects.all()) == 2
    assert not Reservation.objects.filter(released_at__isnull=True).exists()
    assert Shipment.objects.filter(order=order).count() == 1
    assert broken_invariants() == []


@pytest.mark.feature("PA01", "PA04")
def test_the_webhook_alone_pays_the_order_when_the_browser_never_returns(till: Till) -> None:
    order = make_order((make_product(), 2))
    till.pay(order)
    assert state_of(order) == "pending payment"
    assert set(till.deliver()) == {200}
    _assert_paid_once(order)


def test_the_browser_return_alone_pays_the_order_when_no_webhook_comes(till: Till, client: Client) -> None:
    order = make_order((make_product(), 2))
    back = till.pay(order).location.replace("http://testserver", "")
    answer = client.get(back)
    assert (answer.status_code, answer["Location"]) == (302, order_path(token_of(order.pk)))
    assert "Thank you. Your order is paid." in client.get(answer["Location"]).content.decode()
    _assert_paid_once(order)


@pytest.mark.feature("CC04")
def test_every_event_five_times_and_in_reverse_has_one_effect(till: Till, client: Client) -> None:
    order = make_order((make_product(), 2))
    back = till.pay(order).location.replace("http://testserver", "")
    events = till.events()
    till.deliver([event for event in reversed(events) for _ in range(5)])
    run_jobs()
    client.get(back)
    till.deliver(events)
    for _ in range(5):
        settle_payment(payment_of(order).pk)
    sweep_unpaid_orders()
    _assert_paid_once(order)


@pytest.mark.feature("PA01")
def test_the_return_address_alone_marks_nothing_paid(till: Till, client: Client) -> None:
    order = make_order((make_product(), 2))
    till.open(order)
    session = payment_of(order).session_id
    answer = client.get(f"{order_path(token_of(order.pk))}?session_id={session}", follow=True)
    assert "We are waiting for your bank" in answer.content.decode()
    for forged in ("cs_forged", "%00", "x" * 5000):
        address = f"{order_path(token_of(order.pk))}?session_id={forged}&paid=1"
        assert client.get(address, follow=True).status_code == 200
    assert state_of(order) == "pending payment"
