"""The demo's things have costs, one order came in part, one is on its way; and its books still agree."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone
from oscar.apps.catalogue.models import ProductAttribute, ProductAttributeValue

from inventory.costs.as_of import read_stock_as_of
from inventory.ledger import Entry, count_stock
from inventory.models import PurchaseOrder
from shop.demo.buying import CERAMICS, TEA, buy_goods
from shop.doctor.checks import run_checks
from tests.shopfloor import make_product, record_of

pytestmark = pytest.mark.django_db


def test_costs_and_purchase_orders_once() -> None:
    for number in range(6):
        product = make_product(sku=f"T-{number}", price="11.90", stock=0)
        entry = Entry(stock_record_id=record_of(product).pk, actor_name="demo", idempotency_key=f"c{number}")
        count_stock(entry, quantity=number + 1)
        code, _ = ProductAttribute.objects.get_or_create(
            product_class=product.product_class, code="brand", defaults={"name": "Brand", "type": "text"}
        )
        ProductAttributeValue.objects.create(
            product=product, attribute=code, value_text=CERAMICS if number < 5 else TEA
        )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for _ in range(2):
        buy_goods()
    part, whole = PurchaseOrder.objects.order_by("pk")
    assert [part.state, whole.state] == ["ordered", "ordered"]
    assert sum(part.receipts.get().lines.values_list("quantity", flat=True)) == 36
    answer = read_stock_as_of(timezone.now())
    assert (answer.totals.on_hand, answer.totals.uncosted) == (57, 0)
    assert all(Decimal("3.7") <= line.value / line.on_hand <= Decimal("6.2") for line in answer.lines)
    assert read_stock_as_of(timezone.now() - timedelta(days=100)).totals.on_hand == 21
    assert [one.check.name for one in run_checks() if one.check.id in ("I1", "I2") and one.violations] == []
