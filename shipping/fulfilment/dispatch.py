"""A parcel leaves: whole or in part. Allocations are consumed, the ledger is written, the order hears of it once."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.db.models.functions import Now

from inventory.dispatch import dispatch_allocation
from inventory.locking import lock_stock_records
from shipping.fulfilment.contents import RELATED, WRITTEN, packed_thing
from shipping.fulfilment.locking import lock_order_of
from shipping.fulfilment.models import Shipment, ShipmentLine
from shipping.fulfilment.opening import next_number
from shipping.rates.models import Method
from shop.audit.record import record_action
from shop.outbox.publish import publish

LONGEST_TRACKING_NUMBER = 120


class CannotDispatch(Exception):
    """One sentence for the person at the packing table."""


def dispatch_shipment(
    shipment_id: int,
    *,
    actor: Any,
    tracking_number: str = "",
    carrier: str = "",
    quantities: Mapping[int, int] | None = None,
) -> Shipment:
    """Mark an open shipment as handed to the carrier.

    `quantities` maps shipment line ids to units in this parcel (None: everything). What stays behind goes into a new
    open shipment. A shipment that is dispatched already is returned unchanged, so that a double click is harmless.
    Raises CannotDispatch when the shipment is cancelled or the quantities do not fit.
    """
    tracking_number = tracking_number.strip()
    if len(tracking_number) > LONGEST_TRACKING_NUMBER:
        raise CannotDispatch(f"A tracking number has at most {LONGEST_TRACKING_NUMBER} characters.")
    with transaction.atomic():
        order = lock_order_of(shipment_id)
        shipment = Shipment.objects.select_for_update(of=("self",)).select_related("location").get(pk=shipment_id)
        if shipment.state == Shipment.State.DISPATCHED:
            return shipment
        if shipment.state == Shipment.State.CANCELLED:
            raise CannotDispatch(f"Shipment {shipment.number} was cancelled; nothing may leave the house for it.")
        lines = list(shipment.lines.select_related(*RELATED).prefetch_related(WRITTEN).order_by("pk"))
        leaving = _check_quantities(lines, quantities)
        _leave_the_rest(shipment, lines, leaving, number=next_number(order))
        lock_stock_records([line.allocation.level.stock_record_id for line in lines if line.allocation is not None])
        for line in lines:
            units = leaving[line.pk]
            if units and line.allocation_id is not None:
                dispatch_allocation(
                    line.allocation_id,
                    units,
                    reference=f"shipment:{shipment.pk}",
                    actor_name=str(actor),
                    idempotency_key=f"shipment:{shipment.pk}:line:{line.pk}",
                )
        shipment.carrier = carrier.strip()[:80] or shipment.carrier
        shipment.tracking_number = tracking_number
        shipment.tracking_url = _tracking_url(shipment)
        Shipment.objects.filter(pk=shipment.pk).update(
            state=Shipment.State.DISPATCHED,
            carrier=shipment.carrier,
            tracking_number=tracking_number,
            tracking_url=shipment.tracking_url,
            dispatched_at=Now(),
        )
        record_action(
            action="dispatch",
            subject_type="shipment",
            subject_id=shipment.pk,
            actor=actor,
            actor_name=str(actor),
            after={"number": shipment.number, "tracking_number": tracking_number, "units": sum(leaving.values())},
        )
        publish(
            "shipment.dispatched",
            {"shipment_id": shipment.pk, "order_id": order.pk},
            key=f"shipment.dispatched:{shipment.pk}",
        )
    shipment.refresh_from_db()
    return shipment


def _check_quantities(lines: list[ShipmentLine], quantities: Mapping[int, int] | None) -> dict[int, int]:
    if quantities is None:
        return {line.pk: line.quantity for line in lines}
    unknown = set(quantities) - {line.pk for line in lines}
    if unknown:
        raise CannotDispatch("One of the lines is not part of this shipment; reload the page and try again.")
    leaving = {line.pk: quantities.get(line.pk, 0) for line in lines}
    for line in lines:
        if not 0 <= leaving[line.pk] <= line.quantity:
            raise CannotDispatch(
                f"{packed_thing(line).words}: the parcel can hold 0 to {line.quantity}, not {leaving[line.pk]}."
            )
    if not any(leaving.values()):
        raise CannotDispatch("Nothing is in this parcel: give at least one line a quantity.")
    return leaving


def _leave_the_rest(shipment: Shipment, lines: list[ShipmentLine], leaving: dict[int, int], *, number: str) -> None:
    rest = [(line, line.quantity - leaving[line.pk]) for line in lines if line.quantity > leaving[line.pk]]
    if not rest:
        return
    later = Shipment.objects.create(
        number=number,
        order_id=shipment.order_id,
        location_id=shipment.location_id,
        method_code=shipment.method_code,
        carrier=shipment.carrier,
    )
    for line, units in rest:
        ShipmentLine.objects.create(
            shipment=later, order_line_id=line.order_line_id, allocation_id=line.allocation_id, quantity=units
        )
        if leaving[line.pk]:
            ShipmentLine.objects.filter(pk=line.pk).update(quantity=leaving[line.pk])
        else:
            ShipmentLine.objects.filter(pk=line.pk).delete()


def _tracking_url(shipment: Shipment) -> str:
    """From the shipping method's pattern; empty when there is no number or no pattern."""
    pattern = Method.objects.filter(code=shipment.method_code).values_list("tracking_url", flat=True).first()
    if not pattern or not shipment.tracking_number:
        return ""
    return pattern.replace("{number}", quote(shipment.tracking_number, safe=""))
