"""Guest first: contact, address, delivery, review in one page, and off to the payment page. No password, no script."""

from decimal import Decimal

import pytest
from django.test import Client
from oscar.apps.order.models import Order

from checkout.models import CheckoutDraft
from checkout.steps import placing
from tests.checkout.page.walk import ADDRESS, fill_in, hidden_quote
from tests.shopfloor import make_product, open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def payment_page(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    started: list[int] = []

    def pay(order: Order, **by: object) -> str:
        started.append(order.pk)
        return "https://pay.example/session"

    monkeypatch.setattr(placing, "open_payment", pay)
    return started


@pytest.mark.feature("CC02", "CC08")
def test_from_product_to_payment_page(client: Client, payment_page: list[int]) -> None:
    open_shop()
    cushion = make_product("Linen cushion", price="39.70")
    response = client.post(f"/basket/add/{cushion.pk}/", {"quantity": "2"})
    assert (response.status_code, response["Location"]) == (303, "/basket/")
    assert client.cookies["basket_count"].value == "2"
    assert client.cookies["basket"]["httponly"]

    basket = client.get("/basket/").content.decode()
    assert "Linen cushion" in basket
    assert "79.40 EUR" in basket

    first = client.get("/checkout/").content.decode()
    assert 'autocomplete="email"' in first
    assert "password" not in first
    assert not CheckoutDraft.objects.exists()

    page = fill_in(client)
    assert "Pay 84.30 EUR" in page
    response = client.post("/checkout/place/", {"quote": hidden_quote(page), "terms": "on"})
    assert (response.status_code, response["Location"]) == (303, "https://pay.example/session")
    order = Order.objects.get()
    assert payment_page == [order.pk]
    assert order.total_incl_tax == Decimal("84.30")
    assert order.guest_email == "ada@example.com"
    consent = order.placed.consents["terms"]
    assert len(consent["text_hash"]) == 64
    assert consent["at"]
    assert client.cookies["basket_count"].value == "0"


@pytest.mark.feature("CC08")
def test_without_consent_nothing_is_ordered_and_the_page_says_so(client: Client) -> None:
    open_shop()
    client.post(f"/basket/add/{make_product().pk}/")
    page = fill_in(client)
    response = client.post("/checkout/place/", {"quote": hidden_quote(page)})
    assert response.status_code == 422
    assert "Please agree to the terms of sale" in response.content.decode()
    assert not Order.objects.exists()
    again = client.post("/checkout/place/", {"quote": hidden_quote(response.content.decode()), "terms": "on"})
    assert again.status_code == 303
    assert Order.objects.count() == 1


@pytest.mark.feature("CC04")
def test_pressing_again_going_back_and_a_second_tab_lead_to_the_same_order(client: Client) -> None:
    open_shop()
    client.post(f"/basket/add/{make_product().pk}/")
    form = {"quote": hidden_quote(fill_in(client)), "terms": "on"}
    for _ in range(3):
        assert client.post("/checkout/place/", form).status_code == 303
    assert Order.objects.count() == 1
    back = client.get("/checkout/")
    assert back.status_code == 303
    assert back["Location"].startswith("/order/")


def test_steps_cannot_be_skipped(client: Client) -> None:
    open_shop()
    client.post(f"/basket/add/{make_product().pk}/")
    for expected in ("/checkout/", "/checkout/?edit=address", "/checkout/?edit=delivery"):
        response = client.post("/checkout/place/", {"terms": "on"}, follow=False)
        assert (response.status_code, response["Location"]) == (303, expected)
        assert not Order.objects.exists()
        if expected == "/checkout/":
            client.post("/checkout/contact/", {"email": "ada@example.com"})
        elif "address" in expected:
            client.post("/checkout/address/", ADDRESS)


@pytest.mark.feature("CC02")
def test_what_was_typed_is_kept_after_every_error(client: Client) -> None:
    open_shop()
    client.post(f"/basket/add/{make_product().pk}/")
    wrong = client.post("/checkout/contact/", {"email": "ada@", "phone": "+49 30 12"})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert 'value="ada@"' in page
    assert 'value="+49 30 12"' in page
    assert "That is not a complete e-mail address" in page
    assert "#id_email" in page
    client.post("/checkout/contact/", {"email": "ada@example.com"})
    wrong = client.post("/checkout/address/", {**ADDRESS, "postcode": "1O115", "line1": ""})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert 'value="1O115"' in page
    assert 'value="Lovelace"' in page
    assert "Please give street and house number." in page
    assert "form of a Postcode" in page


@pytest.mark.parametrize("field", ["email", "phone", "first_name", "line1", "postcode", "city"])
def test_oversized_input_gets_a_sentence(client: Client, field: str) -> None:
    open_shop()
    client.post(f"/basket/add/{make_product().pk}/")
    if field in ("email", "phone"):
        response = client.post("/checkout/contact/", {"email": "ada@example.com", field: "1" * 10_000})
    else:
        response = client.post("/checkout/address/", {**ADDRESS, field: "1" * 10_000})
    assert response.status_code == 422
    assert "at most" in response.content.decode() or "form of" in response.content.decode() or field == "email"
