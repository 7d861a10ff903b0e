"""Races on real connections: settle against settle, against the sweeper, against a cancellation."""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from django.db import connection

from checkout.models import Mail, OrderEvent
from checkout.orders.cancel import CannotCancel, cancel_order
from checkout.payments import settle
from checkout.payments.settle import apply_truth, settle_payment
from checkout.payments.sweep import sweep_order
from inventory.models import Allocation
from tests.checkout.payments.test_an_unpaid_order_ends_at_the_provider_first import let_time_run_out
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs, state_of
from tests.shopfloor import make_order, make_product

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(works: Sequence[Callable[[], Any]]) -> list[BaseException]:
    """Run all on connections of their own, started together; what they raised."""
    barrier = threading.Barrier(len(works))
    raised: list[BaseException] = []

    def run(work: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            work()
        except BaseException as problem:
            raised.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_eight_settlements_at_once_allocate_and_announce_once(till: Till) -> None:
    order = make_order((make_product(stock=5), 2))
    till.pay(order)
    attempt = payment_of(order)
    assert at_once([lambda: settle_payment(attempt.pk)] * 8) == []
    run_jobs()
    assert state_of(order) == "paid"
    assert OrderEvent.objects.filter(order=order, to_state="paid").count() == 1
    assert OrderEvent.objects.filter(order=order, kind="payment", message__startswith="Paid").count() == 1
    assert sum(one.quantity for one in Allocation.objects.all()) == 2
    assert Mail.objects.filter(kind="order_confirmed").count() == 1
    assert broken_invariants() == []


def test_a_second_settlement_waits_at_the_lock_and_then_finds_it_done(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A competing settlement begins exactly between the first one's check and its write."""
    order = make_order()
    till.pay(order)
    attempt = payment_of(order)
    truth = settle.gateway_of(attempt).fetch_payment(attempt.session_id)
    find = settle._find_difference
    rivals: list[threading.Thread] = []
    raised: list[BaseException] = []

    def rival() -> None:
        try:
            apply_truth(attempt.pk, truth)
        except BaseException as problem:
            raised.append(problem)
        finally:
            connection.close()

    def find_with_rival(*args: Any) -> str:
        monkeypatch.setattr(settle, "_find_difference", find)
        rivals.append(threading.Thread(target=rival))
        rivals[0].start()
        rivals[0].join(timeout=0.5)
        return find(*args)

    monkeypatch.setattr(settle, "_find_difference", find_with_rival)
    apply_truth(attempt.pk, truth)
    rivals[0].join()
    assert raised == []
    assert OrderEvent.objects.filter(order=order, to_state="paid").count() == 1
    assert OrderEvent.objects.filter(order=order, message__startswith="Paid:").count() == 1


def test_an_older_truth_applied_late_changes_nothing_back(till: Till) -> None:
    order = make_order()
    till.open(order)
    attempt = payment_of(order)
    old = settle.gateway_of(attempt).fetch_payment(attempt.session_id)
    till.pay(order)
    settle_payment(attempt.pk)
    apply_truth(attempt.pk, old)
    assert (state_of(order), payment_of(order).state) == ("paid", "paid")


def test_the_sweeper_and_the_webhook_agree_on_one_end(till: Till) -> None:
    for _ in range(5):
        order = make_order(make_product(stock=1))
        till.pay(order)
        let_time_run_out(order)
        attempt = payment_of(order)
        raised = at_once([partial(sweep_order, order.pk), partial(settle_payment, attempt.pk)] * 2)
        assert raised == []
        assert state_of(order) == "paid"
    run_jobs()
    assert broken_invariants() == []


@pytest.mark.feature("OR04")
def test_a_cancellation_against_the_payment_leaves_no_money_without_an_order(till: Till) -> None:
    ends: dict[str, str] = {}
    for _ in range(5):
        order = make_order(make_product(stock=1))
        till.pay(order)
        attempt = payment_of(order)
        withdraw = partial(cancel_order, order.pk, reason="A test.", actor_name="tests")
        raised = at_once([withdraw, partial(settle_payment, attempt.pk), withdraw])
        assert all(isinstance(problem, CannotCancel) for problem in raised)
        ends[order.number] = state_of(order)
    run_jobs()
    assert set(ends.values()) <= {"cancelled", "paid"}
    assert sorted(one["metadata"]["order"] for one in till.held()) == sorted(
        number for number, end in ends.items() if end == "paid"
    )
    assert broken_invariants() == []
