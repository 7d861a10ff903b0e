"""Give paid lines their units: from reservation to allocation, until dispatched or cancelled."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from oscar.apps.partner.models import StockRecord

from catalog.kits.contents import contents_of
from inventory.availability import is_tracked, live_reservations, units_free, units_reserved
from inventory.comeback import announce_returns, sold_out_among
from inventory.dispatch import dispatch_allocation
from inventory.kits import break_down
from inventory.levels import LevelChange, change_levels
from inventory.locking import lock_stock_records
from inventory.models import Allocation, Reservation, StockLevel
from inventory.shortage import describe_shortage
from inventory.sourcing import Demand, Place, SourcingPlan, choose_sources

__all__ = ["LineDemand", "allocate", "cancel_allocations", "dispatch_allocation"]


@dataclass(frozen=True, slots=True)
class LineDemand:
    """`line` names the order line within the claim, for example `line:77`; `quantity` in units, at least 1."""

    line: str
    stock_record_id: int
    quantity: int


@transaction.atomic
def allocate(*, claim: str, lines: Sequence[LineDemand], ship_country: str = "") -> list[Allocation]:
    """Turn the claim's reservations into allocations at chosen locations, all lines or none.

    Whether the reservation still lives is judged under the lock: a live one gets its units; after its end the claim
    gets what nobody else has been promised, or InsufficientStock is raised with every short line. Lines that have
    allocations are left as they are, so a second call answers the first result. Untracked products get none. A line
    of a kit gets an allocation for each part; a line may also be given as several demands, one for each part.
    """
    if any(demand.quantity <= 0 for demand in lines):
        raise ValueError("Allocate at least one unit of each line.")
    lines = _break_down(lines)
    lock_stock_records(demand.stock_record_id for demand in lines)
    done = set(Allocation.objects.filter(claim=claim).values_list("line", flat=True))
    room = _room_for(claim, {demand.stock_record_id for demand in lines})
    demands = [
        Demand(demand.line, demand.stock_record_id, demand.quantity)
        for demand in lines
        if demand.line not in done and demand.stock_record_id in room
    ]
    wanted: Counter[int] = Counter()
    for demand in demands:
        wanted[demand.stock_record_id] += demand.quantity
    if any(quantity > room[pk] for pk, quantity in wanted.items()):
        raise describe_shortage(wanted=wanted, available=room)
    if demands:
        levels = _levels_of(wanted)
        plan = choose_sources(demands=demands, places=_places(levels, wanted), ship_country=ship_country)
        _write(claim, plan, levels)
        held = Reservation.objects.filter(claim=claim, stock_record_id__in=wanted, released_at__isnull=True)
        held.update(released_at=Now())
    return list(Allocation.objects.filter(claim=claim).select_related("level__location"))


def _break_down(lines: Sequence[LineDemand]) -> list[LineDemand]:
    kits = contents_of(demand.stock_record_id for demand in lines)
    return [
        LineDemand(demand.line, pk, quantity)
        for demand in lines
        for pk, quantity in break_down({demand.stock_record_id: demand.quantity}, kits).items()
    ]


def _room_for(claim: str, stock_record_ids: Iterable[int]) -> dict[int, int]:
    """Units that the claim may take, by tracked stock record.

    What is free and not promised to others; but never less than its own live reservation as far as the units exist,
    even when a count or a write-off has since made promises that cannot all be kept: then the first payer wins.
    """
    own = live_reservations().filter(claim=claim, stock_record_id__in=stock_record_ids)
    promised = dict(own.values_list("stock_record_id", "quantity"))
    records = StockRecord.objects.filter(pk__in=stock_record_ids).annotate(is_tracked=is_tracked())
    figures = records.filter(is_tracked=True).annotate(
        free=units_free(), others=units_reserved(~Q(claim=claim)), there=units_free(keep_buffer=False)
    )
    return {
        pk: max(min(promised.get(pk, 0), there), free - others, 0)
        for pk, free, others, there in figures.values_list("pk", "free", "others", "there")
    }


def _levels_of(stock_record_ids: Iterable[int]) -> list[StockLevel]:
    levels = StockLevel.objects.filter(stock_record_id__in=stock_record_ids, location__is_active=True)
    return list(levels.select_related("location").order_by("pk"))


def _places(levels: Sequence[StockLevel], wanted: Mapping[int, int]) -> list[Place]:
    """What each location can give: without its buffer, unless a kept promise needs the buffer too."""
    kept_back: Counter[int] = Counter()
    for level in levels:
        kept_back[level.stock_record_id] += max(level.on_hand - level.allocated - level.buffer, 0)
    units: dict[int, dict[int, int]] = {level.location_id: {} for level in levels}
    for level in levels:
        buffer = level.buffer if kept_back[level.stock_record_id] >= wanted[level.stock_record_id] else 0
        units[level.location_id][level.stock_record_id] = max(level.on_hand - level.allocated - buffer, 0)
    locations = {level.location_id: level.location for level in levels}
    return [
        Place(location_id=pk, code=one.code, name=one.name, priority=one.priority, country=one.country, units=units[pk])
        for pk, one in locations.items()
    ]


def _write(claim: str, plan: SourcingPlan, levels: Sequence[StockLevel]) -> None:
    level_ids = {(level.stock_record_id, level.location_id): level.pk for level in levels}
    rows = [
        Allocation(
            level_id=level_ids[part.stock_record_id, part.location_id],
            claim=claim,
            line=part.line,
            quantity=part.quantity,
            reason=dict(plan.reasons[part.location_id]),
        )
        for part in sorted(plan.parts, key=lambda part: (part.line, part.location_id))
    ]
    taken: Counter[int] = Counter()
    for row in rows:
        taken[row.level_id] += row.quantity
    change_levels({level_id: LevelChange(allocated=units) for level_id, units in taken.items()})
    Allocation.objects.bulk_create(rows)


@transaction.atomic
def cancel_allocations(claim: str, line: str | None = None, quantity: int | None = None) -> int:
    """Give open units back to sale: of the claim, of one line, or `quantity` units of it (the last allocated first).

    Dispatched units stay dispatched. Answers the units that became free; with nothing open, 0.
    """
    mine = Allocation.objects.filter(claim=claim) if line is None else Allocation.objects.filter(claim=claim, line=line)
    locked = lock_stock_records(mine.values_list("level__stock_record_id", flat=True))
    mine = mine.filter(level__stock_record_id__in=locked)
    still_open = mine.filter(quantity__gt=F("dispatched") + F("cancelled")).order_by("-pk")
    left = quantity
    freed: Counter[int] = Counter()
    changed = []
    for allocation in still_open:
        open_units = allocation.quantity - allocation.dispatched - allocation.cancelled
        units = open_units if left is None else min(open_units, left)
        if units <= 0:
            break
        left = None if left is None else left - units
        allocation.cancelled += units
        freed[allocation.level_id] += units
        changed.append(allocation)
    sold_out = sold_out_among(locked) if freed else set()
    Allocation.objects.bulk_update(changed, ["cancelled"])
    change_levels({level_id: LevelChange(allocated=-units) for level_id, units in freed.items()})
    announce_returns(sold_out)
    return sum(freed.values())
