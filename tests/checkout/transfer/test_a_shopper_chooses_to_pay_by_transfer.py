"""The review asks how to pay where there is a choice; without an answer, or an account, it is the card."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from oscar.apps.order.models import Order

from checkout.models import PaymentAttempt
from checkout.orders.access import order_path, token_of
from tests.checkout.page.walk import fill_in, hidden_quote
from tests.shopfloor import make_product, open_shop

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA11")]


def review(client: Client) -> str:
    open_shop()
    client.post(f"/basket/add/{make_product(price='20.00').pk}/", {"quantity": "1"})
    return fill_in(client)


def test_the_choice_leads_to_the_orders_page_with_the_account(client: Client) -> None:
    page = review(client)
    assert 'type="radio" name="payment" value="transfer"' in page
    form = {"quote": hidden_quote(page), "terms": "on", "payment": "transfer"}
    answer = client.post("/checkout/place/", form)
    order = Order.objects.get()
    own = order_path(token_of(order.pk))
    assert (answer.status_code, answer["Location"].endswith(own)) == (303, True)
    shown = client.get(own).content.decode()
    assert "Your order waits for your transfer" in shown
    assert "Try to pay again" not in shown
    payment = PaymentAttempt.objects.get()
    assert (payment.provider, payment.state, payment.session_url) == ("transfer", "open", "")
    assert client.post(f"{own}cancel/").status_code == 303
    order.refresh_from_db()
    assert order.status == "cancelled"


def test_without_an_account_nobody_is_asked_and_the_card_is_taken(client: Client, settings: Any) -> None:
    settings.BANK = replace(settings.BANK, iban="")
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    page = review(client)
    assert 'name="payment"' not in page
    client.post("/checkout/place/", {"quote": hidden_quote(page), "terms": "on", "payment": "transfer"})
    assert PaymentAttempt.objects.get().provider == "card"
