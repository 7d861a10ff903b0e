"""Give paid lines their units: from reservation to allocation, until dispatched or cancelled."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from oscar.apps.partner.models import StockRecord

from catalog.kits.contents import contents_of
from inventory.availability import (
    is_tracked,
    live_reservations,
    units_ahead,
    units_free,
    units_held,
    units_reserved,
    units_waiting,
)
from inventory.backorders import fill_backorders, give_up_backorders
from inventory.comeback import announce_returns, sold_out_among
from inventory.dispatch import dispatch_allocation
from inventory.kits import break_down
from inventory.levels import LevelChange, change_levels
from inventory.locking import lock_stock_records
from inventory.models import Allocation, Backorder, Reservation, StockLevel
from inventory.sharing_out import levels_of, places_of, write_allocations
from inventory.shortage import describe_shortage
from inventory.sourcing import Demand, SourcingPlan, choose_sources

__all__ = ["LineDemand", "allocate", "cancel_allocations", "dispatch_allocation"]


@dataclass(frozen=True, slots=True)
class LineDemand:
    """`line` names the order line within the claim, for example `line:77`; `quantity` in units, at least 1."""

    line: str
    stock_record_id: int
    quantity: int


@transaction.atomic
def allocate(
    *, claim: str, lines: Sequence[LineDemand], ship_country: str = "", ship_postcode: str = ""
) -> list[Allocation]:
    """Turn the claim's reservations into allocations at chosen locations, all lines or none.

    Whether the reservation still lives is judged under the lock: a live one gets its units; after its end the claim
    gets what nobody else has been promised, or InsufficientStock is raised with every short line. Lines that have
    allocations are left as they are, so a second call answers the first result. Untracked products get none. A line
    of a kit gets an allocation for each part; a line may also be given as several demands, one for each part.
    What is not on the shelf but may be sold ahead becomes a backorder; who waits already gets units first.
    """
    if any(demand.quantity <= 0 for demand in lines):
        raise ValueError("Allocate at least one unit of each line.")
    lines = _break_down(lines)
    lock_stock_records(demand.stock_record_id for demand in lines)
    done = set(Allocation.objects.filter(claim=claim).values_list("line", flat=True))
    done.update(Backorder.objects.filter(claim=claim).values_list("line", flat=True))
    fill_backorders({demand.stock_record_id for demand in lines})
    room = _room_for(claim, {demand.stock_record_id for demand in lines})
    demands = [
        Demand(demand.line, demand.stock_record_id, demand.quantity)
        for demand in lines
        if demand.line not in done and demand.stock_record_id in room
    ]
    wanted: Counter[int] = Counter()
    for demand in demands:
        wanted[demand.stock_record_id] += demand.quantity
    if any(quantity > room[pk].altogether for pk, quantity in wanted.items()):
        raise describe_shortage(wanted=wanted, available={pk: one.altogether for pk, one in room.items()})
    if demands:
        here, waiting = _split(demands, room)
        units = Counter[int]()
        for demand in here:
            units[demand.stock_record_id] += demand.quantity
        levels = levels_of(units)
        plan = choose_sources(
            demands=here, places=places_of(levels, units), ship_country=ship_country, ship_postcode=ship_postcode
        )
        _write(claim, plan, levels)
        _write_waiting(claim, waiting, room, ship_country=ship_country, ship_postcode=ship_postcode)
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


@dataclass(frozen=True, slots=True)
class _Room:
    """What a claim may take of a stock record: units on the shelf, and those with units that have to come in first."""

    on_shelf: int
    altogether: int
    kind: str
    promised_on: date


def _room_for(claim: str, stock_record_ids: Iterable[int]) -> dict[int, _Room]:
    """By tracked stock record: what is free and not promised to others; but never less than the claim's own live
    reservation as far as the units exist and the cap allows, even when a count or a write-off has since made promises
    that cannot all be kept: then the first payer wins.
    """
    own = live_reservations().filter(claim=claim, stock_record_id__in=stock_record_ids)
    promised = {pk: (held, waiting) for pk, held, waiting in own.values_list("stock_record_id", "quantity", "waiting")}
    records = StockRecord.objects.filter(pk__in=stock_record_ids).annotate(is_tracked=is_tracked())
    others = ~Q(claim=claim)
    figures = records.filter(is_tracked=True).annotate(
        free=units_free(),
        there=units_free(keep_buffer=False),
        held=units_held(others),
        reserved=units_reserved(others),
        waiting=units_waiting(),
        ahead=units_ahead(),
    )
    rooms = {}
    for pk, free, there, held, reserved, waiting, ahead, cap, kind, promised_on in figures.values_list(
        "pk",
        "free",
        "there",
        "held",
        "reserved",
        "waiting",
        "ahead",
        "backorder_policy__cap",
        "backorder_policy__kind",
        "backorder_policy__promised_on",
    ):
        mine, mine_waiting = promised.get(pk, (0, 0))
        kept = max(min(mine - mine_waiting, there), 0)
        kept_waiting = max(min(mine_waiting, (cap or 0) - waiting), 0)
        altogether = max(kept + kept_waiting, free - reserved - waiting + ahead, 0)
        on_shelf = min(max(kept, free - held - waiting, 0), altogether)
        # Without a policy nothing is sold ahead, and the day is never read.
        rooms[pk] = _Room(on_shelf, altogether, kind or "", promised_on or date.max)
    return rooms


def _split(demands: Sequence[Demand], room: Mapping[int, _Room]) -> tuple[list[Demand], list[Demand]]:
    """What is fetched from the shelf and what has to come in first, in the order of the lines."""
    left = {pk: one.on_shelf for pk, one in room.items()}
    here, waiting = [], []
    for demand in demands:
        units = min(demand.quantity, left[demand.stock_record_id])
        left[demand.stock_record_id] -= units
        if units:
            here.append(replace(demand, quantity=units))
        if units < demand.quantity:
            waiting.append(replace(demand, quantity=demand.quantity - units))
    return here, waiting


def _write(claim: str, plan: SourcingPlan, levels: Sequence[StockLevel]) -> None:
    write_allocations(claim, plan, levels)


def _write_waiting(
    claim: str, demands: Sequence[Demand], room: Mapping[int, _Room], *, ship_country: str, ship_postcode: str
) -> None:
    Backorder.objects.bulk_create(
        Backorder(
            claim=claim,
            line=demand.line,
            stock_record_id=demand.stock_record_id,
            quantity=demand.quantity,
            kind=room[demand.stock_record_id].kind,
            promised_on=room[demand.stock_record_id].promised_on,
            ship_country=ship_country,
            ship_postcode=ship_postcode,
        )
        for demand in demands
    )


@transaction.atomic
def cancel_allocations(claim: str, line: str | None = None, quantity: int | None = None) -> int:
    """Give open units back to sale: of the claim, of one line, or `quantity` units of it (the last allocated first).

    What has not come in yet is given up first. Dispatched units stay dispatched. Answers the units given up; with
    nothing open, 0.
    """
    mine, waiting = Allocation.objects.filter(claim=claim), Backorder.objects.filter(claim=claim)
    if line is not None:
        mine, waiting = mine.filter(line=line), waiting.filter(line=line)
    ids = {*mine.values_list("level__stock_record_id", flat=True), *waiting.values_list("stock_record_id", flat=True)}
    locked = lock_stock_records(ids)
    gone = give_up_backorders(waiting.filter(stock_record_id__in=locked), most=quantity)
    mine = mine.filter(level__stock_record_id__in=locked)
    still_open = mine.filter(quantity__gt=F("dispatched") + F("cancelled")).order_by("-pk")
    left = None if quantity is None else quantity - gone
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
    fill_backorders(locked)
    announce_returns(sold_out)
    return gone + sum(freed.values())
