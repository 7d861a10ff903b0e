"""`export_orders`: every figure of the file is the order's, and the rows of an order add up to it."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.apps.order.models import Order

from checkout.models import PaymentAttempt
from checkout.orders.export import COLUMNS, export_orders
from tests import shopfloor

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE05")]


@pytest.fixture
def orders() -> list[Order]:
    shopfloor.open_shop()
    mug, lamp = (
        shopfloor.make_product("=Mug", price="7.35", stock=50),
        shopfloor.make_product("Lamp", price="80", stock=9),
    )
    return [shopfloor.make_order((mug, 3)), shopfloor.make_order((mug, 1), (lamp, 2))]


def test_the_rows_of_an_order_add_up_to_it(orders: list[Order], tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    assert export_orders(file) == (2, 3)
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert tuple(rows[0]) == COLUMNS
    for order in orders:
        own = [row for row in rows if row["number"] == order.number]
        money = {name: Decimal(own[0][name]) for name in ("total", "total_excl_tax", "tax", "delivery", "surcharges")}
        assert money["total"] == order.total_incl_tax == money["total_excl_tax"] + money["tax"]
        lines_sum = sum(Decimal(row["line_total"]) for row in own)
        assert money["total"] == lines_sum + money["delivery"] + money["surcharges"]
        nets = sum(Decimal(row["line_total_excl_tax"]) for row in own) + Decimal(own[0]["delivery_excl_tax"])
        assert money["total_excl_tax"] == nets + Decimal(own[0]["surcharges_excl_tax"])
        assert [int(row["line"]) for row in own] == list(range(1, order.lines.count() + 1))
        assert {row["sku"] for row in own} == set(order.lines.values_list("partner_sku", flat=True))
        assert (own[0]["status"], own[0]["ship_country"], own[0]["email"]) == (order.status, "DE", order.guest_email)
    assert next(row["title"] for row in rows if "Mug" in row["title"]).startswith("'=")


def test_json_lines_hold_the_same_and_statements_do_not_grow(orders: list[Order], tmp_path: Path) -> None:
    with CaptureQueriesContext(connection) as queries:
        call_command("export_orders", str(tmp_path / "orders.jsonl"))
    assert len(queries) <= 4
    rows = [json.loads(line) for line in (tmp_path / "orders.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["number"] for row in rows] == [orders[0].number, orders[1].number, orders[1].number]
    assert Decimal(rows[0]["line_total"]) == orders[0].lines.get().line_price_incl_tax
    assert rows[0]["title"] == "=Mug"


def test_what_was_taken_and_what_went_back_is_that_of_all_payments(orders: list[Order], tmp_path: Path) -> None:
    twice, unpaid = orders
    PaymentAttempt.objects.filter(order=twice).update(
        state="lapsed", captured=Decimal("7.35"), refunded=Decimal("1.00")
    )
    rest = twice.total_incl_tax - Decimal("7.35")
    PaymentAttempt.objects.create(
        order=twice, idempotency_key="rest", state="paid", amount=rest, captured=rest, currency="EUR"
    )
    file = tmp_path / "orders.jsonl"
    export_orders(file)
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    money = {row["number"]: (Decimal(row["captured"]), Decimal(row["refunded"])) for row in rows}
    assert money == {twice.number: (twice.total_incl_tax, Decimal("1.00")), unpaid.number: (Decimal(0), Decimal(0))}
