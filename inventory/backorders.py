"""Units that paid orders wait for: given when they come in, oldest order first, or given up."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max, QuerySet
from django.db.models.functions import Greatest
from oscar.apps.partner.models import StockRecord

from inventory.availability import ZERO, open_backorders, units_free, units_held
from inventory.locking import lock_stock_records
from inventory.models import Backorder
from inventory.sharing_out import add_allocations, levels_of, places_of
from inventory.sourcing import Demand, choose_sources
from shop.outbox.publish import publish


def fill_backorders(stock_record_ids: Iterable[int]) -> int:
    """Allocate what lies on the shelf, and is held for nobody at the till, to those who wait; answers the units.

    The caller holds the stock records' lock. Each claim that got units gets one event `backorder.filled`.
    """
    waiting = list(open_backorders().filter(stock_record_id__in=list(stock_record_ids)).order_by("pk"))
    if not waiting:
        return 0
    ids = {one.stock_record_id for one in waiting}
    records = StockRecord.objects.filter(pk__in=ids).annotate(room=Greatest(units_free() - units_held(), ZERO))
    room = dict(records.values_list("pk", "room"))
    levels = levels_of(ids)
    given: dict[str, int] = {}
    for one in waiting:
        pk, units = one.stock_record_id, min(one.open_units, room[one.stock_record_id])
        if units <= 0:
            continue
        mine = [level for level in levels if level.stock_record_id == pk]
        demand = Demand(one.line, pk, units)
        plan = choose_sources(
            demands=[demand],
            places=places_of(mine, {pk: units}),
            ship_country=one.ship_country,
            ship_postcode=one.ship_postcode,
        )
        add_allocations(one.claim, plan, mine)
        one.filled += units
        room[pk] -= units
        given[one.claim] = given.get(one.claim, 0) + units
    Backorder.objects.bulk_update(waiting, ["filled"])
    for claim in given:
        key = f"backorder.filled:{uuid.uuid4()}"
        publish("backorder.filled", {"claim": claim, "reference": key}, key=key)
    return sum(given.values())


def give_up_backorders(backorders: QuerySet[Backorder], *, most: int | None = None) -> int:
    """Cancel open units, all or at most so many, the youngest first; answers how many. The caller holds the lock."""
    left, gone = most, 0
    changed = []
    for one in backorders.filter(pk__in=open_backorders().values("pk")).order_by("-pk"):
        units = one.open_units if left is None else min(one.open_units, left)
        if units <= 0:
            break
        one.cancelled += units
        gone += units
        left = None if left is None else left - units
        changed.append(one)
    Backorder.objects.bulk_update(changed, ["cancelled"])
    return gone


@transaction.atomic
def cancel_waiting(claim: str, *, lines: Iterable[str]) -> dict[str, int]:
    """Give up what has not come in of these lines; the units by line. What came in meanwhile stays allocated."""
    mine = Backorder.objects.filter(claim=claim, line__in=list(lines))
    lock_stock_records(mine.values_list("stock_record_id", flat=True))
    gone: dict[str, int] = {}
    for line in sorted(set(mine.values_list("line", flat=True))):
        if units := give_up_backorders(mine.filter(line=line)):
            gone[line] = units
    return gone


def fill_from_what_is_free() -> int:
    """Units that became free without an act, as by a reservation that ran out, go to those who wait. Safe to repeat."""
    filled = 0
    for pk in list(open_backorders().values_list("stock_record_id", flat=True).distinct()):
        with transaction.atomic():
            lock_stock_records([pk])
            filled += fill_backorders([pk])
    return filled


def last_promise(claim: str) -> Backorder | None:
    """The open units of a claim that are promised latest; None when nothing of it waits."""
    mine = open_backorders().filter(claim=claim)
    return mine.filter(promised_on=mine.aggregate(last=Max("promised_on"))["last"]).order_by("pk").first()
