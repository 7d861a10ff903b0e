"""Refunds: checked and written under a lock, sent with a stored key, applied by one function.

requested → pending → succeeded | failed, and succeeded → failed when a bank sends the money back later. A refund counts
against the captured sum from the moment it is requested until it has failed.
"""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from oscar.apps.order.models import Order

from checkout.orders.closing import release_claims
from checkout.orders.states import REFUNDED, can_move, move_order
from checkout.orders.timeline import record_event
from checkout.payments.attempts import State, lock_attempt, new_idempotency_key
from checkout.payments.errors import ProviderFailed, ProviderRefused, RefundFrozen, RefundTooLarge
from checkout.payments.providers import gateway_of
from checkout.payments.records import PaymentAttempt, Refund
from checkout.payments.truth import RefundTruth
from shop.money import format_money, to_minor
from shop.outbox.publish import publish

PROVIDER = "payment provider"


def refund_payment(
    *, attempt_id: int, amount: Decimal, key: str, reason: str, actor: Any = None, actor_name: str = ""
) -> Refund:
    """Ask for a refund; the money moves right after the commit, through the outbox.

    `key` says what it is for, once: the same key returns the first refund. Raises RefundTooLarge, RefundFrozen, or
    ValueError for an amount that is not a positive whole number of minor units.
    """
    with transaction.atomic():
        _, attempt = lock_attempt(attempt_id)
        return request_refund(attempt, amount=amount, key=key, reason=reason, actor=actor, actor_name=actor_name)


def request_refund(
    attempt: PaymentAttempt, *, amount: Decimal, key: str, reason: str, actor: Any = None, actor_name: str = ""
) -> Refund:
    """`refund_payment` for an attempt that the caller has locked."""
    known = Refund.objects.filter(key=key).first()
    if known is not None:
        return known
    check_refundable(attempt, amount)
    attempt.refunded += amount
    attempt.save(update_fields=["refunded", "updated_at"])
    refund = Refund.objects.create(
        attempt=attempt,
        key=key,
        idempotency_key=new_idempotency_key(),
        amount=amount,
        reason=reason[:250],
        actor_name=actor_name or (str(actor) if actor is not None else "shop"),
    )
    record_event(
        order_id=attempt.order_id,
        kind="refund",
        message=f"Refund of {format_money(amount, attempt.currency)} requested.",
        reason=reason,
        actor=actor,
        actor_name=actor_name,
        data={"refund": refund.pk, "attempt": attempt.pk},
    )
    publish("refund.requested", {"refund_id": refund.pk}, key=f"refund.requested:{refund.pk}")
    return refund


def check_refundable(attempt: PaymentAttempt, amount: Decimal) -> None:
    """Whether a locked payment has that much left. Raises RefundTooLarge, RefundFrozen or ValueError."""
    if to_minor(amount, attempt.currency) <= 0:
        raise ValueError("Refund an amount greater than zero.")
    left = attempt.captured - attempt.refunded
    if amount > left:
        raise RefundTooLarge(
            f"{format_money(left, attempt.currency)} of this payment can still be refunded,"
            f" not {format_money(amount, attempt.currency)}."
        )
    if attempt.disputed_at is not None:
        raise RefundFrozen("The bank disputes this payment: answer the dispute; a refund now would pay twice.")


def send_refund(refund_id: int) -> None:
    """Hand a requested refund to the provider and apply the answer. Raises ProviderUnavailable to be called again.

    The provider forgets keys after a day and answers a saved 500 for ever, so it is asked first whether the refund is
    there already: it carries our row's id.
    """
    refund = Refund.objects.select_related("attempt").get(pk=refund_id)
    if refund.state != Refund.State.REQUESTED:
        return
    gateway = gateway_of(refund.attempt)
    intent_id = refund.attempt.intent_id
    known = _find_sent(refund)
    if known is not None:
        apply_refund(refund_id, known)
        return
    try:
        truth = gateway.refund(
            intent_id=intent_id,
            amount=refund.amount,
            currency=refund.attempt.currency,
            key=refund.idempotency_key,
            refund_ref=str(refund.pk),
        )
    except ProviderFailed:
        _renew_key(refund)
        raise
    except ProviderRefused as refusal:
        known = _find_sent(refund)
        if known is not None:
            apply_refund(refund_id, known)
        else:
            _fail(refund_id, why=str(refusal))
        return
    apply_refund(refund_id, truth)


def _find_sent(refund: Refund) -> RefundTruth | None:
    mine = [
        one
        for one in gateway_of(refund.attempt).refunds_of(refund.attempt.intent_id)
        if one.refund_ref == str(refund.pk)
    ]
    return mine[0] if mine else None


def _renew_key(refund: Refund) -> None:
    """After an answered 500 nothing was made, or the next look will find it: a new key may be tried."""
    Refund.objects.filter(
        pk=refund.pk, state=Refund.State.REQUESTED, idempotency_key=refund.idempotency_key, provider_id=""
    ).update(idempotency_key=new_idempotency_key())


@transaction.atomic
def apply_refund(refund_id: int, truth: RefundTruth) -> Refund:
    """What the provider says, forward only. Used by the sender, webhooks and reconciliation alike."""
    order, attempt = lock_attempt(Refund.objects.values_list("attempt_id", flat=True).get(pk=refund_id))
    refund = Refund.objects.select_for_update(of=("self",), no_key=True).get(pk=refund_id)
    refund.provider_id = truth.id
    if truth.state == "pending" and refund.state == Refund.State.REQUESTED:
        refund.state = Refund.State.PENDING
        refund.save(update_fields=["state", "provider_id", "updated_at"])
    elif truth.state == "succeeded" and refund.state in (Refund.State.REQUESTED, Refund.State.PENDING):
        refund.state = Refund.State.SUCCEEDED
        refund.save(update_fields=["state", "provider_id", "updated_at"])
        _finish(order, attempt, refund)
    elif truth.state == "failed" and refund.state != Refund.State.FAILED:
        refund.save(update_fields=["provider_id", "updated_at"])
        _take_back(attempt, refund, why=truth.failure or "The provider cancelled it.")
    return refund


@transaction.atomic
def _fail(refund_id: int, *, why: str) -> None:
    _, attempt = lock_attempt(Refund.objects.values_list("attempt_id", flat=True).get(pk=refund_id))
    refund = Refund.objects.select_for_update(of=("self",), no_key=True).get(pk=refund_id)
    if refund.state == Refund.State.REQUESTED:
        _take_back(attempt, refund, why=why)


def _finish(order: Order, attempt: PaymentAttempt, refund: Refund) -> None:
    record_event(
        order_id=order.pk,
        kind="refund",
        message=f"{format_money(refund.amount, attempt.currency)} went back to the shopper.",
        actor_name=PROVIDER,
        data={"refund": refund.pk, "provider_id": refund.provider_id},
    )
    publish("refund.succeeded", {"refund_id": refund.pk}, key=f"refund.succeeded:{refund.pk}")
    under_way = Refund.objects.filter(state__in=(Refund.State.REQUESTED, Refund.State.PENDING))
    all_back = attempt.refunded == attempt.captured and not under_way.filter(attempt=attempt).exists()
    if all_back and attempt.state == State.HELD:
        # Nobody has to look at it any more; while its time lasts the order may be paid anew.
        attempt.state = State.CANCELLED
        attempt.save(update_fields=["state", "updated_at"])
    elif all_back and _is_last_of(order, attempt, under_way) and can_move(order, REFUNDED):
        nothing_left = not order.shipments.filter(state="dispatched").exists()
        move_order(order, REFUNDED, reason=refund.reason, actor_name=refund.actor_name)
        if nothing_left:
            release_claims(order.pk)


def _is_last_of(order: Order, attempt: PaymentAttempt, under_way: QuerySet[Refund]) -> bool:
    """Whether the payments that paid the order together have all gone back with this one."""
    paid = PaymentAttempt.objects.filter(order=order, state__in=(State.PAID, State.LAPSED))
    beside = paid.exclude(pk=attempt.pk)
    kept = beside.filter(captured__gt=F("refunded")).exists() or under_way.filter(attempt__in=beside).exists()
    return paid.filter(state=State.PAID).exists() and attempt.state in (State.PAID, State.LAPSED) and not kept


def _take_back(attempt: PaymentAttempt, refund: Refund, *, why: str) -> None:
    """A failed refund no longer counts against the captured sum; a person has to find another way."""
    refund.state = Refund.State.FAILED
    refund.failure = why[:250]
    refund.save(update_fields=["state", "failure", "updated_at"])
    attempt.refunded -= refund.amount
    attempt.save(update_fields=["refunded", "updated_at"])
    record_event(
        order_id=attempt.order_id,
        kind="alert",
        message=f"Refund of {format_money(refund.amount, attempt.currency)} failed. The money is still with us.",
        reason=why,
        actor_name=PROVIDER,
        data={"refund": refund.pk},
    )
