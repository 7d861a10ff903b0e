"""A dispute freezes further refunds until it is won; a lost one stays frozen: the bank has taken the money."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models.functions import Now

from checkout.orders.records import OrderEvent
from checkout.orders.timeline import record_event
from checkout.payments.attempts import lock_attempt
from checkout.payments.records import PaymentAttempt
from checkout.payments.truth import DisputeTruth


@transaction.atomic
def note_disputes(attempt_id: int, disputes: Sequence[DisputeTruth]) -> int:
    """Compare a payment with all its disputes as the provider has them now; how many freeze it."""
    order, attempt = lock_attempt(attempt_id)
    frozen = sum(dispute.is_frozen for dispute in disputes)
    if bool(frozen) != (attempt.disputed_at is not None):
        PaymentAttempt.objects.filter(pk=attempt_id).update(disputed_at=Now() if frozen else None)
    told = OrderEvent.objects.filter(order=order, kind="alert")
    for dispute in disputes:
        if not told.filter(data__dispute=dispute.id, data__status=dispute.status).exists():
            record_event(
                order_id=order.pk,
                kind="alert",
                message=f"The bank disputes the payment: {dispute.status.replace('_', ' ')}.",
                reason=dispute.reason.replace("_", " "),
                actor_name="payment provider",
                data={"attempt": attempt_id, "dispute": dispute.id, "status": dispute.status},
            )
    return frozen
