"""What an order's lines take from the shelf: the line's own SKU, or the parts of the kit as it was when ordered."""

from oscar.apps.order.models import Order

from inventory.allocation import LineDemand


def list_demands(order: Order) -> list[LineDemand]:
    """In the order of the lines; two queries."""
    demands = []
    for line in order.lines.exclude(stockrecord=None).order_by("pk").prefetch_related("parts"):
        units = {part.stock_record_id: part.quantity for part in line.parts.all()} or {line.stockrecord_id: 1}
        demands += [
            LineDemand(line=f"line:{line.pk}", stock_record_id=pk, quantity=each * line.quantity)
            for pk, each in units.items()
        ]
    return demands


def order_of(claim: str) -> int | None:
    """The order that a claim on stock belongs to; None for a claim that is none of an order."""
    kind, _, number = claim.partition(":")
    return int(number) if kind == "order" and number.isdecimal() else None
