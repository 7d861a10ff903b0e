"""Sold ahead, from the product page to the parcel: the day is on every page and mail, and who is let down may go."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from oscar.apps.catalogue.models import Product
from oscar.apps.order.models import Order

from catalog.search.index import refresh_documents
from checkout.models import Mail
from checkout.orders.access import order_path, token_of
from checkout.orders.late_links import make_late_link
from checkout.placement import QuoteChanged, place_order
from inventory.backorder_policy import set_policy, shop_today
from inventory.ledger import Entry, receive_stock
from inventory.models import Backorder
from inventory.promises import write_day
from inventory.reservation import reserve
from inventory.tasks import tell_that_days_have_passed
from shipping.fulfilment.dispatch import dispatch_shipment
from shipping.fulfilment.models import Shipment
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs, state_of
from tests.shopfloor import make_draft, make_order, make_product, quote_of, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN09")]


def in_days(days: int) -> date:
    return shop_today() + timedelta(days=days)


def ahead(product: Product, *, cap: int = 5, days: int = 20, kind: str = "pre-order") -> None:
    set_policy(stock_record_id=record_of(product).pk, kind=kind, cap=cap, promised_on=in_days(days))


def paid(till: Till, *things: Any) -> Order:
    order = make_order(*things)
    till.pay(order)
    till.deliver()
    run_jobs()
    return order


def arrive(product: Product, units: int) -> None:
    entry = Entry(stock_record_id=record_of(product).pk, actor_name="Ann", idempotency_key=f"in:{timezone.now()}")
    receive_stock(entry, quantity=units)
    run_jobs()


def page_of(client: Client, order: Order) -> str:
    return client.get(order_path(token_of(order.pk))).content.decode()


def late_link(order: Order) -> str:
    (letter,) = Mail.objects.filter(order=order, kind="order_delayed")
    found = re.search(r"https?://\S+/order/late/\S+/", letter.text)
    assert found is not None
    return "/order/late/" + found[0].split("/order/late/")[1]


def test_the_day_stands_on_product_basket_review_order_and_mail(till: Till, client: Client) -> None:
    vase = make_product("Vase", stock=0)
    refresh_documents([vase.pk])
    ahead(vase)
    words = f"Pre-order: sent from {write_day(in_days(20))}"
    page = client.get(f"/p/{vase.slug}/").content.decode()
    assert words in page
    assert '"availability":"https://schema.org/PreOrder"' in page
    assert f'"availabilityStarts":"{in_days(20).isoformat()}"' in page
    assert "Sold out" not in page
    assert client.post(f"/basket/add/{vase.pk}/", {"quantity": "2"}).status_code == 303
    assert words in client.get("/basket/").content.decode()
    order = make_order((vase, 2))
    assert words in page_of(client, order)
    till.pay(order)
    till.deliver()
    run_jobs()
    assert words in page_of(client, order)
    (confirmation,) = Mail.objects.filter(order=order, kind="order_confirmed")
    assert words in confirmation.text
    assert words in confirmation.html
    assert f"It is sent from {write_day(in_days(20))}" in confirmation.text
    assert not Shipment.objects.exists()
    assert broken_invariants() == []


def test_what_is_here_leaves_at_once_and_the_rest_when_it_comes_in(till: Till, client: Client) -> None:
    bowl, vase = make_product(stock=5), make_product("Vase", stock=1)
    ahead(vase, kind="backorder")
    order = paid(till, bowl, (vase, 3))
    assert "(2 of 3; the rest at once)" in quote_of_order(order)
    (parcel,) = Shipment.objects.filter(order=order)
    assert sum(line.quantity for line in parcel.lines.all()) == 2
    dispatch_shipment(parcel.pk, actor="Ann")
    run_jobs()
    assert state_of(order) == "partly shipped"
    arrive(vase, 2)
    assert "has come in" in page_of(client, order)
    rest = Shipment.objects.get(order=order, state="open")
    assert sum(line.quantity for line in rest.lines.all()) == 2
    dispatch_shipment(rest.pk, actor="Ann")
    run_jobs()
    assert state_of(order) == "shipped"
    assert broken_invariants() == []


def quote_of_order(order: Order) -> str:
    return str(order.placed.quote)


def test_a_later_day_is_mailed_with_old_and_new_and_its_link_cancels_the_whole_order(
    till: Till, client: Client
) -> None:
    vase = make_product("Vase", stock=0)
    ahead(vase, cap=2)
    order = paid(till, (vase, 2))
    ahead(vase, cap=2, days=40)
    run_jobs()
    run_jobs()
    letter = Mail.objects.get(order=order, kind="order_delayed")
    assert letter.subject == f"Your order {order.number} is sent later: {write_day(in_days(40))}"
    for text in (letter.text, letter.html):
        assert write_day(in_days(20)) in text
        assert write_day(in_days(40)) in text
    assert write_day(in_days(40)) in page_of(client, order)
    link = late_link(order)
    page = client.get(link)
    assert "all of it is cancelled" in page.content.decode()
    assert (state_of(order), page.cookies) == ("paid", {}), "opening the link changes nothing"
    assert page["Cache-Control"] == "no-store, private"
    assert "It is cancelled" in client.post(link, follow=True).content.decode()
    client.post(link)
    run_jobs()
    assert state_of(order) == "cancelled"
    assert payment_of(order).refunded == order.total_incl_tax
    assert len(till.refunds()) == 1
    assert "Nothing is waited for any more" in client.get(link).content.decode()
    assert broken_invariants() == []
    again = paid(till, (vase, 2))
    assert state_of(again) == "paid", "the cancelled units can be sold again"


def test_of_an_order_with_other_things_only_what_waits_is_cancelled_to_the_cent(till: Till, client: Client) -> None:
    bowl, vase = make_product(stock=5), make_product("Vase", stock=1, price="3.33")
    ahead(vase)
    order = paid(till, bowl, (vase, 3))
    (parcel,) = Shipment.objects.filter(order=order)
    dispatch_shipment(parcel.pk, actor="Ann")
    run_jobs()
    ahead(vase, days=30)
    run_jobs()
    assert "What is here already still comes to you" in client.get(late_link(order)).content.decode()
    client.post(late_link(order))
    client.post(late_link(order))
    run_jobs()
    assert state_of(order) == "shipped"
    assert payment_of(order).refunded == Decimal("6.66")
    assert [one.open_units for one in Backorder.objects.all()] == [0]
    arrive(vase, 5)
    assert not Shipment.objects.filter(order=order, state="open").exists()
    assert broken_invariants() == []


@pytest.mark.parametrize("change", ["forged", "cut", "expired"])
def test_a_link_that_is_forged_or_over_opens_nothing(
    till: Till, client: Client, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vase = make_product(stock=0)
    ahead(vase)
    order = make_order(vase)
    if change == "expired":
        monkeypatch.setattr("checkout.orders.late_links.FREE_CANCEL_DAYS", -1)
    link = "/order/late/" + make_late_link(order.pk).url.split("/late/")[1]
    if change == "forged":
        link = link.replace(f"/{order.pk}.", f"/{order.pk + 1}.")
    if change == "cut":
        link = link[:-8] + "/"
    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 404
    assert state_of(order) == "pending payment"


def test_who_loses_the_last_unit_on_the_shelf_while_ordering_confirms_the_later_day() -> None:
    vase = make_product(stock=1)
    ahead(vase)
    draft = make_draft(vase)
    shown = quote_of(draft).digest
    reserve(claim="order:faster", quantities={record_of(vase).pk: 1}, minutes=15)
    with pytest.raises(QuoteChanged) as changed:
        place_order(draft.pk, shown_digest=shown)
    wait = changed.value.quote.lines[0].item.wait
    assert wait is not None
    assert wait.on == in_days(20).isoformat()
    assert place_order(draft.pk, shown_digest=changed.value.quote.digest).is_new


def test_a_slip_that_nobody_waits_for_any_more_is_not_mailed(till: Till) -> None:
    vase = make_product(stock=0)
    ahead(vase)
    order = paid(till, vase)
    ahead(vase, days=30)
    arrive_before_the_mail(vase)
    run_jobs()
    assert not Mail.objects.filter(order=order, kind="order_delayed").exists()
    assert len(mail.outbox) == 1


def arrive_before_the_mail(product: Product) -> None:
    entry = Entry(stock_record_id=record_of(product).pk, actor_name="Ann", idempotency_key="early")
    receive_stock(entry, quantity=1)


def test_a_day_that_passes_is_told_by_itself_once_and_a_new_day_afterwards(till: Till, client: Client) -> None:
    vase, bowl = make_product("Vase", stock=0), make_product("Bowl", stock=0)
    ahead(vase)
    ahead(bowl)
    order, other = paid(till, (vase, 2)), paid(till, bowl)
    Backorder.objects.filter(claim=f"order:{order.pk}").update(promised_on=in_days(0))
    assert tell_that_days_have_passed() == 0, "the day itself is not over"
    Backorder.objects.filter(claim=f"order:{order.pk}").update(promised_on=in_days(-1))
    assert [tell_that_days_have_passed() for _ in range(2)] == [1, 0]
    run_jobs()
    letter = Mail.objects.get(kind="order_delayed")
    assert (letter.order, letter.subject) == (order, f"Your order {order.number} is sent later")
    for text in (letter.text, letter.html):
        assert write_day(in_days(-1)) in text
        assert "Sent from" not in text
    assert "has not come in yet" in page_of(client, order)
    assert "has not come in yet" not in page_of(client, other)
    ahead(vase, days=9)
    run_jobs()
    later = Mail.objects.filter(kind="order_delayed").latest("pk")
    assert write_day(in_days(9)) in later.subject
    link = re.findall(r"https?://\S+(/order/late/\S+/)", letter.text)[0]
    client.post(link)
    run_jobs()
    assert state_of(order) == "cancelled"
    assert payment_of(order).refunded == order.total_incl_tax
    assert tell_that_days_have_passed() == 0
    assert broken_invariants() == []
