"""What the demo shop's things cost, and two orders to its makers: one that has come in part, one still on its way."""

from datetime import timedelta
from decimal import Decimal
from typing import Final

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from oscar.apps.catalogue.models import ProductAttributeValue
from oscar.apps.partner.models import StockRecord

from catalog.pricing.records import PriceDetail
from inventory.costs.layers import state_missing_costs
from inventory.locations import default_location
from inventory.low_stock.records import LowStockRule
from inventory.models import Location
from inventory.purchasing.ordering import Draft, WantedLine, place_purchase, write_draft
from inventory.purchasing.receiving import Delivery, receive_delivery
from inventory.purchasing.records import PurchaseOrder, Supplier
from shop.demo.past import open_shelves_earlier

ACTOR: Final = "demo"
OPENED_DAYS_AGO: Final = 120
# Between 38 and 55 per cent of the net price, always the same for a SKU.
_COSTS: Final = """
UPDATE catalog_pricedetail detail
SET cost = round(record.price / 1.19 * (38 + abs(hashtext(record.partner_sku)::bigint) % 18) / 100, 2)
FROM partner_stockrecord record WHERE record.id = detail.stock_record_id AND detail.cost IS NULL
"""
CERAMICS, TEA = "Tonwerk Brix", "North Quay Tea"


@transaction.atomic
def buy_goods() -> None:
    """Once, after the shelves were counted and before the first past order."""
    if Supplier.objects.exists():
        return
    open_shelves_earlier(days=OPENED_DAYS_AGO)
    with connection.cursor() as cursor:
        cursor.execute(_COSTS)
    state_missing_costs()
    for shop in Location.objects.filter(is_pickup_point=True):
        LowStockRule.objects.create(location=shop, threshold=1)
    come_in_part = _order(CERAMICS, lead_days=21, placed_days_ago=16, most_first=True)
    if come_in_part is not None:
        _receive_part(come_in_part)
    _order(TEA, lead_days=10, placed_days_ago=3, most_first=False)


def _order(maker: str, *, lead_days: int, placed_days_ago: int, most_first: bool) -> PurchaseOrder | None:
    """Four of the maker's things, two dozen each: those with the most units, or with the fewest."""
    branded = ProductAttributeValue.objects.filter(attribute__code="brand", value_text=maker)
    products = list(branded.values_list("product_id", flat=True))
    of_maker = StockRecord.objects.filter(Q(product__in=products) | Q(product__parent__in=products), kit=None)
    units = F("num_in_stock").desc(nulls_last=True) if most_first else F("num_in_stock").asc(nulls_first=True)
    records = list(of_maker.exclude(product__structure="parent").order_by(units, "partner_sku")[:4])
    if not records:
        return None
    costs = dict(PriceDetail.objects.filter(pk__in=records).values_list("pk", "cost"))
    supplier = Supplier.objects.create(
        name=maker, email=f"orders@{maker.split()[0].lower()}.example", lead_days=lead_days
    )
    lines = [WantedLine(one.pk, one.partner_sku, 24, costs.get(one.pk) or Decimal(1)) for one in records]
    ordered_on = timezone.now() - timedelta(days=placed_days_ago)
    draft = Draft(
        supplier_id=supplier.pk, location_id=default_location().pk, lines=lines, freight=Decimal("38.00"),
        expected_on=timezone.localdate(ordered_on) + timedelta(days=lead_days),
    )  # fmt: skip
    order = place_purchase(write_draft(draft, actor=ACTOR).pk, actor=ACTOR)
    PurchaseOrder.objects.filter(pk=order.pk).update(created_at=ordered_on, ordered_at=ordered_on)
    return order


def _receive_part(order: PurchaseOrder) -> None:
    first, second, *_ = [*order.lines.order_by("pk"), None]
    units = {line.pk: count for line, count in ((first, 24), (second, 12)) if line is not None}
    delivery = Delivery(
        number="LS-20417", units=units, freight=Decimal("21.50"), note="The rest follows from the next firing."
    )
    receive_delivery(order.pk, delivery, actor=ACTOR)
