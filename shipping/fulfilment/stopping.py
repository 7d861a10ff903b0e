"""Parcels of an order that is in doubt (its payment is held) stay in the house until the doubt is gone."""

from django.db import transaction
from django.db.models.functions import Now

from shipping.fulfilment.locking import lock_order
from shipping.fulfilment.models import ParcelStop, Shipment
from shipping.fulfilment.opening import open_shipments


@transaction.atomic
def stop_parcels(order_id: int, *, reason: str) -> int:
    """Cancel what has not left, and open nothing until `resume_parcels`; how many parcels. Units stay allocated."""
    order = lock_order(order_id)
    ParcelStop.objects.get_or_create(order=order, defaults={"reason": reason[:250]})
    return Shipment.objects.filter(order=order, state=Shipment.State.OPEN).update(
        state=Shipment.State.CANCELLED, cancelled_at=Now()
    )


@transaction.atomic
def resume_parcels(order_id: int) -> list[Shipment]:
    """Pack anew what was stopped; nothing for an order that was not."""
    lock_order(order_id)
    stopped, _ = ParcelStop.objects.filter(order_id=order_id).delete()
    return open_shipments(order_id) if stopped else []
