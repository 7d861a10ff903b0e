"""A purely digital basket: no delivery address, no delivery, no stock; the buyer's country decides the tax; one consent more."""

from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from oscar.apps.catalogue.models import Product
from oscar.apps.order.models import Order

from checkout.downloads.granting import deliver_downloads
from checkout.downloads.records import Entitlement
from checkout.invoices.issue import issue_invoice
from checkout.orders.export import export_orders
from checkout.orders.letters import write_confirmation
from checkout.placement import CheckoutIncomplete, place_order
from checkout.steps import placing
from checkout.terms import IMMEDIATE
from promotions.rules import SHIPPING_PERCENTAGE, VALUE
from shipping.fulfilment.models import Shipment
from shipping.fulfilment.opening import open_shipments
from shop.doctor.checks import registered_checks, run_check
from tests.backoffice.desk import staff_client
from tests.checkout.downloads.conftest import draft_of
from tests.checkout.page.walk import ADDRESS, hidden_quote
from tests.promotions.merchant import make_offer
from tests.shipping.fulfilment.paid import make_paid_order
from tests.shopfloor import make_draft, make_product, make_tax, quote_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CA04")]
BUYER = {"country": "AT", "first_name": "Ada", "last_name": "Lovelace"}


@pytest.fixture(autouse=True)
def payment_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "open_payment", lambda order_id, **by: "https://pay.example/session")


@pytest.mark.feature("CC08")
def test_who_you_are_and_where_you_live_is_all_that_is_asked(client: Client, pattern: Product) -> None:
    make_tax("AT", rates={"standard": "0.20"})
    client.post(f"/basket/add/{pattern.pk}/", {"quantity": "1"})
    client.post("/checkout/contact/", {"email": "ada@example.com", "phone": ""})
    page = client.get("/checkout/").text
    assert "Who buys" in page
    assert 'name="line1"' not in page
    assert "step-delivery" not in page
    refused = client.post("/checkout/address/", {**BUYER, "last_name": ""})
    assert "Please give the last name of who buys it." in refused.text
    assert client.post("/checkout/address/", BUYER).status_code == 303
    review = client.get("/checkout/").text
    assert "Pay 11.90 EUR" in review
    assert IMMEDIATE.text in review
    without = client.post("/checkout/place/", {"quote": hidden_quote(review), "terms": "on"})
    assert (without.status_code, Order.objects.count()) == (422, 0)
    assert IMMEDIATE.refusal in without.text
    answer = client.post(
        "/checkout/place/", {"quote": hidden_quote(without.text), "terms": "on", "immediate_delivery": "on"}
    )
    assert (answer.status_code, answer["Location"]) == (303, "https://pay.example/session")
    order = Order.objects.get()
    assert order.shipping_address is None
    assert (order.billing_address.country_id, order.shipping_code) == ("AT", "download")
    assert (order.total_incl_tax, order.total_incl_tax - order.total_excl_tax) == (Decimal("11.90"), Decimal("1.98"))
    given = order.placed.consents[IMMEDIATE.code]
    assert (given["text_hash"], bool(given["at"])) == (IMMEDIATE.text_hash, True)


def test_no_door_leads_past_the_consent(pattern: Product) -> None:
    draft = make_draft(pattern)
    with pytest.raises(CheckoutIncomplete, match="immediate delivery"):
        place_order(draft.pk, shown_digest=quote_of(draft).digest)


def test_what_travels_beside_it_asks_for_everything(client: Client, pattern: Product) -> None:
    client.post(f"/basket/add/{pattern.pk}/")
    client.post(f"/basket/add/{make_product('Vase', price='20.00', weight='3.000').pk}/")
    client.post("/checkout/contact/", {"email": "ada@example.com", "phone": ""})
    client.post("/checkout/address/", BUYER)
    assert 'name="line1"' in client.get("/checkout/").text
    client.post("/checkout/address/", ADDRESS)
    assert "step-delivery" in client.get("/checkout/").text
    client.post("/checkout/delivery/", {"method": "standard-de"})
    review = client.get("/checkout/").text
    assert IMMEDIATE.text in review
    assert "Pay 36.80 EUR" in review


def test_paid_means_delivered_and_no_parcel_is_opened(client: Client, pattern: Product, tmp_path: Any) -> None:
    order = make_paid_order(draft=draft_of((pattern, 2)))
    deliver_downloads(order.pk)
    deliver_downloads(order.pk)
    open_shipments(order.pk)
    assert not Shipment.objects.exists()
    right = Entitlement.objects.get()
    assert (right.allowed, right.hours) == (10, 72)
    order.refresh_from_db()
    assert order.status == "shipped"
    assert issue_invoice(order.pk) is not None
    write_confirmation(order.pk)
    letter = order.mails.get(kind="order_confirmed")
    assert "Your files are ready" in letter.html
    assert f"/download/{right.pk}-" in letter.text
    assert IMMEDIATE.text[:40] in letter.text
    assert "Delivery to" not in letter.text
    assert export_orders(tmp_path / "orders.csv") == (1, 1)
    desk = staff_client()
    assert desk.get(f"/admin/order/order/{order.pk}/change/").status_code == 200
    assert "throw-pattern.pdf" in desk.get("/admin/checkout/entitlement/").text
    books = [check for check in registered_checks() if check.id in ("I9.1", "I9.2", "I9.6")]
    assert [run_check(check).violations for check in books] == [0, 0, 0]
    assert mail.outbox == []


def test_a_mixed_order_sends_its_parcel_and_opens_its_files(pattern: Product) -> None:
    order = make_paid_order(draft=draft_of(pattern, make_product("Vase")))
    deliver_downloads(order.pk)
    assert len(open_shipments(order.pk)) == 1
    order.refresh_from_db()
    assert (order.status, Entitlement.objects.count()) == ("paid", 1)


def test_a_product_without_its_file_is_left_to_a_person(pattern: Product) -> None:
    pattern.files_for_sale.all().delete()
    order = make_paid_order(draft=draft_of(pattern))
    deliver_downloads(order.pk)
    deliver_downloads(order.pk)
    order.refresh_from_db()
    assert order.status == "paid"
    assert order.events.filter(kind="alert", message__contains="The product has no file").count() == 1


def test_its_page_tells_what_is_downloaded_and_promises_no_parcel(client: Client, pattern: Product) -> None:
    page = client.get(f"/p/{pattern.slug}/").text
    assert "throw-pattern.pdf" in page
    assert "5 downloads within 72 hours" in page
    assert "To download as soon as it is paid" in page
    assert "Arrives" not in page
    assert "shippingDetails" not in page


def test_nobody_is_told_to_add_to_a_download_for_a_free_delivery(client: Client, pattern: Product) -> None:
    make_offer("Free delivery", condition=(VALUE, "60"), benefit=(SHIPPING_PERCENTAGE, "100"))
    client.post(f"/basket/add/{pattern.pk}/", {"quantity": "1"})
    assert "Free delivery" not in client.get("/basket/").text
    client.post(f"/basket/add/{make_product('Vase', price='5.00').pk}/", {"quantity": "1"})
    assert "to use “Free delivery”" in client.get("/basket/").text
