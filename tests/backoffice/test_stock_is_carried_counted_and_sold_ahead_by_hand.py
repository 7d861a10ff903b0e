"""The three desks of the stock room: transfers, blind count sheets, and what is sold before it is there."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from inventory.backorder_policy import shop_today
from inventory.models import BackorderPolicy, CountSheet, StockLevel, Transfer
from shop.audit.models import AuditEntry
from tests.backoffice.desk import staff_client
from tests.shopfloor import make_location, make_product, record_of

pytestmark = pytest.mark.django_db


def post(client: Client, address: str, **data: Any) -> str:
    """Open the page of an act, fill it in, press its button; the page that follows."""
    form = client.get(address).context["form"]
    known = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    return client.post(address, {**known, **data}, follow=True).content.decode()


def shelves() -> dict[str, int]:
    return dict(StockLevel.objects.values_list("location__code", "on_hand"))


@pytest.mark.feature("IN11")
def test_a_transfer_is_written_down_sent_and_received_with_a_difference() -> None:
    make_product("Lamp", sku="LAMP-1", stock=9)
    make_location("studio", priority=20)
    client = staff_client("warehouse")
    new = "/admin/inventory/transfer/new-transfer/"
    assert "There is no SKU LAMP-9" in post(client, new, origin="main", destination="studio", lines="LAMP-9 2")
    assert "write a SKU and a number" in post(client, new, origin="main", destination="studio", lines="LAMP-1 few")
    assert "two different locations" in post(client, new, origin="main", destination="main", lines="LAMP-1 2")
    assert "is written down" in post(client, new, origin="main", destination="studio", lines="LAMP-1; 5\n\nLAMP-1 1")
    transfer = Transfer.objects.get()
    desk = f"/admin/inventory/transfer/{transfer.pk}/"
    assert "on no shelf until" in post(client, f"{desk}send/")
    assert shelves() == {"main": 3}
    assert "6 units on neither shelf" in client.get(f"{desk}change/").content.decode()
    line = f"line-{transfer.lines.get().pk}"
    assert "2 units are still on the way" in post(client, f"{desk}receive/", **{line: "4"})
    assert "What was missing is written down" in post(staff_client(), f"{desk}close/", reason="Broken")
    assert shelves() == {"main": 3, "studio": 4}
    assert "2 missing: Broken" in client.get(f"{desk}change/").content.decode()
    acts = set(AuditEntry.objects.values_list("action", flat=True))
    assert acts >= {"draft transfer", "send transfer", "receive transfer", "close transfer"}


@pytest.mark.feature("IN11")
def test_a_sheet_is_counted_blind_by_scanner_and_file_then_looked_at_and_posted() -> None:
    level = StockLevel.objects.get(stock_record=record_of(make_product("Lamp", sku="LAMP-1", stock=41)))
    make_product("Vase", sku="VASE-1", stock=37)
    client = staff_client("warehouse")
    new = "/admin/inventory/countsheet/new-sheet/"
    assert "There is no SKU NOPE" in post(client, new, name="Shelf A", location="main", skus="LAMP-1\nNOPE")
    assert "2 SKUs to count" in post(client, new, name="Shelf A", location="main", skus="")
    sheet = CountSheet.objects.get()
    desk = f"/admin/inventory/countsheet/{sheet.pk}/"
    paper = b"".join(client.get(f"{desk}file/").streaming_content).decode("utf-8-sig")
    assert paper.splitlines() == ["sku,product,counted,counted_at", "LAMP-1,Lamp,,", "VASE-1,Vase,,"]
    page = f"{desk}change/"
    assert "is not on this sheet" in client.post(page, {"sku": "NOPE", "units": "3"}).content.decode()
    blind = client.post(page, {"sku": "LAMP-1", "units": "40"}, follow=True).content.decode()
    assert "1 of 2 SKUs are left" in blind
    assert ">41<" not in blind, "whoever counts does not see what is expected"
    assert ">37<" not in blind
    bring_in = f"{desk}bring-in/"
    for text, words in (
        ("sku,counted\nVASE-1,many", "no whole number"),
        ("sku,counted\nNOPE,3", "Row 2: SKU"),
        ("name;units\nVASE-1;3", "must name the columns"),
        ("sku,counted,counted_at\nVASE-1,3,yesterday", "no time of a count"),
    ):
        assert words in post(client, bring_in, text=text)
    assert "1 counts written down" in post(client, bring_in, text="sku;product;counted\nVASE-1;Vase;38\nLAMP-1;Lamp;\n")
    assert "these are the differences" in post(client, f"{desk}finish/")
    seen = client.get(page).content.decode()
    assert ">41<" in seen
    assert "-1" in seen
    assert "+1" in seen
    assert "2 differences stand in the stock ledger" in post(staff_client(), f"{desk}post/", reason="New Year")
    level.refresh_from_db()
    assert level.on_hand == 40
    assert CountSheet.objects.get().state == "posted"


@pytest.mark.feature("IN09")
def test_a_thing_is_sold_ahead_its_day_moved_and_ended() -> None:
    record = record_of(make_product("Vase", sku="VASE-1", stock=0))
    client = staff_client("warehouse")
    new = "/admin/inventory/backorderpolicy/sell-ahead/"
    day = shop_today() + timedelta(days=20)
    terms = {"kind": "pre-order", "cap": "5", "promised_on": day.isoformat(), "reason": "The maker is late"}
    assert "There is no SKU" in post(client, new, sku="NOPE", **terms)
    assert "has passed; promise today" in post(client, new, sku="VASE-1", **(terms | {"promised_on": "2020-01-01"}))
    assert "Pre-order: at most 5 units" in post(client, new, sku="VASE-1", **terms)
    page = f"/admin/inventory/backorderpolicy/{record.pk}/change/"
    assert "0 orders wait for it" in client.get(page).content.decode()
    later = day + timedelta(days=9)
    assert "sent from" in post(client, page, promised_on=later.isoformat(), reason="Later still")
    assert BackorderPolicy.objects.get().promised_on == later
    assert "not sold ahead any more" in post(client, page, kind="none", reason="Enough")
    assert AuditEntry.objects.filter(action="sell ahead", subject_id=str(record.pk)).count() == 2
