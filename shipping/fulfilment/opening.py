"""Open the shipments of a paid order: one for each location that holds an open allocation of it."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Sum
from oscar.apps.order.models import Order

from inventory.models import Allocation
from shipping.fulfilment.locking import lock_order
from shipping.fulfilment.models import Shipment, ShipmentLine
from shipping.rates.models import Method


def open_shipments_of_paid_order(payload: Mapping[str, Any]) -> None:
    """Handler of `order.paid`. Safe to run twice: units that are in a shipment already are not opened again."""
    open_shipments(payload["order_id"])


def open_shipments(order_id: int) -> list[Shipment]:
    """Put every open unit that is in no shipment yet into an open shipment at its location; the new shipments."""
    with transaction.atomic():
        order = lock_order(order_id)
        loose = _loose_allocations(order)
        by_location: dict[int, list[tuple[Allocation, int]]] = defaultdict(list)
        for allocation, quantity in loose:
            by_location[allocation.level.location_id].append((allocation, quantity))
        return [_open(order, location_id, units) for location_id, units in sorted(by_location.items())]


def next_number(order: Order) -> str:
    """`<order number>-<n>`; the order is locked, so no other shipment takes the same number."""
    return f"{order.number}-{Shipment.objects.filter(order=order).count() + 1}"


def _loose_allocations(order: Order) -> list[tuple[Allocation, int]]:
    allocations = Allocation.objects.filter(claim=f"order:{order.pk}").select_related("level")
    packed = dict(
        ShipmentLine.objects.filter(shipment__order=order, shipment__state=Shipment.State.OPEN)
        .values_list("allocation_id")
        .annotate(units=Sum("quantity"))
    )
    loose = []
    for allocation in allocations:
        open_units = allocation.quantity - allocation.dispatched - allocation.cancelled
        if (quantity := open_units - packed.get(allocation.pk, 0)) > 0:
            loose.append((allocation, quantity))
    return loose


def _open(order: Order, location_id: int, units: list[tuple[Allocation, int]]) -> Shipment:
    shipment = Shipment.objects.create(
        number=next_number(order),
        order=order,
        location_id=location_id,
        method_code=order.shipping_code[:64],
        carrier=Method.objects.filter(code=order.shipping_code).values_list("carrier", flat=True).first() or "",
    )
    ShipmentLine.objects.bulk_create(
        ShipmentLine(
            shipment=shipment,
            order_line_id=int(allocation.line.removeprefix("line:")),
            allocation=allocation,
            quantity=quantity,
        )
        for allocation, quantity in units
    )
    return shipment
