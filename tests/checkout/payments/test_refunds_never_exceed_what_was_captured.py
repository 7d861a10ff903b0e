"""Refunds: within the captured sum under concurrency, once per key, told truthfully, sent once whatever breaks."""

import time
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db.models.functions import Now
from oscar.apps.order.models import Order

from checkout.models import OrderEvent, PaymentAttempt, Refund
from checkout.payments import refund as refunding
from checkout.payments.errors import RefundFrozen, RefundTooLarge
from checkout.payments.refund import refund_payment, send_refund
from checkout.payments.settle import settle_payment
from checkout.payments.to_check import narrow_to_check
from shop.outbox.models import OutboxEvent
from tests.checkout.payments.test_settling_at_once_has_one_effect import at_once
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs, state_of
from tests.shopfloor import make_order, make_product

pytestmark = pytest.mark.feature("PA08")


def paid_order(till: Till, **how: Any) -> Order:
    """24.90: goods of 20.00 and delivery."""
    order = make_order(make_product(price="20.00"))
    till.pay(order, **how)
    settle_payment(payment_of(order).pk)
    return order


def ask(order: Order, amount: str, *, key: str = "goodwill") -> Refund:
    return refund_payment(
        attempt_id=payment_of(order).pk, amount=Decimal(amount), key=key, reason="A scratch.", actor_name="tests"
    )


def run_all_jobs() -> None:
    """Also those that wait for their next try."""
    for _ in range(6):
        OutboxEvent.objects.filter(done_at__isnull=True, attempts__gt=0).update(available_at=Now())
        run_jobs()


@pytest.mark.django_db
def test_partial_refunds_add_up_and_the_last_one_ends_the_order(till: Till) -> None:
    order = paid_order(till)
    ask(order, "4.90", key="delivery")
    run_jobs()
    assert (state_of(order), payment_of(order).refunded) == ("paid", Decimal("4.90"))
    ask(order, "20.00", key="goods")
    run_jobs()
    assert (state_of(order), payment_of(order).refunded) == ("refunded", Decimal("24.90"))
    assert sorted(refund["amount"] for refund in till.refunds()) == [490, 2000]
    assert len([one for one in mail.outbox if one.subject.startswith("Money back")]) == 2
    assert broken_invariants() == []


@pytest.mark.django_db
def test_more_than_what_is_left_is_refused_with_the_figure(till: Till) -> None:
    order = paid_order(till)
    ask(order, "20.00")
    with pytest.raises(RefundTooLarge, match=r"4\.90 EUR of this payment can still be refunded, not 4\.91 EUR"):
        ask(order, "4.91", key="more")
    for wrong in ("0.00", "-1.00", "1.001"):
        with pytest.raises(ValueError):
            ask(order, wrong, key="wrong")
    assert Refund.objects.count() == 1


@pytest.mark.django_db
def test_the_same_key_is_one_refund(till: Till) -> None:
    order = paid_order(till)
    assert ask(order, "5.00").pk == ask(order, "5.00").pk
    run_jobs()
    send_refund(Refund.objects.get().pk)
    assert [refund["amount"] for refund in till.refunds()] == [500]


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_cannot_refund_more_than_was_captured(till: Till) -> None:
    order = paid_order(till)
    raised = at_once([lambda key=key: ask(order, "20.00", key=f"staff {key}") for key in range(4)])
    assert [type(problem) for problem in raised] == [RefundTooLarge] * 3
    run_jobs()
    assert [refund["amount"] for refund in till.refunds()] == [2000]
    assert broken_invariants() == []


@pytest.mark.django_db(transaction=True)
def test_the_check_and_the_write_of_a_refund_cannot_be_parted(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """A competing request begins exactly between check and write; without the lock both would pass the check."""
    import threading

    from django.db import connection

    order = paid_order(till)
    create = Refund.objects.create
    rivals: list[threading.Thread] = []
    refused: list[BaseException] = []

    def rival() -> None:
        try:
            ask(order, "20.00", key="rival")
        except BaseException as problem:
            refused.append(problem)
        finally:
            connection.close()

    def create_with_rival(**fields: Any) -> Refund:
        monkeypatch.setattr(Refund.objects, "create", create)
        rivals.append(threading.Thread(target=rival))
        rivals[0].start()
        rivals[0].join(timeout=0.5)
        return create(**fields)

    monkeypatch.setattr(Refund.objects, "create", create_with_rival)
    ask(order, "20.00", key="first")
    rivals[0].join()
    assert [type(problem) for problem in refused] == [RefundTooLarge]
    assert payment_of(order).refunded == Decimal("20.00")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["timeout", "malformed", "reset", "rate_limit", "error"])
def test_a_refund_whose_answer_got_lost_is_made_once(till: Till, kind: Any) -> None:
    order = paid_order(till)
    ask(order, "5.00")
    till.control.add_fault(kind, path="/v1/refunds", method="POST", times=3, seconds=0.1, executed=kind == "error")
    run_jobs()
    till.control.clear_faults()
    run_all_jobs()
    assert Refund.objects.get().state == "succeeded"
    assert [refund["amount"] for refund in till.refunds()] == [500]
    assert broken_invariants() == []


@pytest.mark.django_db
def test_a_remembered_failure_that_made_nothing_is_tried_with_a_new_key(till: Till) -> None:
    order = paid_order(till)
    key = ask(order, "5.00").idempotency_key
    till.control.add_fault("error", path="/v1/refunds", method="POST", times=1, executed=False, saved=True)
    run_all_jobs()
    refund = Refund.objects.get()
    assert (refund.state, refund.idempotency_key != key) == ("succeeded", True)
    assert [one["amount"] for one in till.refunds()] == [500]


@pytest.mark.django_db
def test_a_refund_that_fails_later_counts_no_more_and_goes_to_a_person(till: Till) -> None:
    order = paid_order(till, card="4000000000005126")
    refund = ask(order, "24.90")
    run_jobs()
    till.control.turn_clock(advance=60)
    time.sleep(0.2)
    till.deliver(till.events("refund.updated", "refund.failed", "charge.refunded"))
    run_jobs()
    refund.refresh_from_db()
    assert (refund.state, refund.failure) == ("failed", "expired_or_canceled_card")
    assert payment_of(order).refunded == 0
    assert OrderEvent.objects.filter(order=order, kind="alert", message__contains="failed").count() == 1
    assert list(narrow_to_check(PaymentAttempt.objects.all())) == [payment_of(order)]
    ask(order, "24.90", key="second try")
    assert list(narrow_to_check(PaymentAttempt.objects.all())) == []
    assert [name for name, _ in broken_invariants() if name.startswith("I4")] == []


@pytest.mark.django_db
def test_a_pending_refund_is_not_told_as_done_before_it_is(till: Till) -> None:
    order = paid_order(till, card="4000000000007726")
    ask(order, "24.90")
    send_refund(Refund.objects.get().pk)
    assert (Refund.objects.get().state, state_of(order)) == ("pending", "paid")
    run_jobs()
    assert not [one for one in mail.outbox if one.subject.startswith("Money back")]
    till.control.turn_clock(advance=60)
    time.sleep(0.2)
    till.deliver(till.events("refund.updated"))
    till.deliver(list(reversed(till.events("refund.created", "refund.updated"))))
    run_jobs()
    assert (Refund.objects.get().state, state_of(order)) == ("succeeded", "refunded")
    assert len([one for one in mail.outbox if one.subject.startswith("Money back")]) == 1
    assert broken_invariants() == []


@pytest.mark.django_db
def test_a_disputed_payment_is_not_refunded_on_top(till: Till) -> None:
    order = paid_order(till, card="4000000000000259")
    events = till.events("charge.dispute.created", "charge.dispute.funds_withdrawn")
    till.deliver([event for event in reversed(events) for _ in range(2)])
    run_jobs()
    assert PaymentAttempt.objects.get(order=order).disputed_at is not None
    with pytest.raises(RefundFrozen, match="answer the dispute"):
        ask(order, "5.00")
    assert OrderEvent.objects.filter(order=order, kind="alert", message__contains="disputes").count() == 1


@pytest.mark.django_db
def test_a_refund_made_on_the_providers_own_pages_is_written_down(till: Till) -> None:
    from checkout.payments.gateway import get_gateway

    order = paid_order(till)
    payment = payment_of(order)
    get_gateway().refund(
        intent_id=payment.intent_id, amount=Decimal("3.00"), currency="EUR", key="by hand", refund_ref=""
    )
    till.deliver(till.events("refund.created", "charge.refunded", "refund.updated"))
    till.deliver(till.events("refund.created", "charge.refunded", "refund.updated"))
    run_jobs()
    assert [(one.amount, one.state, one.actor_name) for one in Refund.objects.all()] == [
        (Decimal("3.00"), "succeeded", "payment provider")
    ]
    assert payment_of(order).refunded == Decimal("3.00")
    assert broken_invariants() == []


@pytest.mark.django_db
def test_a_refund_the_provider_refuses_is_given_back_to_the_books(till: Till) -> None:
    order = paid_order(till)
    payment = payment_of(order)
    refund = ask(order, "24.90")
    PaymentAttempt.objects.filter(pk=payment.pk).update(intent_id="pi_unknown")
    send_refund(refund.pk)
    refund.refresh_from_db()
    assert refund.state == "failed"
    assert "No such payment_intent" in refund.failure
    assert payment_of(order).refunded == 0
    assert refunding.send_refund(refund.pk) is None
