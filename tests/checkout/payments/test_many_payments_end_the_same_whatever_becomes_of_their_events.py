"""PA04 at size: events lost, five times, shuffled, three days late; some payments fail, some are refunded. One final state."""

import os
import random
from collections import Counter

import pytest

from checkout.models import PaymentAttempt, Refund
from checkout.payments.reconcile import reconcile_payments
from checkout.payments.sweep import sweep_unpaid_orders
from tests.checkout.till import Till, broken_invariants, run_jobs
from tests.shopfloor import make_order, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA04")]
DAYS = 3 * 86_400


def pay_and_deliver(till: Till, number: int) -> None:
    dice, lamp = random.Random(72), make_product("Lamp", price="10.00", stock=number)
    wanted = Counter[str]()
    for place in range(number):
        order = make_order(lamp, email=f"shopper{place}@example.com")
        is_refused = place % 5 == 4
        till.pay(order, card="4000000000000002" if is_refused else "4242424242424242")
        wanted["open" if is_refused else "paid"] += 1
    events = [event for event in till.events() if dice.random() > 0.2]
    many = [{**event, "created": event["created"] - DAYS} for event in events for _ in range(5)]
    dice.shuffle(many)
    assert set(till.deliver(many)) == {200}
    run_jobs(rounds=200)
    # What no event told of is found by asking: the sweep and the reconciliation of each hour.
    sweep_unpaid_orders()
    reconcile_payments()
    run_jobs(rounds=200)
    assert Counter(PaymentAttempt.objects.values_list("state", flat=True)) == wanted
    assert sum(charge["amount_captured"] for charge in till.held()) == wanted["paid"] * 1490
    assert not Refund.objects.exists()
    assert reconcile_payments().differences == ()
    assert broken_invariants() == []


def test_five_payments(till: Till) -> None:
    pay_and_deliver(till, 5)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_thousand_payments(till: Till) -> None:
    pay_and_deliver(till, int(os.environ.get("PAYMENTS", "1000")))
