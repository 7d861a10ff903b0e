"""The buyer writes and places an order, the warehouse takes in what came; refusals are sentences beside what was typed."""

from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import PriceDetail
from inventory.models import PurchaseOrder, StockLevel, Supplier
from tests.backoffice.desk import staff_client
from tests.inventory.shelf import make_location, make_stock_record
from tests.inventory.test_purchase_orders_are_received_once_and_cost_to_the_cent import make_purchase, receive

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN10")]
DESK = "/admin/inventory/purchaseorder/"


def ordered_form(**row: str) -> dict[str, str]:
    supplier, _ = Supplier.objects.get_or_create(name="Brass Works")
    return {
        "supplier": str(supplier.pk), "location": str(make_location("main").pk), "rows": "3", "act": "save", **row
    }  # fmt: skip


def test_an_order_is_written_placed_and_taken_in() -> None:
    make_stock_record("LAMP-1", title="Brass lamp")
    stated = make_stock_record("VASE-1")
    PriceDetail.objects.create(stock_record=stated, cost=Decimal("2.5"))
    buyer = staff_client("manager")
    form = ordered_form(
        sku_0="LAMP-1", units_0="10", cost_0="4.25", sku_2="VASE-1", units_2="4", cost_2="", freight="9.00"
    )
    page = buyer.post(f"{DESK}add/", form, follow=True)
    order = PurchaseOrder.objects.get()
    assert f"{order.number} is saved as a draft" in page.text
    assert [str(line.unit_cost) for line in order.lines.order_by("pk")] == ["4.2500", "2.5000"]
    assert 'value="4.25"' in page.text
    placed = buyer.post(f"{DESK}{order.pk}/place/", {"key": "k"}, follow=True)
    assert "14 units are expected on" in placed.text

    warehouse = staff_client("warehouse")
    address = f"{DESK}{order.pk}/"
    asked = warehouse.get(f"{address}change/").context["form"]
    assert asked["freight"].value() == "9.00"
    lamp, vase = order.lines.order_by("pk")
    delivery = {"number": "LS 77", "freight": "9.00", f"units_{lamp.pk}": "6", f"units_{vase.pk}": "4"}
    answer = warehouse.post(f"{address}receive/", delivery, follow=True)
    assert "Delivery LS 77: 10 units are on the shelf." in answer.text
    assert "6 × LAMP-1" in answer.text
    again = warehouse.post(f"{address}receive/", delivery, follow=True)
    assert "Delivery LS 77: 10 units are on the shelf." in again.text
    assert dict(StockLevel.objects.values_list("stock_record__partner_sku", "on_hand")) == {"LAMP-1": 6, "VASE-1": 4}
    rest = warehouse.post(f"{address}receive/", {"number": "LS 78", f"units_{lamp.pk}": "4"}, follow=True)
    assert "Everything has come; the order is closed." in rest.text
    level = StockLevel.objects.get(stock_record=lamp.stock_record_id)
    assert "LS 78" in warehouse.get(f"/admin/inventory/stocklevel/{level.pk}/change/").text


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"sku_0": "NONE", "units_0": "1", "cost_0": "1"}, "No product has the SKU “NONE”."),
        ({"sku_0": "LAMP-1", "units_0": "", "cost_0": "1"}, "How many?"),
        ({"sku_0": "LAMP-1", "units_0": "1", "cost_0": ""}, "The product states no cost."),
        ({"sku_0": "", "units_0": "1", "cost_0": "1"}, "Which product? Give its SKU."),
        ({"sku_0": "LAMP-1", "units_0": "many", "cost_0": "1"}, "Enter a whole number."),
        ({"sku_0": "LAMP-1", "units_0": "1", "cost_0": "1", "sku_1": "LAMP-1", "units_1": "1", "cost_1": "1"},
         "LAMP-1 stands in two lines."),
        ({"supplier": ""}, "This field is required."),
        ({"rows": "999999999999", "sku_0": "LAMP-1"}, "How many?"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_said_beside_it(row: dict[str, str], words: str) -> None:
    make_stock_record("LAMP-1")
    page = staff_client().post(f"{DESK}add/", ordered_form(**row))
    assert words in page.text
    assert not PurchaseOrder.objects.exists()


def test_more_rows_keep_what_was_typed() -> None:
    page = staff_client().post(f"{DESK}add/", ordered_form(sku_0="half typed") | {"act": "more"})
    assert 'value="half typed"' in page.text
    assert 'name="sku_12"' in page.text
    assert "Nothing was saved yet" not in page.text


def test_too_much_is_said_on_the_same_page_and_kept_on_request() -> None:
    order = make_purchase(("LAMP-1", 2, "4.00"))
    line = order.lines.get()
    client = staff_client("warehouse")
    typed = {"number": "LS 1", f"units_{line.pk}": "3"}
    page = client.post(f"{DESK}{order.pk}/receive/", typed).text
    assert "LAMP-1: 3 came, 2 were still expected" in page
    assert 'value="LS 1"' in page
    assert client.post(f"{DESK}{order.pk}/receive/", typed | {"keeps_more": "on"}).status_code == 303
    assert StockLevel.objects.get().on_hand == 3


def test_another_day_closing_and_cancelling_each_ask_why() -> None:
    order = make_purchase(("LAMP-1", 2, "4.00"))
    client = staff_client()
    day = client.post(
        f"{DESK}{order.pk}/day/", {"key": "a", "expected_on": "2030-01-02", "reason": "Strike"}, follow=True
    )
    assert "is expected on 2 January 2030." in day.text
    assert "Say why" in client.post(f"{DESK}{order.pk}/cancel/", {"key": "b"}).text
    receive(order, "LS 1", 1)
    assert "Close it instead" in client.post(f"{DESK}{order.pk}/cancel/", {"key": "b", "reason": "x"}).text
    closed = client.post(f"{DESK}{order.pk}/close/", {"key": "c", "reason": "Sold out"}, follow=True).text
    assert "1 were given up" in closed


def test_expected_units_stand_on_the_page_of_the_level() -> None:
    order = make_purchase(("LAMP-1", 5, "4.00"), expected_on=timezone.localdate())
    receive(order, "LS 1", 2)
    level = StockLevel.objects.get()
    page = staff_client("warehouse").get(f"/admin/inventory/stocklevel/{level.pk}/change/").text
    assert "3 expected" in page
    assert order.number in page
    client = staff_client()
    (row,) = client.get("/admin/inventory/stocklevel/").context["cl"].result_list
    assert (row.on_hand, row.expected) == (2, 3)
    listed = client.get(f"{DESK}?list=deliveries").text
    assert order.number in listed
