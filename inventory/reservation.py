"""Hold units for a claim for some minutes while its buyer pays."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, CharField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Now
from oscar.apps.partner.models import StockRecord

from catalog.kits.contents import contents_of
from inventory.availability import is_tracked, units_ahead, units_free, units_reserved, units_waiting
from inventory.backorders import fill_from_what_is_free
from inventory.comeback import announce_returns, sold_out_among
from inventory.kits import Contents, break_down
from inventory.locking import lock_stock_records
from inventory.models import Allocation, Backorder, Reservation
from inventory.promises import units_at_once
from inventory.shortage import describe_shortage
from shop.written_once import any_of, given, written_once

RELEASE_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Hold:
    """`until` is when the first of a claim's units is let go; `is_over` by the database's clock."""

    until: datetime
    is_over: bool


_RESERVED, _ALLOCATED, _BACKORDERED = range(3)


def reserve(
    *, claim: str, quantities: Mapping[int, int], minutes: int, kits: Mapping[int, Contents] | None = None
) -> list[Reservation]:
    """Hold `quantities` (units by stock record id) until `minutes` from now, all of them or none.

    Raises InsufficientStock with every short line. `quantities` is the claim's whole wish: the same wish again answers
    the reservations that already live, without a new end; another wish replaces it. Records whose product does not
    track stock need no reservation and get none. A claim that has allocations already owns its units.
    A kit's units are held as its parts'. What is not there, but may be sold ahead, is held as `waiting`.

    `kits` are those among the stock records with what is in them, of a caller who has promised just that; None: as it
    is now.
    """
    if minutes <= 0 or any(quantity <= 0 for quantity in quantities.values()):
        raise ValueError("Reserve at least one unit of each stock record, for at least one minute.")
    # Nothing is written before it is known that all can be held: within a transaction no savepoint is needed.
    with nullcontext() if connection.in_atomic_block else transaction.atomic():
        return _reserve(claim, quantities, minutes, kits)


def _reserve(
    claim: str, quantities: Mapping[int, int], minutes: int, kits: Mapping[int, Contents] | None
) -> list[Reservation]:
    kits = contents_of(quantities) if kits is None else kits
    asked, quantities = quantities, break_down(quantities, kits)
    lock_stock_records(quantities)
    traces = {kind for (kind,) in _traces.ask(claim=claim)}
    held: list[Any] = []
    if traces:
        mine = Reservation.objects.filter(claim=claim).order_by("stock_record_id")
        held = list(mine.annotate(is_live=_is_live()))
    if traces & {_ALLOCATED, _BACKORDERED}:
        return held
    on_shelf, tracked = _room_for(claim, quantities)
    wanted = {pk: quantity for pk, quantity in quantities.items() if pk in tracked}
    live = {one.stock_record_id: one.quantity for one in held if one.is_live}
    if wanted and live == wanted:
        return [one for one in held if one.is_live]
    if any(quantity > tracked[pk] for pk, quantity in wanted.items()):
        raise describe_shortage(wanted=asked, available=tracked, kits=kits)
    if held:
        _give_up_others(claim, wanted)
    return _write(claim, wanted, minutes, on_shelf)


@written_once
def _traces() -> QuerySet[Any, Any]:
    """What the claim has already: most have nothing, and then one question is enough."""
    mine = Q(claim=given("claim", CharField()))
    kinds = {_RESERVED: Reservation, _ALLOCATED: Allocation, _BACKORDERED: Backorder}
    reserved, *others = (
        model._default_manager.filter(mine).order_by().annotate(trace=Value(kind)).values_list("trace")
        for kind, model in kinds.items()
    )
    return reserved.union(*others)


def hold_of(claim: str) -> Hold | None:
    """None when nothing was reserved for the claim. One question."""
    mine = Reservation.objects.filter(claim=claim).order_by("expires_at", "pk").annotate(is_live=_is_live())
    first = mine.values_list("expires_at", "is_live").first()
    return Hold(first[0], is_over=not first[1]) if first is not None else None


def _is_live() -> Case:
    live = Q(released_at__isnull=True, expires_at__gt=Now())
    return Case(When(live, then=Value(1)), default=Value(0), output_field=IntegerField())


def _room_for(claim: str, stock_record_ids: Iterable[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Units that the claim may hold, by tracked stock record: those on the shelf, and these with what is sold ahead.

    Whatever others were promised comes first.
    """
    rows = _rooms.ask(claim=claim, ids=list(stock_record_ids))
    return {pk: max(shelf, 0) for pk, shelf, _ in rows}, {pk: max(shelf + ahead, 0) for pk, shelf, ahead in rows}


@written_once
def _rooms() -> QuerySet[Any, Any]:
    asked = StockRecord.objects.filter(any_of("partner_stockrecord.id", "ids")).order_by()
    others = ~Q(claim=given("claim", CharField()))
    figures = asked.alias(is_tracked=is_tracked()).filter(is_tracked=True)
    shelf = units_free() - units_reserved(others) - units_waiting()
    return figures.annotate(shelf=shelf, ahead=units_ahead()).values_list("pk", "shelf", "ahead")


def _give_up_others(claim: str, wanted: Mapping[int, int]) -> None:
    superseded = Reservation.objects.filter(claim=claim, released_at__isnull=True).exclude(stock_record_id__in=wanted)
    superseded.update(released_at=Now())


_HOLD = """
INSERT INTO inventory_reservation (claim, stock_record_id, quantity, waiting, expires_at, released_at)
SELECT %s, wanted.id, wanted.quantity, wanted.waiting, statement_timestamp() + %s, NULL
FROM unnest(%s::bigint[], %s::integer[], %s::integer[]) AS wanted(id, quantity, waiting) ORDER BY wanted.id
ON CONFLICT (claim, stock_record_id) DO UPDATE SET quantity = EXCLUDED.quantity, waiting = EXCLUDED.waiting,
    expires_at = EXCLUDED.expires_at, released_at = NULL
RETURNING *
"""


def _write(claim: str, wanted: Mapping[int, int], minutes: int, on_shelf: Mapping[int, int]) -> list[Reservation]:
    ids = sorted(wanted)
    waiting = [max(wanted[pk] - on_shelf[pk], 0) for pk in ids]
    params = [claim, timedelta(minutes=minutes), ids, [wanted[pk] for pk in ids], waiting]
    return sorted(Reservation.objects.raw(_HOLD, params), key=lambda one: one.stock_record_id)


@transaction.atomic
def release_reservations(claim: str) -> int:
    """Give up what the claim holds; answers how many reservations ended. Needs no lock: stock only grows."""
    held = list(Reservation.objects.filter(claim=claim, released_at__isnull=True).order_by("pk").select_for_update())
    sold_out = sold_out_among(one.stock_record_id for one in held) if held else set()
    released = Reservation.objects.filter(pk__in=[one.pk for one in held]).update(released_at=Now())
    announce_returns(sold_out)
    return released


def _sold_out_until_now(expired: Sequence[Reservation]) -> set[int]:
    """Records of which these reservations held the last units: what can be sold now is what they gave up."""
    given_up: Counter[int] = Counter()
    for one in expired:
        given_up[one.stock_record_id] += one.quantity
    units = units_at_once(given_up)
    return {pk for pk, left in units.items() if left is not None and 0 < left <= given_up[pk]}


def release_expired() -> int:
    """Mark reservations whose time is over as released, at their end; answers how many.

    Then those who wait for units get what became free. Tidying only: availability judges expiry at read. Safe at any time, twice, and beside itself (rows that another
    run or a buyer is touching are skipped).
    """
    released = 0
    while True:
        with transaction.atomic():
            over = Reservation.objects.filter(released_at__isnull=True, expires_at__lte=Now())
            batch = list(over.order_by("pk").select_for_update(skip_locked=True)[:RELEASE_BATCH])
            ids = [one.pk for one in batch]
            released += Reservation.objects.filter(pk__in=ids).update(released_at=F("expires_at"))
            announce_returns(_sold_out_until_now(batch))
        if len(batch) < RELEASE_BATCH:
            break
    fill_from_what_is_free()
    return released
