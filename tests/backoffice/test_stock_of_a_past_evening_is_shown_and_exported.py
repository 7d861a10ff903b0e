"""The report of an instant: its totals are the sum of its file, and a wrong instant gets a sentence."""

import csv
from decimal import Decimal

import pytest

from catalog.models import PriceDetail
from inventory.ledger import Entry, receive_stock
from inventory.models import CostLayer, StockMovement
from shop.audit.models import AuditEntry
from tests.backoffice.desk import staff_client
from tests.inventory.shelf import make_stock_record

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN06")]
PAGE = "/admin/reports/stock/"


def receive(sku: str, *, units: int, cost: str | None) -> None:
    entry = Entry(stock_record_id=make_stock_record(sku).pk, actor_name="Ann", idempotency_key=sku)
    receive_stock(entry, quantity=units, cost=Decimal(cost) if cost else None)


def test_the_page_its_file_and_the_question_tie() -> None:
    receive("A-1", units=3, cost="10.00")
    receive("B-1", units=4, cost="7.77")
    client = staff_client("accountant")
    page = client.get(PAGE)
    assert "7 units of 2 SKUs, worth 17.77 EUR at cost" in page.text
    lines = b"".join(client.get(f"{PAGE}export/?at=&days=30").streaming_content).decode("utf-8-sig").splitlines()
    rows = list(csv.DictReader(lines))
    assert sum(Decimal(row["value"]) for row in rows) == page.context["answer"].totals.value == Decimal("17.77")
    assert sum(int(row["on_hand"]) for row in rows) == 7
    assert "0 units of 0 SKUs" in client.get(f"{PAGE}?at=2020-12-31T23:59").text
    flow = client.get(f"{PAGE}?since=2020-12-31T23:59").context["flow"]
    assert (flow.opening, flow.came_in, flow.went_out, flow.closing) == (0, Decimal("17.77"), 0, Decimal("17.77"))
    assert "A-1" in client.get(f"{PAGE}?q=A-1").text
    assert "B-1" not in client.get(f"{PAGE}?q=A-1").text


def test_a_wrong_instant_gets_a_sentence() -> None:
    client = staff_client()
    assert "is not a date and time" in client.get(f"{PAGE}?at=tomorrow").text
    assert "Select a valid choice" in client.get(f"{PAGE}?days=7").text
    assert client.get(f"{PAGE}?page=99999999999&q=%00").status_code == 200
    assert client.get(f"{PAGE}export/?at=tomorrow").status_code == 303


def test_units_without_a_cost_take_the_cost_their_product_states() -> None:
    receive("A-1", units=3, cost=None)
    client = staff_client("manager")
    assert "3 units have no cost and count as 0" in client.get(PAGE).text
    assert "No product of these units states a cost" in client.post(PAGE, follow=True).text
    PriceDetail.objects.update_or_create(
        stock_record_id=StockMovement.objects.get().stock_record_id, defaults={"cost": Decimal("2.50")}
    )
    assert "The units of 1 movements have the cost" in client.post(PAGE, follow=True).text
    assert CostLayer.objects.get().amount == Decimal("7.50")
    assert AuditEntry.objects.get(action="state costs").actor_name == "manager@shop.example"
    assert staff_client("marketing").post(PAGE).status_code == 403
