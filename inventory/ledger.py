"""Move units: receive, count, write off, return, correct, transfer. Each is one transaction under the stock lock.

Every function writes the movement, the level, the stock record's totals and the cost of what came in together.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction

from catalog.kits.records import Kit
from inventory.backorders import fill_backorders
from inventory.comeback import announce_returns, sold_out_among
from inventory.costs.layers import post_bought_layer, post_layers
from inventory.levels import LevelChange, change_levels, open_level
from inventory.locations import find_location
from inventory.locking import lock_stock_records
from inventory.models import StockLevel, StockMovement
from inventory.movements import find_earlier, sum_ledger

Kind = StockMovement.Kind


class StockRefused(ValueError):
    """The movement would leave fewer units than are promised to paid orders, or moves nothing, or is of a kit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a movement says about itself.

    An empty `location_code` stands for the default location. `reference` names the document (`delivery:12`).
    `idempotency_key` names the act: the same key again answers the first movement.
    """

    stock_record_id: int
    actor_name: str
    idempotency_key: str
    location_code: str = ""
    reason: str = ""
    reference: str = ""


def receive_stock(entry: Entry, *, quantity: int, cost: Decimal | None = None) -> StockMovement:
    """Units that came in from a supplier; `cost` of all of them in the shop's currency, when a document says it."""
    return _move(Kind.RECEIPT, entry, _positive(quantity), cost=cost)


def return_stock(entry: Entry, *, quantity: int) -> StockMovement:
    """Units that a customer sent back and that can be sold again."""
    return _move(Kind.RETURN, entry, _positive(quantity))


def write_off(entry: Entry, *, quantity: int) -> StockMovement:
    """Units that were lost, broken or given away. Raises StockRefused when fewer are free, or without a reason."""
    return _move(Kind.WRITE_OFF, _with_reason(entry), -_positive(quantity))


def correct_stock(entry: Entry, *, quantity_delta: int) -> StockMovement:
    """Undo a wrong movement by an opposite one; the wrong row stays. Raises StockRefused."""
    if quantity_delta == 0:
        raise StockRefused("A correction must add or take away at least one unit.")
    return _move(Kind.CORRECTION, _with_reason(entry), quantity_delta)


def count_stock(entry: Entry, *, quantity: int) -> StockMovement | None:
    """Set the units on hand to what was counted. None when the count agrees: then no movement is written.

    The movement goes from what the ledger sums to, so that a count also ends a difference between ledger and level.
    Raises StockRefused for a count below zero or below what is promised to paid orders.
    """
    if quantity < 0:
        raise StockRefused(f"A count cannot be negative; {quantity} was given.")
    return _post(Kind.COUNT, entry, lambda level: quantity - level.on_hand, is_absolute=True)


def post_difference(entry: Entry, *, quantity_delta: int) -> StockMovement:
    """What a count sheet found more (or fewer) than should have lain there when it was counted. Raises StockRefused."""
    if quantity_delta == 0:
        raise StockRefused("A count that agrees has no difference to post.")
    return _move(Kind.COUNT, _with_reason(entry), quantity_delta)


def take_off_shelf(entry: Entry, *, quantity: int) -> StockMovement:
    """Units that set out for another location. Raises StockRefused when fewer are free."""
    return _move(Kind.TRANSFER_OUT, entry, -_positive(quantity))


def put_on_shelf(entry: Entry, *, quantity: int) -> StockMovement:
    """Units that arrived from another location."""
    return _move(Kind.TRANSFER_IN, entry, _positive(quantity))


@transaction.atomic
def write_off_on_the_way(entry: Entry, *, quantity: int) -> StockMovement:
    """Units that set out from the entry's location and arrived nowhere: back in the books there, and off them at once."""
    back = replace(_with_reason(entry), idempotency_key=f"{entry.idempotency_key}:back")
    _post(Kind.TRANSFER_IN, back, lambda level: _positive(quantity), is_passing=True)
    return _move(Kind.WRITE_OFF, replace(entry, idempotency_key=f"{entry.idempotency_key}:lost"), -quantity)


@transaction.atomic
def transfer_stock(entry: Entry, *, to_code: str, quantity: int) -> tuple[StockMovement, StockMovement]:
    """Carry free units to another location in one moment: two movements, out and in. Raises StockRefused.

    What travels for a while is a transfer (`inventory.transfers`).
    """
    units = _positive(quantity)
    if find_location(entry.location_code) == find_location(to_code):
        raise StockRefused("A transfer needs two different locations.")
    out = _move(Kind.TRANSFER_OUT, replace(entry, idempotency_key=f"{entry.idempotency_key}:out"), -units)
    arrival = replace(entry, location_code=to_code, idempotency_key=f"{entry.idempotency_key}:in")
    return out, _move(Kind.TRANSFER_IN, arrival, units)


def _positive(quantity: int) -> int:
    if quantity <= 0:
        raise StockRefused(f"At least one unit must move; {quantity} was given.")
    return quantity


def _with_reason(entry: Entry) -> Entry:
    if not entry.reason.strip():
        raise StockRefused("Say why: this movement needs a reason.")
    return entry


def _move(kind: Kind, entry: Entry, delta: int, *, cost: Decimal | None = None) -> StockMovement:
    movement = _post(kind, entry, lambda level: delta, cost=cost)
    assert movement is not None  # only a count can agree with what is there
    return movement


@transaction.atomic
def _post(
    kind: Kind,
    entry: Entry,
    delta_at: Callable[[StockLevel], int],
    *,
    cost: Decimal | None = None,
    is_passing: bool = False,
    is_absolute: bool = False,
) -> StockMovement | None:
    """`is_passing`: the units are gone again within the transaction, so that nobody is told or given any.

    `is_absolute`: whatever the ledger said before, it says what is there afterwards.
    """
    location = find_location(entry.location_code)
    lock_stock_records([entry.stock_record_id])
    earlier = find_earlier(
        entry.idempotency_key, kind=kind, stock_record_id=entry.stock_record_id, location_id=location.pk
    )
    if earlier is not None:
        return earlier
    if Kit.objects.filter(pk=entry.stock_record_id).exists():
        raise StockRefused("This is a kit: it has no units of its own. Count, receive or write off its parts.")
    level = open_level(stock_record_id=entry.stock_record_id, location=location)
    delta = delta_at(level)
    after = level.on_hand + delta
    moved = after - sum_ledger(level) if is_absolute else delta
    if delta == moved == 0:
        return None
    if after < level.allocated:
        raise StockRefused(
            f"{location.name} has {level.on_hand} units on hand, {level.allocated} of them promised to paid orders;"
            f" this would leave {after}. Cancel or dispatch those orders first."
        )
    comes_in = delta > 0 and not is_passing
    sold_out = sold_out_among([entry.stock_record_id]) if comes_in else set()
    change_levels({level.pk: LevelChange(on_hand=delta)})
    if comes_in:
        fill_backorders([entry.stock_record_id])
    announce_returns(sold_out)
    if moved == 0:
        return None
    movement = StockMovement.objects.create(
        stock_record_id=entry.stock_record_id,
        location=location,
        kind=kind,
        quantity_delta=moved,
        on_hand_after=after,
        reason=entry.reason,
        reference=entry.reference,
        actor_name=entry.actor_name,
        idempotency_key=entry.idempotency_key,
    )
    if cost is not None:
        post_bought_layer(movement, amount=cost)
    elif moved > 0:
        post_layers([entry.idempotency_key])
    return movement
