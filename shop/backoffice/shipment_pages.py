"""Pick list, packing slip and the page of a shipment, as they are shown and printed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from django.conf import settings

from catalog.logistics import Parcel, logistics_of
from checkout.orders.address_lines import address_lines
from checkout.orders.closing import claim_of
from checkout.orders.line_pictures import NOTHING, LinePicture, pictures_of
from checkout.tax.rates import is_in_eu
from inventory.models import Allocation, StockMovement
from shipping.fulfilment.contents import PackedThing, packed_thing
from shipping.fulfilment.models import Shipment, ShipmentLine
from shipping.fulfilment.picking import Pick, pick_list
from shop.backoffice import badges

MOST_PICKED = 100


@dataclass(frozen=True, slots=True)
class Stop:
    """One SKU on the walk: how many units to fetch, and for which shipments."""

    sku: str
    title: str
    quantity: int
    picks: list[Pick]

    @property
    def kits(self) -> list[str]:
        """Titles of the kits that some of the units go into."""
        return list(dict.fromkeys(pick.kit for pick in self.picks if pick.kit))


@dataclass(frozen=True, slots=True)
class Walk:
    location: str
    stops: list[Stop]


@dataclass(frozen=True, slots=True)
class PickPage:
    walks: list[Walk]
    shipment_ids: list[int]
    units: int = 0


@dataclass(frozen=True, slots=True)
class ShownLine:
    line: ShipmentLine
    thing: PackedThing
    look: LinePicture
    facts: Parcel


@dataclass(frozen=True, slots=True)
class ShipmentPage:
    shipment: Shipment
    badge: str
    sentence: str
    lines: list[ShownLine]
    address: list[str]
    units: int
    weight: str
    has_customs: bool
    movements: list[StockMovement] = field(default_factory=list)
    choices: list["Choice"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Choice:
    """Why units were taken from this location, and what was said of each other one."""

    why: str
    rejected: list[tuple[str, str]]


def read_ids(text: str) -> list[int]:
    """`1,2,3`; what is not a number is left out."""
    return [int(part) for part in text.split(",") if part.strip().isdecimal() and len(part.strip()) < 19]


def present_pick_list(shipment_ids: Sequence[int]) -> PickPage:
    """One walk per location, by SKU. No ids: everything open, the oldest MOST_PICKED shipments."""
    open_ones = Shipment.objects.filter(state=Shipment.State.OPEN)
    if shipment_ids:
        open_ones = open_ones.filter(pk__in=shipment_ids)
    ids = list(open_ones.order_by("created_at", "pk").values_list("pk", flat=True)[:MOST_PICKED])
    picks = pick_list(ids)
    walks = [
        Walk(location, [_stop(sku, list(same)) for sku, same in groupby(here, key=lambda pick: pick.sku)])
        for location, here in groupby(picks, key=lambda pick: pick.location)
    ]
    return PickPage(walks, ids, sum(pick.quantity for pick in picks))


def _stop(sku: str, picks: list[Pick]) -> Stop:
    return Stop(sku, picks[0].title, sum(pick.quantity for pick in picks), picks)


def present_shipment(shipment: Shipment) -> ShipmentPage:
    lines = list(shipment.lines.all())
    things = [packed_thing(line) for line in lines]
    facts = logistics_of(one.product_id for one in things if one.product_id)
    looks = pictures_of({one.product_id: one.parent_id or one.product_id for one in things if one.product_id})
    units = sum(line.quantity for line in lines)
    return ShipmentPage(
        shipment=shipment,
        badge=badges.SHIPMENT.get(shipment.state, "default"),
        sentence=_sentence(shipment, units),
        lines=[
            ShownLine(
                line, thing, looks.get(thing.product_id or 0, NOTHING), facts.get(thing.product_id or 0, Parcel())
            )
            for line, thing in zip(lines, things, strict=True)
        ],
        address=address_lines(shipment.order.shipping_address),
        units=units,
        weight=_weigh(
            [(line.quantity, facts.get(thing.product_id or 0)) for line, thing in zip(lines, things, strict=True)]
        ),
        has_customs=_crosses_border(shipment),
        choices=_choices(shipment),
        movements=list(StockMovement.objects.filter(reference=f"shipment:{shipment.pk}").order_by("pk")),
    )


def _weigh(packed: Sequence[tuple[int, Parcel | None]]) -> str:
    """Without the packing; empty when the weight of something in it is not known."""
    weights = [(units, facts.weight_kg if facts else None) for units, facts in packed]
    if any(weight is None for _, weight in weights):
        return ""
    return Parcel(weight_kg=sum((units * weight for units, weight in weights if weight is not None), Decimal(0))).weight


def _crosses_border(shipment: Shipment) -> bool:
    """Into another country, unless both are in the customs union."""
    address, home = shipment.order.shipping_address, settings.SHOP_COUNTRY
    country = address.country_id if address is not None else home
    return country != home and not (is_in_eu(country) and is_in_eu(home))


def _choices(shipment: Shipment) -> list[Choice]:
    """As they were stored when the units were given to the order; the same words once."""
    mine = Allocation.objects.filter(claim=claim_of(shipment.order_id), level__location=shipment.location_id)
    stored = {
        json.dumps(reason, sort_keys=True): reason for reason in mine.order_by("pk").values_list("reason", flat=True)
    }
    return [
        Choice(one["why"], [(other["location"], other["why"]) for other in one.get("rejected", ())])
        for one in stored.values()
        if one.get("why")
    ]


def _sentence(shipment: Shipment, units: int) -> str:
    what = f"{units} {'unit' if units == 1 else 'units'}"
    if shipment.state == Shipment.State.DISPATCHED:
        with_carrier = f" with {shipment.carrier}" if shipment.carrier else ""
        return f"{what} left {shipment.location}{with_carrier}."
    if shipment.state == Shipment.State.CANCELLED:
        return "Cancelled. Nothing may leave the house for it."
    done = "picked; pack them and send them" if shipment.picked_at else f"to fetch at {shipment.location}"
    return f"{what} {done}."
