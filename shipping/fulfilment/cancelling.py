"""Shipments of a cancelled order do not leave the house."""

from django.db.models.functions import Now

from shipping.fulfilment.locking import lock_order
from shipping.fulfilment.models import Shipment


class AlreadyDispatched(Exception):
    """Something of the order has left; it can be returned, not cancelled."""


def cancel_open_shipments(order_id: int) -> int:
    """Cancel every open shipment of an order that has not shipped anything; returns how many.

    Runs in the caller's transaction and takes the order's lock. Raises AlreadyDispatched.
    """
    order = lock_order(order_id)
    if Shipment.objects.filter(order=order, state=Shipment.State.DISPATCHED).exists():
        raise AlreadyDispatched(f"A parcel of order {order.number} has already left; use a return instead.")
    return Shipment.objects.filter(order=order, state=Shipment.State.OPEN).update(
        state=Shipment.State.CANCELLED, cancelled_at=Now()
    )
