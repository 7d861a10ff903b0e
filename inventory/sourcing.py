"""Choose the locations that an order is sent from. Pure: no database.

In this order: fewest parcels (one parcel per location), then the locations that the merchant asks first, then the nearest:
those in the country it is shipped to, and there those whose postcode begins most like the address's (postcodes are given
out by region, from the left). Every choice says why, and why each other location was passed over.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, takewhile
from math import comb
from typing import Any

EXACT_LIMIT = 12_000
"""Sets of locations tried one by one; beyond it (about 13 locations) the rest is chosen greedily."""
FARTHEST = 1_000


@dataclass(frozen=True, slots=True)
class Demand:
    line: str
    stock_record_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Place:
    """A location and the units it can give, by stock record."""

    location_id: int
    code: str
    name: str
    priority: int
    country: str
    units: Mapping[int, int]
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Units of one line from one location."""

    line: str
    stock_record_id: int
    location_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class SourcingPlan:
    parts: tuple[Part, ...]
    reasons: Mapping[int, Mapping[str, Any]]
    """By location id, as stored with the allocations: chosen, why, parcels, rejected [{location, why}]."""


class NotEnoughUnits(ValueError):
    """The places together hold too little. Callers check before they ask."""


def choose_sources(
    *, demands: Sequence[Demand], places: Sequence[Place], ship_country: str = "", ship_postcode: str = ""
) -> SourcingPlan:
    """Raises NotEnoughUnits when all places together cannot cover the demands."""
    wanted: Counter[int] = Counter()
    for demand in demands:
        wanted[demand.stock_record_id] += demand.quantity
    useful = [place for place in places if any(place.units.get(pk, 0) > 0 for pk in wanted)]
    distance = {place.location_id: distance_to(place, country=ship_country, postcode=ship_postcode) for place in places}
    ranked = sorted(useful, key=lambda place: (place.priority, distance[place.location_id], place.code))
    if not _covers(ranked, wanted):
        raise NotEnoughUnits("All locations together hold fewer units than are asked for.")
    chosen = next((some for some in _sets_in_order(ranked) if _covers(some, wanted)), None)
    if chosen is None:
        chosen = _choose_greedily(ranked, wanted)
    parts = _share_out(demands, chosen)
    passed_over = [place for place in sorted(places, key=lambda p: (p.priority, p.code)) if place not in chosen]
    return SourcingPlan(parts=tuple(parts), reasons=_explain(wanted, chosen, passed_over, distance))


def distance_to(place: Place, *, country: str, postcode: str) -> int:
    """0 for the same postcode, more for each character that differs from the left; farthest abroad."""
    if place.country != country:
        return FARTHEST
    here, there = place.postcode.replace(" ", "").upper(), postcode.replace(" ", "").upper()
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(here, there, strict=False)))
    return len(there) - alike


def _sets_in_order(ranked: Sequence[Place]) -> Iterator[tuple[Place, ...]]:
    """Few locations before many, earlier ranks before later: the first that covers is the best."""
    tried = 0
    for size in range(1, len(ranked) + 1):
        tried += comb(len(ranked), size)
        if tried > EXACT_LIMIT:
            return
        yield from combinations(ranked, size)


def _covers(places: Sequence[Place], wanted: Mapping[int, int]) -> bool:
    return all(sum(place.units.get(pk, 0) for place in places) >= quantity for pk, quantity in wanted.items())


def _choose_greedily(ranked: Sequence[Place], wanted: Mapping[int, int]) -> tuple[Place, ...]:
    """Take the location that covers most of what is missing until nothing is; then drop those that proved needless."""
    missing = dict(wanted)
    chosen: list[Place] = []
    while any(missing.values()):
        left = [place for place in ranked if place not in chosen]
        best = max(left, key=lambda place: sum(min(place.units.get(pk, 0), need) for pk, need in missing.items()))
        chosen.append(best)
        missing = {pk: max(0, need - best.units.get(pk, 0)) for pk, need in missing.items()}
    for place in sorted(chosen, key=ranked.index, reverse=True):
        rest = [one for one in chosen if one is not place]
        if _covers(rest, wanted):
            chosen = rest
    return tuple(sorted(chosen, key=ranked.index))


def _share_out(demands: Sequence[Demand], chosen: Sequence[Place]) -> Iterator[Part]:
    """A line stays in one parcel where it can; otherwise the first locations give first."""
    left = {place.location_id: dict(place.units) for place in chosen}
    for demand in sorted(demands, key=lambda demand: (-demand.quantity, demand.line)):
        pk, need = demand.stock_record_id, demand.quantity
        whole = [place for place in chosen if left[place.location_id].get(pk, 0) >= need]
        for place in whole[:1] or chosen:
            units = min(need, left[place.location_id].get(pk, 0))
            if units > 0:
                left[place.location_id][pk] -= units
                need -= units
                yield Part(demand.line, pk, place.location_id, units)


def _explain(
    wanted: Mapping[int, int], chosen: Sequence[Place], passed_over: Sequence[Place], distance: Mapping[int, int]
) -> dict[int, dict[str, Any]]:
    asked_first = min((place.priority, distance[place.location_id]) for place in chosen) if chosen else (0, 0)
    rejected = [
        {
            "location": place.code,
            "why": _why_not(
                place,
                wanted,
                parcels=len(chosen),
                is_farther=place.priority == asked_first[0] and distance[place.location_id] > asked_first[1],
            ),
        }
        for place in passed_over
    ]
    if len(chosen) == 1:
        why = "Has every unit, and is the first to be asked among those that have."
    else:
        why = f"No fewer than {len(chosen)} locations have every unit; these are the first to be asked."
    return {
        place.location_id: {"chosen": place.code, "why": why, "parcels": len(chosen), "rejected": rejected}
        for place in chosen
    }


def _why_not(place: Place, wanted: Mapping[int, int], *, parcels: int, is_farther: bool) -> str:
    asked = sum(wanted.values())
    has = sum(min(max(place.units.get(pk, 0), 0), quantity) for pk, quantity in wanted.items())
    if has == 0:
        return "Has none of the units."
    if has < asked and parcels == 1:
        return f"Has {has} of {asked} units; sending the rest from elsewhere would make a second parcel."
    if has < asked:
        return f"Has {has} of {asked} units, and with it there would be no fewer than {parcels} parcels."
    if is_farther:
        return "Has every unit, but lies farther from the address."
    return f"Has every unit, but is asked later (priority {place.priority})."
