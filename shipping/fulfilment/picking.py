"""The pick list: what to fetch for which open shipments, in the order of one walk."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models.functions import Now

from shipping.fulfilment.contents import RELATED, WRITTEN, packed_thing
from shipping.fulfilment.models import Shipment, ShipmentLine


@dataclass(frozen=True, slots=True)
class Pick:
    """Units of one SKU for one shipment; `kit` names what it is a part of, `texts` what is to be written on it."""

    location: str
    sku: str
    title: str
    quantity: int
    shipment_number: str
    order_number: str
    kit: str = ""
    texts: tuple[str, ...] = ()


def pick_list(shipment_ids: Sequence[int]) -> list[Pick]:
    """Picks of open shipments, by location and SKU; shipments that are not open are left out. One query."""
    lines = (
        ShipmentLine.objects.filter(shipment_id__in=shipment_ids, shipment__state=Shipment.State.OPEN)
        .select_related("shipment__location", "shipment__order", *RELATED)
        .prefetch_related(WRITTEN)
        .order_by("shipment__location__priority", "shipment__location__code", "shipment__number", "order_line_id", "pk")
    )
    picks = [
        Pick(
            location=line.shipment.location.name,
            sku=(thing := packed_thing(line)).sku,
            title=thing.title,
            kit=thing.kit,
            texts=thing.texts,
            quantity=line.quantity,
            shipment_number=line.shipment.number,
            order_number=line.shipment.order.number,
        )
        for line in lines
    ]
    places = list(dict.fromkeys(pick.location for pick in picks))
    return sorted(picks, key=lambda pick: (places.index(pick.location), pick.sku))


def mark_picked(shipment_ids: Sequence[int]) -> int:
    """Note that open shipments were picked; returns how many were not picked before."""
    return Shipment.objects.filter(pk__in=shipment_ids, state=Shipment.State.OPEN, picked_at__isnull=True).update(
        picked_at=Now()
    )
