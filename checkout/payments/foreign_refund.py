"""Refunds as the provider tells of them: ours by their row, and those that somebody made on the provider's own pages."""

from django.db import transaction

from checkout.orders.timeline import record_event
from checkout.payments.attempts import lock_attempt, new_idempotency_key
from checkout.payments.holding import hold_payment
from checkout.payments.records import PaymentAttempt, Refund
from checkout.payments.refund import apply_refund
from checkout.payments.truth import RefundTruth
from shop.money import format_money


def record_refund(truth: RefundTruth) -> Refund | None:
    """Bring our row in step, or write one for a refund made elsewhere; None when the payment is not of this shop.

    No money moves here. A refund of which our books have no room holds the payment for a person.
    """
    refund = find_refund(truth) or _adopt(truth)
    return apply_refund(refund.pk, truth) if refund is not None else None


def find_refund(truth: RefundTruth) -> Refund | None:
    if truth.refund_ref.isdecimal() and len(truth.refund_ref) < 19:
        mine = Refund.objects.filter(pk=int(truth.refund_ref), attempt__intent_id=truth.intent_id).first()
        if mine is not None:
            return mine
    return Refund.objects.filter(provider_id=truth.id).first()


def _adopt(truth: RefundTruth) -> Refund | None:
    attempt = PaymentAttempt.objects.filter(intent_id=truth.intent_id).first() if truth.intent_id else None
    if attempt is None or truth.state == "failed":
        return None
    with transaction.atomic():
        order, attempt = lock_attempt(attempt.pk)
        known = Refund.objects.filter(provider_id=truth.id).first()
        if known is not None:
            return known
        if truth.amount > attempt.captured - attempt.refunded:
            reason = (
                f"The provider tells of a refund of {truth.amount} {truth.currency} that our books have no room for."
            )
            if attempt.hold_reason != reason:
                hold_payment(attempt, reason=reason)
                attempt.save()
            return None
        attempt.refunded += truth.amount
        attempt.save(update_fields=["refunded", "updated_at"])
        record_event(
            order_id=order.pk,
            kind="refund",
            message=f"Refund of {format_money(truth.amount, truth.currency)} made at the payment provider.",
            actor_name="payment provider",
            data={"provider_id": truth.id},
        )
        return Refund.objects.create(
            attempt=attempt,
            key=f"provider:{truth.id}",
            idempotency_key=new_idempotency_key(),
            amount=truth.amount,
            provider_id=truth.id,
            reason="Made at the payment provider.",
            actor_name="payment provider",
        )
