"""Money that must not stay with us: taken sums are refunded, held sums are let go."""

from typing import Any

from checkout.orders.timeline import record_event
from checkout.payments.attempts import State
from checkout.payments.errors import RefundFrozen
from checkout.payments.records import PaymentAttempt, Refund
from checkout.payments.refund import request_refund
from shop.money import ZERO
from shop.outbox.publish import publish


def give_back(
    attempt: PaymentAttempt, *, key: str, reason: str, actor: Any = None, actor_name: str = ""
) -> Refund | None:
    """Return all that a locked payment still holds: the refund, or None when nothing was captured.

    `key` makes the refund happen once. A disputed payment is left to a person.
    """
    if attempt.state == State.AUTHORISED:
        publish("payment.release_requested", {"attempt_id": attempt.pk}, key=f"payment.release_requested:{attempt.pk}")
        return None
    left = attempt.captured - attempt.refunded
    if left <= ZERO:
        return None
    try:
        return request_refund(attempt, amount=left, key=key, reason=reason, actor=actor, actor_name=actor_name)
    except RefundFrozen as frozen:
        record_event(
            order_id=attempt.order_id,
            kind="alert",
            message="The money was not sent back.",
            reason=str(frozen),
            data={"attempt": attempt.pk},
        )
        return None
