"""What is on its way from suppliers: the one answer to "when does it come, and how much"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from inventory.purchasing.records import PurchaseLine, PurchaseOrder


@dataclass(frozen=True, slots=True)
class ExpectedStock:
    """`units` of an order that have not come yet; `on` is the supplier's day, which may have passed."""

    stock_record_id: int
    on: date | None
    units: int
    order_id: int
    number: str
    location_id: int


def read_expected(stock_record_ids: Iterable[int]) -> dict[int, list[ExpectedStock]]:
    """By stock record, the earliest first; records of which nothing is expected are left out. One query."""
    lines = (
        PurchaseLine.objects.filter(stock_record__in=list(stock_record_ids), order__state=PurchaseOrder.State.ORDERED)
        .select_related("order")
        .annotate(left=F("quantity") - Coalesce(Sum("received__quantity"), 0))
        .filter(left__gt=0)
        .order_by(F("order__expected_on").asc(nulls_last=True), "pk")
    )
    found: dict[int, list[ExpectedStock]] = {}
    for line in lines:
        found.setdefault(line.stock_record_id, []).append(
            ExpectedStock(
                stock_record_id=line.stock_record_id,
                on=line.order.expected_on,
                units=line.left,
                order_id=line.order_id,
                number=line.order.number,
                location_id=line.order.location_id,
            )
        )
    return found
