"""A payment that is in doubt waits for a person, and what has not left the house waits with it."""

from typing import Any

from django.db import transaction
from oscar.apps.order.models import Order

from checkout.orders.states import PENDING, lock_order
from checkout.orders.timeline import record_event
from checkout.payments.attempts import State
from checkout.payments.records import PaymentAttempt
from shipping.fulfilment.stopping import resume_parcels, stop_parcels
from shop.audit.record import record_action

FIRM = (State.AUTHORISED, State.PAID)


def hold_payment(attempt: PaymentAttempt, *, reason: str) -> None:
    """Stop a locked payment, and the parcels of an order that nothing else pays. The caller saves the payment."""
    attempt.state = State.HELD
    attempt.hold_reason = reason
    others = PaymentAttempt.objects.filter(order=attempt.order_id, state__in=FIRM).exclude(pk=attempt.pk)
    is_stopped = attempt.order.status != PENDING and not others.exists()
    stopped = stop_parcels(attempt.order_id, reason=reason) if is_stopped else 0
    parcels = f" {stopped} open {'parcels' if stopped > 1 else 'parcel'} stopped." if stopped else ""
    record_event(
        order_id=attempt.order_id,
        kind="alert",
        message=f"Payment held for a person to look at.{parcels}",
        reason=reason,
        actor_name="payment provider",
        data={"attempt": attempt.pk},
    )


@transaction.atomic
def send_nevertheless(order_id: int, *, reason: str, actor: Any) -> int:
    """A person decides that a stopped order is sent although its payment is held; how many parcels. Audited."""
    order: Order = lock_order(order_id)
    opened = len(resume_parcels(order_id))
    record_event(
        order_id=order_id, kind="note", message="Its parcels may leave all the same.", reason=reason, actor=actor
    )
    record_action(action="send held order", subject_type="order", subject_id=order.pk, actor=actor, reason=reason)
    return opened
