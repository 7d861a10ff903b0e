"""Rows of the stock ledger and the keys that make each happen once."""

from django.db.models import Sum

from inventory.models import StockLevel, StockMovement


class IdempotencyKeyReused(ValueError):
    """The key belongs to another movement; a key names one act only."""


def find_earlier(key: str, *, kind: str, stock_record_id: int, location_id: int) -> StockMovement | None:
    """The movement that this key has already made, or None. Raises IdempotencyKeyReused for another act's key."""
    earlier = StockMovement.objects.filter(idempotency_key=key).first()
    if earlier is None:
        return None
    if (earlier.kind, earlier.stock_record_id, earlier.location_id) != (kind, stock_record_id, location_id):
        raise IdempotencyKeyReused(
            f"The key {key!r} already made movement {earlier.pk} ({earlier.kind} {earlier.quantity_delta:+d});"
            " give each act its own key."
        )
    return earlier


def sum_ledger(level: StockLevel) -> int:
    """Units that the ledger says lie there."""
    rows = StockMovement.objects.filter(stock_record=level.stock_record_id, location=level.location_id).order_by()
    return rows.aggregate(units=Sum("quantity_delta", default=0))["units"]
