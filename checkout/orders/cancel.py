"""Cancel an order before anything of it has left: money, stock, vouchers and parcels follow by themselves."""

from typing import Any

from django.db import transaction
from oscar.apps.order.models import Order

from checkout.orders.closing import WITHDRAWN, close_order
from checkout.orders.states import CANCELLED, PAID, PENDING, IllegalMove, lock_order
from checkout.payments.attempts import UNFINISHED
from checkout.payments.giving_back import give_back
from checkout.payments.records import PaymentAttempt
from checkout.payments.sweep import close_attempt
from shipping.fulfilment.cancelling import AlreadyDispatched
from shipping.fulfilment.models import Shipment


class CannotCancel(Exception):
    """Something has left, or is being paid this moment. The message is for the person who asked."""


def cancel_order(
    order_id: int, *, reason: str, actor: Any = None, actor_name: str = "", only_unpacked: bool = False
) -> Order:
    """Cancel a pending or paid order; what was captured is refunded once, what was only held is let go.

    An open payment page is closed at the provider first; a payment that came through in that moment is refunded. A
    cancelled order is returned as it is. `only_unpacked` (a shopper's own request) refuses as soon as a parcel has been
    picked. Raises CannotCancel, and ProviderUnavailable when an open payment page could not be closed.
    """
    for attempt in PaymentAttempt.objects.filter(order_id=order_id, state__in=UNFINISHED):
        close_attempt(attempt.pk)
    with transaction.atomic():
        order = lock_order(order_id)
        if order.status == CANCELLED:
            return order
        # Whoever picks a parcel updates its row: after this lock the answer of is_unpacked stays true.
        list(Shipment.objects.select_for_update().filter(order=order, state=Shipment.State.OPEN).order_by("pk"))
        if only_unpacked and not is_unpacked(order):
            raise CannotCancel("Your parcel is being packed, so this order cannot be cancelled any more.")
        attempts = list(PaymentAttempt.objects.select_for_update(of=("self",), no_key=True).filter(order=order))
        if any(attempt.state in UNFINISHED for attempt in attempts):
            raise CannotCancel("A payment for this order is just being made. Please try again in a minute.")
        try:
            close_order(order, cause=WITHDRAWN, reason=reason, actor=actor, actor_name=actor_name)
        except (IllegalMove, AlreadyDispatched) as refusal:
            raise CannotCancel(str(refusal)) from refusal
        for attempt in attempts:
            give_back(
                attempt,
                key=f"attempt:{attempt.pk}:cancel",
                reason=reason,
                actor=actor,
                actor_name=actor_name,
            )
    return order


def is_unpacked(order: Order) -> bool:
    """Whether a shopper may still cancel by themselves: pending or paid, and no parcel picked or sent."""
    if order.status not in (PENDING, PAID):
        return False
    touched = Shipment.objects.filter(order=order).exclude(state=Shipment.State.CANCELLED)
    return not touched.exclude(picked_at=None, dispatched_at=None).exists()
