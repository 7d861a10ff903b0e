"""The sweeper: close the payment page, and only when that succeeded give stock and vouchers back."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db.models.functions import Now
from oscar.apps.order.models import Order

from checkout.models import PlacedOrder
from checkout.payments.errors import PaymentNotPossible
from checkout.payments.settle import settle_payment
from checkout.payments.start import pay_order
from checkout.payments.sweep import sweep_order, sweep_unpaid_orders
from inventory.availability import saleable
from shop.embedded.sandbox.client import pay
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs, state_of
from tests.shopfloor import make_order, make_product, record_of

pytestmark = pytest.mark.django_db


def let_time_run_out(order: Order) -> None:
    PlacedOrder.objects.filter(pk=order.pk).update(pay_until=Now() - timedelta(minutes=1))


@pytest.mark.feature("PA01")
def test_an_abandoned_payment_gives_the_stock_back(till: Till, order_page: Any) -> None:
    thing = make_product(stock=3)
    order = make_order((thing, 2))
    url = till.open(order)
    assert sweep_unpaid_orders() == {"cancelled": 0, "paid": 0, "waiting": 0}
    let_time_run_out(order)
    assert "The time to pay is over" in order_page(order).content.decode()
    assert sweep_unpaid_orders() == {"cancelled": 1, "paid": 0, "waiting": 0}
    assert sweep_unpaid_orders() == {"cancelled": 0, "paid": 0, "waiting": 0}
    run_jobs()
    assert (state_of(order), payment_of(order).state) == ("cancelled", "cancelled")
    assert saleable(record_of(thing).pk) == 3
    assert pay(url).status != 303
    assert till.held() == []
    assert "This order was not paid in time" in order_page(order).content.decode()
    assert [one.subject for one in mail.outbox] == [f"Your order {order.number} is cancelled"]
    assert broken_invariants() == []


def test_nothing_is_given_back_while_the_provider_cannot_be_asked(till: Till) -> None:
    thing = make_product(stock=3)
    order = make_order((thing, 2))
    url = till.open(order)
    let_time_run_out(order)
    for kind in ("error", "reset", "rate_limit", "malformed"):
        till.control.add_fault(kind, path="/v1/*")
        assert sweep_unpaid_orders() == {"cancelled": 0, "paid": 0, "waiting": 1}
        till.control.clear_faults()
    assert state_of(order) == "pending payment"
    pay(url)
    assert sweep_unpaid_orders() == {"cancelled": 0, "paid": 1, "waiting": 0}
    run_jobs()
    assert state_of(order) == "paid"
    assert broken_invariants() == []


def test_a_provider_that_fails_only_when_closing_keeps_the_stock_held(till: Till) -> None:
    thing = make_product(stock=3)
    order = make_order((thing, 2))
    till.open(order)
    let_time_run_out(order)
    till.control.add_fault("reset", path="/v1/checkout/sessions/*/expire", method="POST")
    assert sweep_unpaid_orders()["waiting"] == 1
    assert (state_of(order), payment_of(order).state) == ("pending payment", "open")
    assert saleable(record_of(thing).pk) == 1


def test_a_payment_between_the_question_and_the_closing_wins(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    order = make_order()
    url = till.open(order)
    let_time_run_out(order)
    from checkout.payments.gateway import StripeGateway

    fetch = StripeGateway.fetch_payment

    def pay_right_after(self: StripeGateway, session_id: str) -> Any:
        truth = fetch(self, session_id)
        monkeypatch.setattr(StripeGateway, "fetch_payment", fetch)
        pay(url)
        return truth

    monkeypatch.setattr(StripeGateway, "fetch_payment", pay_right_after)
    assert sweep_order(order.pk) == "paid"
    run_jobs()
    assert state_of(order) == "paid"
    assert len(till.held()) == 1
    assert broken_invariants() == []


def test_an_attempt_that_never_reached_the_provider_is_cancelled_without_it(till: Till) -> None:
    order = make_order()
    let_time_run_out(order)
    till.control.add_fault("reset")
    assert sweep_unpaid_orders() == {"cancelled": 1, "paid": 0, "waiting": 0}
    run_jobs()
    assert state_of(order) == "cancelled"


def test_after_the_time_is_up_nobody_can_begin_to_pay(till: Till) -> None:
    order = make_order()
    till.open(order)
    till.control.turn_clock(advance=2 * 3600)
    settle_payment(payment_of(order).pk)
    let_time_run_out(order)
    with pytest.raises(PaymentNotPossible, match="time to pay"):
        pay_order(order.pk)
    assert sweep_unpaid_orders()["cancelled"] == 1


def test_a_page_that_expired_early_is_replaced_by_a_new_one(till: Till) -> None:
    order = make_order()
    first = till.open(order)
    till.control.turn_clock(advance=2 * 3600)
    till.deliver(till.events("checkout.session.expired"))
    run_jobs()
    assert (state_of(order), payment_of(order).state) == ("pending payment", "cancelled")
    till.control.turn_clock(offset=0)
    second = till.open(order)
    assert second != first
    pay(second)
    till.deliver()
    run_jobs()
    assert state_of(order) == "paid"
    assert broken_invariants() == []
