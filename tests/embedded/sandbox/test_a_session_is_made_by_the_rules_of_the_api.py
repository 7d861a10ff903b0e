import time

import pytest
import stripe

LINE = {"quantity": 1, "price_data": {"currency": "eur", "unit_amount": 1000, "product_data": {"name": "Bowl"}}}


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"mode": None}, "mode"),
        ({"line_items": None}, "line_items"),
        ({"line_items": []}, "line_items"),
        ({"success_url": None}, "success_url"),
        ({"success_url": "thanks"}, "success_url"),
        ({"success_url": "javascript:alert(1)"}, "success_url"),
        ({"cancel_url": "http://"}, "cancel_url"),
        ({"customer_email": "nobody"}, "customer_email"),
        ({"client_reference_id": "x" * 6000}, "client_reference_id"),
        ({"ui_mode": "hosted"}, "ui_mode"),
        ({"ui_mode": "embedded"}, "ui_mode"),
        ({"ui_mode": "custom"}, "ui_mode"),
        ({"ui_mode": "popup"}, "ui_mode"),
        ({"ui_mode": "embedded_page"}, "return_url"),
        ({"customer": "cus_nobody", "customer_email": None}, "customer"),
        ({"payment_method_types": ["ideal"]}, "payment_method_types"),
        ({"metadata": {"k" * 41: "v"}}, "metadata"),
        ({"colour": "blue"}, "colour"),
        ({"payment_intent_data": {"colour": "blue"}}, "colour"),
        ({"discounts": [{"coupon": "WELCOME"}]}, "discounts"),
        ({"automatic_tax": {"enabled": True}}, "automatic_tax"),
        ({"line_items": [{**LINE, "quantity": 0}]}, "line_items[0][quantity]"),
        ({"line_items": [{**LINE, "quantity": "two"}]}, "quantity"),
        ({"line_items": [{"price": "price_1", "quantity": 1}]}, "line_items[0][price]"),
        ({"line_items": [{"quantity": 1, "price_data": {**LINE["price_data"], "currency": "EURO"}}]}, "currency"),
        (
            {"line_items": [{"quantity": 1, "price_data": {**LINE["price_data"], "unit_amount": -1}}]},
            "line_items[0][price_data][unit_amount]",
        ),
        ({"line_items": [{"quantity": 1, "price_data": {**LINE["price_data"], "unit_amount": 9.99}}]}, "unit_amount"),
        ({"line_items": [{"quantity": 1, "price_data": {**LINE["price_data"], "unit_amount": 49}}]}, "amount"),
        (
            {"line_items": [LINE, {"quantity": 1, "price_data": {**LINE["price_data"], "currency": "usd"}}]},
            "line_items",
        ),
    ],
)
def test_a_wrong_parameter_is_refused_by_its_name(shop, changes, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.open_session(**changes)
    assert refusal.value.http_status == 400
    assert refusal.value.param == param
    assert shop.control.state()["sessions"] == []


@pytest.mark.parametrize("ui_mode", ["embedded_page", "elements"])
def test_other_ways_to_show_a_session_get_a_client_secret_instead_of_an_address(shop, ui_mode):
    session = shop.open_session(ui_mode=ui_mode, success_url=None, cancel_url=None, return_url="http://shop.test/back/")
    assert session.url is None
    assert session.client_secret.startswith(f"{session.id}_secret_")


@pytest.mark.parametrize("seconds", [60, 25 * 3600, -60])
def test_a_session_lives_between_thirty_minutes_and_a_day(shop, seconds):
    with pytest.raises(stripe.InvalidRequestError, match="at least 30 minutes"):
        shop.open_session(expires_at=int(time.time()) + seconds)


def test_a_switch_allows_shorter_sessions(shop):
    shop.control.change_settings(short_sessions=True)
    session = shop.open_session(expires_at=int(time.time()) + 2)
    assert session.status == "open"
    time.sleep(2.1)
    assert shop.api.v1.checkout.sessions.retrieve(session.id).status == "expired"


def test_a_known_customer_lends_the_session_an_address(shop):
    customer = shop.api.v1.customers.create({"email": "lea@example.com"})
    session = shop.open_session(customer=customer.id, customer_email=None)
    assert session.customer == customer.id
    assert session.customer_details.email == "lea@example.com"


def test_currencies_without_minor_units_are_written_without_them(shop):
    line = {"quantity": 1, "price_data": {"currency": "jpy", "unit_amount": 1200, "product_data": {"name": "Bowl"}}}
    session = shop.open_session(line_items=[line])
    from shop.embedded.sandbox.client import request_page

    assert "Pay 1,200 JPY</button>" in request_page("GET", session.url).html
