"""Open the shipments of a paid order: one for each location that holds an open allocation of it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Sum
from oscar.apps.order.models import Order

from inventory.models import Allocation, Backorder, Location
from shipping.fulfilment.locking import lock_order
from shipping.fulfilment.models import ParcelStop, Shipment, ShipmentLine
from shipping.rates.models import Method


@dataclass(frozen=True, slots=True)
class LooseUnits:
    """Units of an order line that are in no parcel yet; `allocation_id` is None when stock is not tracked."""

    line_id: int
    allocation_id: int | None
    location_id: int
    quantity: int


def open_shipments_of_paid_order(payload: Mapping[str, Any]) -> None:
    """Handler of `order.paid`. Safe to run twice: units that are in a shipment already are not opened again."""
    open_shipments(payload["order_id"])


def open_shipments_of_filled_order(payload: Mapping[str, Any]) -> None:
    """Handler of `backorder.filled`: what has come in goes into a parcel of its own. Safe to run twice."""
    kind, _, number = payload["claim"].partition(":")
    if kind == "order" and number.isdecimal() and Order.objects.filter(pk=number).exists():
        open_shipments(int(number))


def open_shipments(order_id: int) -> list[Shipment]:
    """Put every open unit that is in no shipment yet into an open shipment at its location; the new shipments.

    None for an order whose parcels are stopped: `resume_parcels` opens them.
    """
    with transaction.atomic():
        order = lock_order(order_id)
        if ParcelStop.objects.filter(order=order).exists():
            return []
        by_location: dict[int, list[LooseUnits]] = defaultdict(list)
        for units in _loose_allocations(order):
            by_location[units.location_id].append(units)
        if untracked := _loose_untracked(order):
            by_location[min(by_location, default=_first_location())] += untracked
        return [_open(order, location_id, units) for location_id, units in sorted(by_location.items())]


def next_number(order: Order) -> str:
    """`<order number>-<n>`; the order is locked, so no other shipment takes the same number."""
    return f"{order.number}-{Shipment.objects.filter(order=order).count() + 1}"


def _loose_allocations(order: Order) -> list[LooseUnits]:
    packed = dict(
        ShipmentLine.objects.filter(shipment__order=order, shipment__state=Shipment.State.OPEN)
        .values_list("allocation_id")
        .annotate(units=Sum("quantity"))
    )
    loose = []
    for allocation in Allocation.objects.filter(claim=f"order:{order.pk}").select_related("level"):
        open_units = allocation.quantity - allocation.dispatched - allocation.cancelled
        if (quantity := open_units - packed.get(allocation.pk, 0)) > 0:
            line_id = int(allocation.line.removeprefix("line:"))
            loose.append(LooseUnits(line_id, allocation.pk, allocation.level.location_id, quantity))
    return loose


def _loose_untracked(order: Order) -> list[LooseUnits]:
    """Lines of things that travel but whose stock is not tracked: packed by the line itself."""
    if order.status not in {"paid", "partly shipped"}:
        return []
    packed = dict(
        ShipmentLine.objects.filter(shipment__order=order, allocation__isnull=True)
        .exclude(shipment__state=Shipment.State.CANCELLED)
        .values_list("order_line_id")
        .annotate(units=Sum("quantity"))
    )
    loose = []
    allocated = set(Allocation.objects.filter(claim=f"order:{order.pk}").values_list("line", flat=True))
    allocated.update(Backorder.objects.filter(claim=f"order:{order.pk}").values_list("line", flat=True))
    for line in order.lines.select_related("product__product_class", "product__parent__product_class"):
        product_class = line.product.get_product_class() if line.product is not None else None
        if f"line:{line.pk}" in allocated:  # a kit: its parts are packed
            continue
        if product_class is None or product_class.track_stock or not product_class.requires_shipping:
            continue
        if (quantity := line.quantity - packed.get(line.pk, 0)) > 0:
            loose.append(LooseUnits(line.pk, None, 0, quantity))
    return loose


def _first_location() -> int:
    return Location.objects.filter(is_active=True).order_by("priority", "code").values_list("pk", flat=True)[0]


def _open(order: Order, location_id: int, units: list[LooseUnits]) -> Shipment:
    shipment = Shipment.objects.create(
        number=next_number(order),
        order=order,
        location_id=location_id,
        method_code=order.shipping_code[:64],
        carrier=Method.objects.filter(code=order.shipping_code).values_list("carrier", flat=True).first() or "",
    )
    ShipmentLine.objects.bulk_create(
        ShipmentLine(
            shipment=shipment, order_line_id=unit.line_id, allocation_id=unit.allocation_id, quantity=unit.quantity
        )
        for unit in units
    )
    return shipment
