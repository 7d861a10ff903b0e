"""A parcel left: the order moves on, and held money is taken."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from checkout.orders.records import OrderEvent
from checkout.orders.states import PARTLY_SHIPPED, SHIPPED, can_move, lock_order, move_order
from checkout.orders.timeline import record_event
from checkout.orders.waiting import waits_still
from checkout.payments.capture import capture_order
from shipping.fulfilment.models import Shipment


def follow_dispatch(payload: Mapping[str, Any]) -> None:
    """Handler of `shipment.dispatched`."""
    note_dispatch(order_id=payload["order_id"], shipment_id=payload["shipment_id"])
    capture_order(payload["order_id"])


@transaction.atomic
def note_dispatch(*, order_id: int, shipment_id: int) -> None:
    """`shipped` when no parcel is open any more, else `partly shipped`; a refunded order stays what it is."""
    order = lock_order(order_id)
    shipment = Shipment.objects.get(pk=shipment_id)
    if not OrderEvent.objects.filter(order=order, kind="shipment", data__shipment=shipment_id).exists():
        way = " ".join(word for word in (shipment.carrier, shipment.tracking_number) if word)
        record_event(
            order_id=order_id,
            kind="shipment",
            message=f"Parcel {shipment.number} left{f' with {way}' if way else ''}.",
            data={"shipment": shipment_id},
        )
    waiting = Shipment.objects.filter(order=order, state=Shipment.State.OPEN).exists() or waits_still(order_id)
    to_state = PARTLY_SHIPPED if waiting else SHIPPED
    if can_move(order, to_state):
        move_order(order, to_state, reason=f"Parcel {shipment.number} left.", actor_name="fulfilment")
