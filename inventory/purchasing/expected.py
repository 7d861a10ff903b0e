"""What is on its way from suppliers: the one answer to "when does it come, and how much"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Expression, F, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from inventory.purchasing.records import PurchaseLine, PurchaseOrder, ReceiptLine


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


def units_expected() -> Expression:
    """Of a stock level: units that are ordered for its location and have not come yet."""
    came = ReceiptLine.objects.filter(line=OuterRef("pk")).order_by().values("line").annotate(n=Sum("quantity"))
    lines = PurchaseLine.objects.filter(
        stock_record=OuterRef("stock_record"),
        order__location=OuterRef("location"),
        order__state=PurchaseOrder.State.ORDERED,
    ).order_by()
    left = Greatest(F("quantity") - Coalesce(Subquery(came.values("n")), Value(0)), Value(0))
    totals = lines.annotate(left=left).values("stock_record").annotate(total=Sum("left")).values("total")
    return Coalesce(Subquery(totals), Value(0))
