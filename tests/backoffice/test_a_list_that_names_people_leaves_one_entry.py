"""OR10: a list with customers in it is one entry of the log with its rows; each of those orders shows it in its timeline."""

import re

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from oscar.apps.order.models import Order
from psycopg.types.json import Jsonb

from checkout.accounts.models import User
from checkout.models import StatementEntry, TransferOut, VatCheck
from checkout.orders.letters import write_confirmation
from checkout.orders.looking import _WITH_LISTS, MOST
from checkout.orders.looking import LIST as LOOK
from checkout.prepared.preparing import Wanted, prepare_order
from shipping.fulfilment.opening import open_shipments
from shop.audit.models import AuditEntry
from shop.backoffice.admin import DESKS
from tests.backoffice.desk import staff_client
from tests.shipping.fulfilment.paid import make_paid_order
from tests.shopfloor import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("OR10")]

LIST = "/admin/order/order/"
SEARCH = "/admin/search/"
PERSON = re.compile(r"ada@example\.com|Lovelace", re.IGNORECASE)


@pytest.fixture
def order() -> Order:
    order = make_paid_order(make_product(sku="LAMP-1"))
    open_shipments(order.pk)
    write_confirmation(order.pk)
    return order


def put_everywhere(order: Order) -> None:
    """The buyer of the order into every other table of which a desk shows names."""
    User.objects.create_user(email="ada@example.com", password="a-long-passphrase-1")
    prepare_order(Wanted(lines=[("LAMP-1", 1)], email="ada@example.com"), actor=None)
    StatementEntry.objects.create(
        booked_on=timezone.localdate(), amount=1, currency="EUR", payer_name="Ada Lovelace", proposal=order, key="k"
    )
    TransferOut.objects.create(order=order, amount=1, currency="EUR", name="Ada Lovelace", text="Back", key="k")
    VatCheck.objects.create(vat_id="FR40303265045", state="valid", name="Lovelace SA")


def seen(what: str = "list of orders") -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action="look at list", subject_type=what).order_by("pk"))


def test_every_list_with_a_customers_name_is_noted_and_no_other(order: Order) -> None:
    put_everywhere(order)
    client, naming = staff_client(), set[str]()
    for model in DESKS:
        before = AuditEntry.objects.count()
        page = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        is_named = model is not AuditEntry and bool(PERSON.search(re.sub(r"<[^>]*>", " ", page.text)))
        assert AuditEntry.objects.count() - before == is_named, model
        naming |= {model.__name__} if is_named else set()
    assert naming == {"Order", "Shipment", "Mail", "User", "PreparedOrder", "StatementEntry", "TransferOut", "VatCheck"}
    assert {tuple(one.after["orders"]) for one in AuditEntry.objects.filter(action="look at list")} == {(order.pk,), ()}


def test_the_entry_names_who_what_for_and_which_rows_once(order: Order) -> None:
    other = make_paid_order(make_product(), email="grace@example.com")
    client = staff_client("support")
    for _ in range(2):
        client.get(LIST)
    client.get(f"{LIST}?q=grace@example.com")
    client.get(f"{LIST}?q=nobody@example.com")
    every, one = seen()
    assert every.after == {"rows": [other.pk, order.pk], "orders": [order.pk, other.pk], "asked": {}}
    assert one.after == {"rows": [other.pk], "orders": [other.pk], "asked": {"q": "grace@example.com"}}
    assert (one.actor_name, one.reason) == ("support@shop.example", "To find and work through rows.")


def test_the_timeline_of_each_order_on_it_shows_the_look_by_an_index(order: Order) -> None:
    client = staff_client("support")
    client.get(LIST)
    other = make_paid_order(make_product())
    owner = staff_client()
    shown = owner.get(f"{LIST}{order.pk}/change/").text
    assert "Personal data seen: list of orders." in shown
    assert "support@shop.example: To find and work through rows." in shown
    assert "list of orders" not in owner.get(f"{LIST}{other.pk}/change/").text, "it was not on that page yet"
    client.get(LIST)
    assert "list of orders, 2 times that day." in owner.get(f"{LIST}{order.pk}/change/").text, "one line for a day"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {_WITH_LISTS}", [order.pk, LOOK, Jsonb([order.pk]), "UTC", MOST])
        assert "audit_orders_in_lists" in str(cursor.fetchall())


def test_the_search_box_and_a_page_with_an_address_are_noted_too(order: Order) -> None:
    put_everywhere(order)
    client = staff_client()
    found = client.get(f"{SEARCH}?s=ada@example.com&extended=1").text
    assert order.number in found
    (orders,), (people,) = seen("search for orders"), seen("search for customers")
    assert orders.after == {"rows": [order.pk], "orders": [order.pk], "asked": {"q": "ada@example.com"}}
    assert people.after["rows"] == [User.objects.get(email="ada@example.com").pk]
    out = TransferOut.objects.get()
    assert "Ada Lovelace" in client.get(f"/admin/checkout/transferout/{out.pk}/change/").text
    (page,) = seen("page of transfers back")
    assert page.after == {"rows": [out.pk], "orders": [order.pk], "asked": {}}
