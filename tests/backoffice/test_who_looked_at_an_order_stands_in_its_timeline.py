"""OR10: each look at a customer's data is a line of the timeline, with who and what for; the customer does not see it."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.test import Client
from oscar.apps.order.models import Order

from checkout.invoices.issue import issue_invoice
from checkout.models import Mail, OrderEvent
from checkout.orders.access import order_path, token_of
from checkout.orders.letters import write_confirmation
from checkout.orders.looking import note_look
from shipping.fulfilment.models import Shipment
from shipping.fulfilment.opening import open_shipments
from shop.audit.models import AuditEntry
from tests.backoffice.desk import make_customer, staff_client
from tests.checkout.refunds.refunding import paid_by_hand
from tests.shipping.fulfilment.paid import make_paid_order
from tests.shopfloor import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("OR10")]


@pytest.fixture
def order() -> Order:
    order = make_paid_order(make_product())
    paid_by_hand(order)
    open_shipments(order.pk)
    write_confirmation(order.pk)
    issue_invoice(order.pk)
    return order


def looks(order: Order) -> list[tuple[str, str, str]]:
    found = OrderEvent.objects.filter(order=order, kind="view").order_by("pk")
    return list(found.values_list("actor_name", "message", "reason"))


def pages_of(order: Order) -> dict[str, str]:
    parcel, mail = Shipment.objects.get(order=order), Mail.objects.get(order=order)
    paper = order.papers.get()
    return {
        f"/admin/order/order/{order.pk}/change/": "the order's page",
        f"/admin/fulfilment/shipment/{parcel.pk}/change/": "the parcel's address",
        f"/admin/fulfilment/shipment/{parcel.pk}/slip/": "the packing slip",
        f"/admin/checkout/mail/{mail.pk}/change/": f"mail “{mail.subject}”",
        f"/admin/checkout/paper/{paper.pk}/change/": paper.label,
    }


def test_each_page_with_a_name_on_it_leaves_a_line_with_who_and_why(order: Order) -> None:
    client = staff_client()
    for address, what in pages_of(order).items():
        assert client.get(address).status_code == 200
        who, message, why = looks(order)[-1]
        assert (who, message) == ("owner@shop.example", f"Personal data seen: {what}.")
        assert why.startswith("To ")
    shown = client.get(f"/admin/order/order/{order.pk}/change/").text
    assert "Personal data seen: the packing slip." in shown
    assert "owner@shop.example: To pack a parcel." in shown


def test_loading_again_is_the_same_look_and_another_person_or_another_hour_is_not(order: Order) -> None:
    page = f"/admin/order/order/{order.pk}/change/"
    owner = staff_client()
    for _ in range(3):
        owner.get(page)
    assert len(looks(order)) == 1
    staff_client("support").get(page)
    assert [who for who, *_ in looks(order)] == ["owner@shop.example", "support@shop.example"]


@pytest.mark.parametrize(("minutes", "lines"), [(9, 1), (11, 2)])
def test_after_ten_minutes_it_is_another_look(order: Order, minutes: int, lines: int) -> None:
    ann = make_customer("ann@shop.example")
    OrderEvent.objects.create(
        order=order,
        kind="view",
        message="Personal data seen: a page.",
        actor=ann,
        actor_name=str(ann),
        at=Now() - timedelta(minutes=minutes),
    )
    note_look(order.pk, what="a page", why="To look.", actor=ann)
    assert len(looks(order)) == lines


def test_who_may_not_see_the_order_leaves_no_line_and_the_customer_reads_none(order: Order, client: Client) -> None:
    assert staff_client("marketing").get(f"/admin/order/order/{order.pk}/change/").status_code == 403
    assert looks(order) == []
    staff_client().get(f"/admin/order/order/{order.pk}/change/")
    page = client.get(order_path(token_of(order.pk))).text
    assert "Personal data" not in page
    assert len(looks(order)) == 1, "the customer's own page writes nothing"


def test_a_look_at_an_account_stands_in_the_audit_log() -> None:
    person = make_customer()
    assert staff_client().get(f"/admin/accounts/user/{person.pk}/change/").status_code == 200
    entry = AuditEntry.objects.get(action="look at")
    assert (entry.subject_type, entry.subject_id, entry.actor_name) == ("user", str(person.pk), "owner@shop.example")
    assert entry.reason
