"""Races on real connections: settle against settle, against the sweeper, against a cancellation."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from django.db import connection
from oscar.apps.order.models import Order

from checkout.models import Mail, OrderEvent
from checkout.orders.cancel import CannotCancel, cancel_order
from checkout.payments import settle
from checkout.payments.settle import apply_truth, settle_payment
from checkout.payments.sweep import sweep_order
from checkout.placement import place_order
from inventory.models import Allocation
from inventory.shortage import InsufficientStock
from tests.checkout.payments.test_a_late_payment_is_honoured_or_sent_back import let_reservation_run_out
from tests.checkout.payments.test_an_unpaid_order_ends_at_the_provider_first import let_time_run_out
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs, state_of
from tests.shopfloor import make_draft, make_order, make_product, quote_of

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


@pytest.mark.feature("PA06")
def test_of_two_who_paid_late_for_the_last_units_one_gets_them_and_the_other_the_money(till: Till) -> None:
    for _ in range(3):
        thing = make_product(stock=2)
        late: list[Order] = []
        for name in ("ada", "grace"):
            late.append(make_order((thing, 2), email=f"{name}-{thing.pk}@example.com"))
            till.pay(late[-1])
            let_reservation_run_out(late[-1])
        works = [partial(settle_payment, payment_of(order).pk) for order in late] * 2
        assert at_once(works) == []
        run_jobs()
        till.deliver()
        run_jobs()
        assert sorted(state_of(order) for order in late) == ["cancelled", "paid"]
        lost = next(order for order in late if state_of(order) == "cancelled")
        assert [refund["amount"] for refund in till.refunds()][-1] == int(lost.total_incl_tax * 100)
        assert Mail.objects.filter(order=lost, kind="order_refunded").count() == 1
    assert (len(till.refunds()), len(till.held())) == (3, 3)
    assert broken_invariants() == []


@pytest.mark.feature("PA06")
def test_a_late_payment_against_a_new_buyer_of_the_last_unit_has_one_winner(till: Till) -> None:
    winners = Counter[str]()
    for _ in range(4):
        thing = make_product(stock=1)
        late = make_order(thing)
        till.pay(late)
        let_reservation_run_out(late)
        draft = make_draft(thing, email="grace@example.com")
        place = partial(place_order, draft.pk, shown_digest=quote_of(draft).digest)
        told = at_once([partial(settle_payment, payment_of(late).pk), place])
        assert all(isinstance(problem, InsufficientStock) for problem in told)
        run_jobs()
        assert (state_of(late), bool(told)) in {("paid", True), ("cancelled", False)}
        winners[state_of(late)] += 1
    assert len(till.refunds()) == winners["cancelled"]
    assert len(till.held()) == winners["paid"]
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
