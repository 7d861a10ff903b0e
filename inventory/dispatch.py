"""Send allocated units away: the allocation is consumed, the ledger gets its movement."""

from django.db import transaction

from inventory.levels import LevelChange, change_levels
from inventory.locking import lock_stock_records
from inventory.models import Allocation, StockMovement
from inventory.movements import find_earlier


class UnknownAllocation(LookupError):
    """There is no such allocation."""


class MoreThanOpen(ValueError):
    """More units than the allocation still holds; nothing was written."""


@transaction.atomic
def dispatch_allocation(
    allocation_id: int, quantity: int, *, reference: str, actor_name: str, idempotency_key: str
) -> StockMovement:
    """Take `quantity` open units of an allocation off the shelf; answers the movement (negative).

    The same key again answers the first movement. Raises MoreThanOpen, UnknownAllocation. Several in one transaction:
    lock all their stock records first (see `inventory.locking`).
    """
    known = Allocation.objects.filter(pk=allocation_id).select_related("level").first()
    if known is None:
        raise UnknownAllocation(f"There is no allocation {allocation_id}.")
    level = known.level
    lock_stock_records([level.stock_record_id])
    earlier = find_earlier(
        idempotency_key,
        kind=StockMovement.Kind.DISPATCH,
        stock_record_id=level.stock_record_id,
        location_id=level.location_id,
    )
    if earlier is not None:
        return earlier
    allocation = Allocation.objects.select_related("level").get(pk=allocation_id)
    still_open = allocation.quantity - allocation.dispatched - allocation.cancelled
    if not 0 < quantity <= still_open:
        raise MoreThanOpen(
            f"{quantity} units cannot be dispatched: allocation {allocation_id} has {still_open} of"
            f" {allocation.quantity} still open."
        )
    allocation.dispatched += quantity
    allocation.save(update_fields=["dispatched"])
    change_levels({level.pk: LevelChange(on_hand=-quantity, allocated=-quantity)})
    return StockMovement.objects.create(
        stock_record_id=level.stock_record_id,
        location_id=level.location_id,
        kind=StockMovement.Kind.DISPATCH,
        quantity_delta=-quantity,
        on_hand_after=allocation.level.on_hand - quantity,
        reference=reference,
        actor_name=actor_name,
        idempotency_key=idempotency_key,
    )
