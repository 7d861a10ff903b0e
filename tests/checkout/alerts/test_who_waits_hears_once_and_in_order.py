"""Back in stock: in the order of the queue, at most three for each unit, each once, each with a way out."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from oscar.apps.catalogue.models import Product

from catalog.importing.ports import StockCount, write_stock
from catalog.pricing.change import NewPrice, change_prices
from checkout.alerts.asking import MOST_AN_HOUR, CannotTell, ask_for_alert
from checkout.alerts.telling import tell_of_return
from checkout.models import Alert, Mail, QuietAddress
from inventory.allocation import LineDemand, allocate, cancel_allocations
from inventory.ledger import Entry, receive_stock, write_off
from inventory.models import Reservation
from inventory.reservation import release_expired, release_reservations, reserve
from shop.outbox.models import OutboxEvent
from shop.outbox.relay import handle_event
from tests.checkout.till import run_jobs
from tests.shopfloor import make_product, make_variants, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("SF10")]


def entry(product: Product, key: str) -> Entry:
    return Entry(stock_record_id=record_of(product).pk, actor_name="tests", idempotency_key=key, reason="test")


def line_up(product: Product, count: int, *, kind: str = "back", price: str | None = None) -> list[str]:
    record = record_of(product)
    addresses = [f"shopper{number:04d}@example.com" for number in range(count)]
    Alert.objects.bulk_create(
        Alert(kind=kind, stock_record=record, email=address, price=price) for address in addresses
    )
    return addresses


def events(name: str = "stock.available") -> list[dict[str, Any]]:
    return list(OutboxEvent.objects.filter(name=name).order_by("pk").values_list("payload", flat=True))


def test_a_thousand_wait_for_ten_units_and_the_first_thirty_hear_in_their_order() -> None:
    lamp = make_product("Moon lamp", stock=0)
    addresses = line_up(lamp, 1000)
    receive_stock(entry(lamp, "delivery:1"), quantity=10)
    run_jobs(rounds=40)
    assert [message.to for message in mail.outbox] == [[address] for address in addresses[:30]]
    assert list(Mail.objects.order_by("pk").values_list("to", flat=True)) == addresses[:30]
    told = Alert.objects.filter(told_at__isnull=False)
    assert sorted(told.values_list("email", flat=True)) == addresses[:30]


def test_each_hears_once_however_often_the_event_is_handed_over() -> None:
    lamp = make_product("Moon lamp", stock=0)
    line_up(lamp, 100)
    receive_stock(entry(lamp, "delivery:1"), quantity=2)
    event = OutboxEvent.objects.get(name="stock.available")
    for _ in range(3):
        OutboxEvent.objects.filter(pk=event.pk).update(done_at=None, available_at=timezone.now())
        handle_event(event.pk)
    run_jobs()
    assert len(mail.outbox) == len({message.to[0] for message in mail.outbox}) == 6


def test_the_next_delivery_reaches_the_next_in_the_queue() -> None:
    lamp = make_product("Moon lamp", stock=0)
    addresses = line_up(lamp, 20)
    for number in (1, 2):
        receive_stock(entry(lamp, f"delivery:{number}"), quantity=2)
        run_jobs()
        write_off(entry(lamp, f"gone:{number}"), quantity=2)
    assert [message.to[0] for message in mail.outbox] == addresses[:12]


def test_what_is_gone_again_before_the_mails_are_written_tells_nobody() -> None:
    lamp = make_product("Moon lamp", stock=0)
    line_up(lamp, 5)
    receive_stock(entry(lamp, "delivery"), quantity=3)
    write_off(entry(lamp, "broken"), quantity=3)
    run_jobs()
    assert mail.outbox == []
    assert Alert.objects.filter(told_at=None).count() == 5


def test_units_more_of_what_is_in_stock_are_no_news() -> None:
    lamp = make_product("Moon lamp", stock=1)
    receive_stock(entry(lamp, "delivery"), quantity=3)
    assert events() == []


def test_every_way_back_into_sale_is_told_in_its_own_transaction() -> None:
    lamp = make_product("Moon lamp", stock=2)
    record = record_of(lamp).pk
    reserve(claim="order:1", quantities={record: 2}, minutes=5)
    release_reservations("order:1")
    assert [one["stock_record_ids"] for one in events()] == [[record]]
    allocate(claim="order:2", lines=[LineDemand("line:1", record, 2)])
    cancel_allocations("order:2")
    assert len(events()) == 2
    reserve(claim="order:3", quantities={record: 2}, minutes=5)
    Reservation.objects.filter(claim="order:3").update(expires_at=timezone.now())
    release_expired()
    assert len(events()) == 3
    write_off(entry(lamp, "gone"), quantity=2)
    write_stock(
        [StockCount(stock_record_id=record, sku="x", location_code="", quantity=4)],
        reference="import:1",
        actor_name="t",
    )
    assert len(events()) == 4
    write_stock(
        [StockCount(stock_record_id=record, sku="x", location_code="", quantity=9)],
        reference="import:2",
        actor_name="t",
    )
    release_expired()
    assert len(events()) == 4


def test_the_mail_names_the_variant_and_carries_one_way_out_twice(client: Client) -> None:
    _, children = make_variants("Cushion", values=["Sage", "Clay"], stock=0)
    assert ask_for_alert(
        kind="back", stock_record_id=record_of(children["Clay"]).pk, email=" Ada@Example.com ", address="1.2.3.4"
    )
    receive_stock(entry(children["Clay"], "delivery"), quantity=1)
    run_jobs()
    (message,) = mail.outbox
    assert (message.subject, message.to) == ("Cushion, Clay is back", ["ada@example.com"])
    (link,) = set(re.findall(r"http://testserver(/alerts/stop/[^\s\"<>]+)", message.body))
    assert message.extra_headers["List-Unsubscribe"] == f"<http://testserver{link}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "?colour=Clay" in message.body
    assert "10.00 EUR" in message.body
    assert link in message.alternatives[0][0].replace("&amp;", "&")


def test_one_click_ends_all_such_mails_and_looking_at_the_link_does_not() -> None:
    lamp, vase = make_product(stock=0), make_product(stock=0)
    for thing in (lamp, vase):
        ask_for_alert(kind="back", stock_record_id=record_of(thing).pk, email="ada@example.com", address="1.2.3.4")
    receive_stock(entry(lamp, "delivery:1"), quantity=1)
    run_jobs()
    link = re.findall(r"/alerts/stop/\S+", mail.outbox[0].body)[0]
    program = Client(enforce_csrf_checks=True)
    assert "Stop these mails?" in program.get(link).text
    assert not QuietAddress.objects.exists()
    assert program.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    receive_stock(entry(vase, "delivery:2"), quantity=1)
    run_jobs()
    assert len(mail.outbox) == 1
    with pytest.raises(CannotTell, match="no more such mails"):
        ask_for_alert(kind="price", stock_record_id=record_of(vase).pk, email="ADA@example.com", address="9.9.9.9")
    program.post(link, {"allow": "1"})
    assert ask_for_alert(kind="price", stock_record_id=record_of(vase).pk, email="ada@example.com", address="9.9.9.9")
    assert program.get("/alerts/stop/1:forged/").status_code == 404
    assert program.get("/alerts/stop/nonsense/").status_code == 404


def test_a_lower_price_is_told_to_those_who_asked_when_it_cost_more() -> None:
    lamp = make_product("Moon lamp", price="40.00", stock=1)
    record = record_of(lamp).pk
    line_up(lamp, 3, kind="price", price="40.00")
    Alert.objects.create(kind="price", stock_record_id=record, email="late@example.com", price="30.00")
    for price in ("45.00", "35.00", "35.00"):
        change_prices([NewPrice(stock_record_id=record, price=Decimal(price))], actor_name="t", reason="test")
        run_jobs()
    assert len(events("price.fell")) == 1
    assert [message.to[0] for message in mail.outbox] == [f"shopper{number:04d}@example.com" for number in range(3)]
    assert "It cost 40.00 EUR when you asked; it costs 35.00 EUR now." in mail.outbox[0].body
    write_off(entry(lamp, "gone"), quantity=1)
    change_prices([NewPrice(stock_record_id=record, price=Decimal("20.00"))], actor_name="t", reason="test")
    run_jobs()
    assert len(mail.outbox) == 3


def test_asking_twice_is_one_place_in_the_queue_and_nobody_fills_the_mailboxes_of_others() -> None:
    lamp = make_product(stock=0)
    record = record_of(lamp).pk
    assert ask_for_alert(kind="back", stock_record_id=record, email="ada@example.com", address="1.2.3.4")
    assert not ask_for_alert(kind="back", stock_record_id=record, email="ADA@example.com", address="1.2.3.4")
    for number in range(MOST_AN_HOUR - 1):
        ask_for_alert(kind="back", stock_record_id=record, email=f"a{number}@example.com", address="1.2.3.4")
    with pytest.raises(CannotTell, match="many questions"):
        ask_for_alert(kind="back", stock_record_id=record, email="b@example.com", address="1.2.3.4")
    assert ask_for_alert(kind="back", stock_record_id=record, email="b@example.com", address="5.6.7.8")
    with pytest.raises(CannotTell, match="in stock"):
        ask_for_alert(kind="back", stock_record_id=record_of(make_product()).pk, email="c@example.com", address="5")


def test_the_products_page_asks_without_script_and_errors_are_tied_to_the_field(client: Client) -> None:
    lamp = make_product("Moon lamp", stock=0)
    ask = f"/alerts/ask/{lamp.pk}/"
    assert f'action="{ask}"' in client.get(f"/p/{lamp.slug}/").text
    wrong = client.post(ask, {"kind": "back", "email": "not an address"})
    assert wrong.status_code == 422
    assert 'href="#id_email"' in wrong.text
    assert 'aria-invalid="true"' in wrong.text
    done = client.post(ask, {"kind": "back", "email": "ada@example.com"})
    assert done.status_code == 303
    assert "We write to you once" in client.get(done["Location"]).text
    assert Alert.objects.get().email == "ada@example.com"
    assert (
        client.post(
            ask, {"kind": "back", "email": "b@example.com"}, headers={"Origin": "https://evil.example"}
        ).status_code
        == 403
    )
    assert client.get(ask, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
    assert client.get("/alerts/ask/999999/").status_code == 404
    assert client.get(f"/alerts/ask/{lamp.pk}/?variant=abc&kind=x").status_code == 404
    assert tell_of_return([record_of(lamp).pk], since=timezone.now()) == 0
