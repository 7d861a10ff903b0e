"""IN03: whatever keeps units back, page, Markdown, list, feed, basket and checkout tell the same number."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.test import Client
from oscar.apps.basket.models import Line
from oscar.apps.partner.models import StockRecord

from catalog.search.index import refresh_documents
from checkout.placement import CannotPlace, place_order
from inventory.allocation import LineDemand, allocate
from inventory.availability import saleable
from inventory.models import Location, Reservation, StockLevel
from inventory.reservation import reserve
from inventory.shortage import InsufficientStock
from shop.storefront.feeds.items import stream_items
from tests.shopfloor import make_category, make_draft, make_location, make_product, open_shop, quote_of, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN03")]


def nothing(record: StockRecord) -> None:
    """All of it is free."""


def keep_a_buffer(record: StockRecord) -> None:
    StockLevel.objects.filter(stock_record=record).update(buffer=1)


def hold(record: StockRecord) -> None:
    reserve(claim="order:0", quantities={record.pk: 3}, minutes=15)


def let_the_hold_run_out(record: StockRecord) -> None:
    hold(record)
    Reservation.objects.update(expires_at=Now() - timedelta(milliseconds=1))


def promise(record: StockRecord) -> None:
    allocate(claim="order:0", lines=[LineDemand("line:0", record.pk, 2)])


def close_one_location(record: StockRecord) -> None:
    Location.objects.filter(code="east").update(is_active=False)


def all_at_once(record: StockRecord) -> None:
    for act in (promise, keep_a_buffer, close_one_location):
        act(record)


@pytest.mark.parametrize(
    ("keep_back", "left"),
    [(nothing, 3), (keep_a_buffer, 1), (hold, 0), (let_the_hold_run_out, 3), (promise, 1), (close_one_location, 2),
     (all_at_once, 0)],
)  # fmt: skip
def test_every_door_tells_the_same(client: Client, keep_back: Callable[[StockRecord], None], left: int) -> None:
    open_shop()
    make_location("main", priority=1)
    make_location("east", priority=2)
    lamp = make_product("Lamp", stock={"main": 2, "east": 1}, category=make_category("Lamps"))
    record = record_of(lamp)
    refresh_documents([lamp.pk])
    keep_back(record)
    assert saleable(record.pk) == left

    page = client.get(f"/p/{lamp.slug}/").text
    words = f"{left} left" if left else "Sold out"
    assert words in page
    assert ("schema.org/InStock" in page, "schema.org/OutOfStock" in page) == (left > 0, left == 0)
    assert f"**Availability:** {words}" in client.get(f"/p/{lamp.slug}.md").text
    listed = re.search(r'href="/p/lamp-', client.get("/c/lamps/?in_stock=1").text)
    assert (listed is not None) == (left > 0)
    (item,) = stream_items()
    assert item.availability == ("in_stock" if left else "out_of_stock")

    refused = client.post(f"/basket/add/{lamp.pk}/", {"quantity": str(left + 1)}, follow=True).text
    assert (f"only {left} left" if left else "sold out") in refused
    assert not Line.objects.exists()
    with pytest.raises((InsufficientStock, CannotPlace)):
        place(lamp, left + 1)
    if left:
        client.post(f"/basket/add/{lamp.pk}/", {"quantity": str(left)})
        assert Line.objects.latest("pk").quantity == left
        place(lamp, left)
        assert saleable(record.pk) == 0


def place(lamp: object, quantity: int) -> None:
    draft = make_draft((lamp, quantity))
    place_order(draft.pk, shown_digest=quote_of(draft).digest)
