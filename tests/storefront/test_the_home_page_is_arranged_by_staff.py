"""Without blocks the home page arranges itself from the catalogue; with blocks it shows those, in their order."""

import re
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.test import Client

from catalog.content.models import HOME, Block, Page
from catalog.content.publishing import publish_draft
from catalog.pricing.change import NewPrice, change_prices
from tests.shopfloor import record_of
from tests.storefront.conftest import SmallShop


def _arrange(*blocks: dict[str, object]) -> None:
    page, _ = Page.objects.get_or_create(slug=HOME, defaults={"title": "Home page"})
    for block in blocks:
        Block.objects.create(page=page, **block)
    publish_draft(page, actor=None, actor_name="tests")


def _headings(client: Client) -> list[str]:
    return re.findall(r"<h[12][^>]*>([^<]+)</h[12]>", client.get("/").text.split("<main")[1].split("</main>")[0])


def test_an_empty_shop_has_a_home_page(client: Client, db: None) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "<h1" in page.text


def test_a_shop_that_nobody_arranged_shows_what_it_has(client: Client, small_shop: SmallShop) -> None:
    headings = _headings(client)
    assert headings[0] == "Things for a calm home"
    assert {"Look around", "New", "Reduced"} <= set(headings)


@pytest.mark.feature("CO01")
def test_blocks_of_staff_stand_in_their_order_and_hidden_ones_do_not(client: Client, small_shop: SmallShop) -> None:
    kind = Block.Kind
    _arrange(
        {"kind": kind.REDUCED, "title": "Winter sale", "position": 3},
        {"kind": kind.HERO, "title": "Light again", "text": "Lamps & more", "position": 1, "link_url": "/c/living/"},
        {"kind": kind.STORY, "title": "A <i>kiln</i>", "text": "<script>x</script>", "position": 2},
        {"kind": kind.NEW, "title": "Secret", "position": 0, "is_shown": False},
    )
    assert _headings(client) == ["Light again", "A &lt;i&gt;kiln&lt;/i&gt;", "Winter sale"]
    assert "<script>x" not in client.get("/").text


def test_a_link_of_a_block_is_an_address(db: None) -> None:
    with pytest.raises(IntegrityError):
        _arrange({"kind": Block.Kind.HERO, "title": "x", "link_url": "javascript:alert(1)"})


def test_a_changed_price_is_on_the_page_with_the_next_request(client: Client, small_shop: SmallShop) -> None:
    _arrange({"kind": Block.Kind.REDUCED, "title": "Sale"})
    record = record_of(small_shop.lamps[0])
    change_prices(
        [NewPrice(stock_record_id=record.pk, price=Decimal("0.10"), compare_at=Decimal("9.00"))],
        actor_name="tests",
        reason="test",
    )
    assert "0.10 EUR" in client.get("/").text
