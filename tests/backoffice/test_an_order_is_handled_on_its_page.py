"""List, search, the page of one order, and its acts: each says what it will do, asks, and leaves its line."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oscar.apps.order.models import Order

from checkout.orders.access import token_of
from checkout.orders.records import Mail, OrderEvent
from checkout.payments.records import PaymentAttempt, Refund
from inventory.availability import saleable
from shipping.fulfilment.dispatch import dispatch_shipment
from shipping.fulfilment.opening import open_shipments
from shop.audit.models import AuditEntry
from tests.backoffice.desk import staff_client
from tests.shipping.fulfilment.paid import make_paid_order
from tests.shopfloor import make_order, make_product, record_of

pytestmark = pytest.mark.django_db


def paid(product: object = None, **fields: object) -> Order:
    order = make_paid_order(product or make_product("Lamp", price="40.00"), **fields)
    PaymentAttempt.objects.filter(order=order).update(
        state="paid", captured=order.total_incl_tax, session_id="cs_1", intent_id="pi_1"
    )
    return order


def act(client: Client, order: Order, name: str, **data: str):  # type: ignore[no-untyped-def]
    address = f"/admin/order/order/{order.pk}/{name}/"
    asked = client.get(address)
    assert asked.status_code == 200
    return client.post(address, {"key": asked.context["form"]["key"].value(), **data})


def count_queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.feature("AD07")
def test_the_list_costs_the_same_at_ten_and_at_a_hundred_orders() -> None:
    client = staff_client()
    product = make_product(stock=500)
    for _ in range(10):
        open_shipments(make_paid_order(product).pk)
    few = count_queries(client, "/admin/order/order/")
    for _ in range(90):
        make_order(product)
    many = count_queries(client, "/admin/order/order/")
    assert few == many <= 15


@pytest.mark.feature("AD07")
@pytest.mark.parametrize("term", ["number", "ada.", "ADA.B@EXAMPLE.COM", "LAMP-9", "lamp-9", "00340434", "shipment"])
def test_one_box_finds_by_number_mail_sku_and_tracking(term: str) -> None:
    order = paid(make_product("Lamp", sku="LAMP-9"), email="ada.b@example.com")
    make_order(email="grace@example.com")
    shipment = open_shipments(order.pk)[0]
    dispatch_shipment(shipment.pk, actor="Wilma", tracking_number="00340434")
    wanted = {"number": order.number.lower(), "shipment": shipment.number}.get(term, term)
    found = staff_client().get("/admin/order/order/", {"q": wanted}).context["cl"].result_list
    assert [row.pk for row in found] == [order.pk]


@pytest.mark.feature("AD07")
@pytest.mark.parametrize("term", ["\x00", "x" * 10_000, "%", "a'b\"", "ü@", "1e400"])
def test_a_search_for_nonsense_finds_nothing_and_breaks_nothing(term: str) -> None:
    make_order()
    client = staff_client()
    assert client.get("/admin/order/order/", {"q": term}).status_code in (200, 302)
    assert client.get("/admin/search/", {"s": term, "extended": "1"}).status_code == 200


@pytest.mark.feature("AD07")
def test_the_search_of_the_whole_site_obeys_the_role() -> None:
    order = paid(email="ada@example.com")
    assert order.number in staff_client().get("/admin/search/", {"s": order.number, "extended": 1}).content.decode()
    catalogue = staff_client("catalogue editor").get("/admin/search/", {"s": order.number, "extended": 1})
    assert f"/admin/order/order/{order.pk}/" not in catalogue.content.decode()


@pytest.mark.feature("OR10")
def test_the_page_shows_figures_with_reasons_mails_and_everything_that_happened() -> None:
    client = staff_client()
    order = paid()
    open_shipments(order.pk)
    act(client, order, "note", note="The customer is on holiday until Monday.")
    act(client, order, "resend")
    page = client.get(f"/admin/order/order/{order.pk}/change/").content.decode()
    for words in (
        "are paid; 1 parcel to ship",
        "How every figure came about",
        "The customer is on holiday until Monday.",
        "owner@shop.example",
        f"Your order {order.number}",
        "Pending payment → paid.",
        f"{order.number}-1",
        "VAT 19 %",
    ):
        assert words in page, words


def test_the_page_costs_the_same_with_one_line_and_with_ten() -> None:
    client = staff_client()
    one, ten = paid(), paid()
    ten = make_paid_order(*[make_product() for _ in range(10)])
    few = count_queries(client, f"/admin/order/order/{one.pk}/change/")
    many = count_queries(client, f"/admin/order/order/{ten.pk}/change/")
    assert many <= few <= 25


@pytest.mark.feature("OR10")
def test_cancelling_says_its_consequence_and_gives_everything_back() -> None:
    client = staff_client("order desk")
    product = make_product(price="40.00", stock=3)
    order = paid(product)
    asked = client.get(f"/admin/order/order/{order.pk}/cancel/").content.decode()
    assert f"{order.total_incl_tax} EUR go back to the customer" in asked
    assert act(client, order, "cancel").status_code == 200, "a reason is asked for"
    assert Order.objects.get(pk=order.pk).status == "paid"
    assert act(client, order, "cancel", reason="The customer changed her mind.").status_code == 303
    assert Order.objects.get(pk=order.pk).status == "cancelled"
    assert Refund.objects.get().amount == order.total_incl_tax
    assert saleable(record_of(product).pk) == 3
    entry = AuditEntry.objects.get(action="cancel")
    assert (entry.actor_name, entry.subject_id) == ("order-desk@shop.example", str(order.pk))
    assert entry.reason == "The customer changed her mind."
    event = OrderEvent.objects.get(order=order, to_state="cancelled")
    assert (event.actor_name, event.reason) == (entry.actor_name, entry.reason)


@pytest.mark.feature("OR01")
def test_an_order_that_has_left_is_not_cancelled_but_explained() -> None:
    client = staff_client()
    order = paid()
    dispatch_shipment(open_shipments(order.pk)[0].pk, actor="Wilma")
    answer = act(client, order, "cancel", reason="Too late")
    assert answer.status_code == 200
    assert "already left" in answer.content.decode()
    assert not Refund.objects.exists()


def test_a_part_is_refunded_once_however_often_the_button_is_pressed() -> None:
    client = staff_client()
    order = paid()
    address = f"/admin/order/order/{order.pk}/refund/"
    form = {"key": client.get(address).context["form"]["key"].value(), "amount": "5.00", "reason": "A scratch"}
    assert [client.post(address, form).status_code for _ in range(3)] == [303, 303, 303]
    assert [refund.amount for refund in Refund.objects.all()] == [Decimal("5.00")]


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("999999", "can still be refunded"),
        ("0", "greater than or equal to 0.01"),
        ("-3", "greater than or equal to 0.01"),
        ("abc", "Enter a number"),
        ("1.005", "1.005 cannot be paid: "),
        ("NaN", "Enter a number"),
        ("1e30", "Ensure that there are no more than"),
    ],
)
def test_a_refund_that_cannot_be_is_refused_in_words(amount: str, words: str) -> None:
    answer = act(staff_client(), paid(), "refund", amount=amount, reason="A scratch")
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Refund.objects.exists()


def test_a_provider_that_is_away_is_said_and_nothing_changes(settings) -> None:  # type: ignore[no-untyped-def]
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    answer = act(staff_client(), paid(), "settle")
    assert answer.status_code == 200
    assert "cannot be reached just now" in answer.content.decode()


def test_a_new_link_replaces_the_old_one_and_the_mail_goes_out_again_once() -> None:
    client = staff_client("support")
    order = paid()
    old = token_of(order.pk)
    assert act(client, order, "renew-link", reason="It was forwarded").status_code == 303
    assert token_of(order.pk) != old
    address = f"/admin/order/order/{order.pk}/resend/"
    form = {"key": client.get(address).context["form"]["key"].value()}
    assert [client.post(address, form).status_code for _ in range(2)] == [303, 200]
    assert Mail.objects.filter(order=order, kind="order_confirmed").count() == 1


def test_the_state_is_no_field_and_nothing_of_an_order_can_be_posted() -> None:
    client = staff_client()
    order = paid()
    client.post(f"/admin/order/order/{order.pk}/change/", {"status": "shipped", "total_incl_tax": "0"})
    assert Order.objects.get(pk=order.pk).status == "paid"
    assert client.get("/admin/order/order/add/").status_code == 403
    assert client.post(f"/admin/order/order/{order.pk}/delete/", {"post": "yes"}).status_code == 403
