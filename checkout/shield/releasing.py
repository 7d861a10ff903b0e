"""Staff let held payments through: those they name, from then on, until the order ends."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from checkout.orders.states import PENDING
from checkout.orders.timeline import record_event
from checkout.shield.limits import WINDOW
from checkout.shield.records import HeldPayment
from shop.audit.record import record_action


@transaction.atomic
def release_payments(order_ids: Sequence[int], *, actor: Any) -> int:
    """How many were let through by this call. Audited one by one."""
    waiting = HeldPayment.objects.filter(released_at__isnull=True)
    released = 0
    for order_id in sorted(order_ids):
        if waiting.filter(pk=order_id).update(released_at=Now(), released_by=str(actor)[:200]):
            released += 1
            record_event(order_id=order_id, kind="note", message="Staff let the payment through.", actor=actor)
            record_action(action="release", subject_type="heldpayment", subject_id=order_id, actor=actor)
    return released


def narrow_to_waiting(held: QuerySet[HeldPayment]) -> QuerySet[HeldPayment]:
    """Those that were held within the hour and nobody has let through yet."""
    return held.filter(
        order__status=PENDING, proven_at__isnull=True, released_at__isnull=True, last_at__gt=Now() - WINDOW
    )
