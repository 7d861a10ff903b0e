"""Entered with or without tax, shown with or without it: page, list, filter, feed, basket, review, mail and papers agree."""

import re
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any
from xml.etree.ElementTree import fromstring  # Our own paper.

import pytest
from django.test import Client
from oscar.apps.catalogue.models import Product
from oscar.apps.order.models import Order

from catalog.pricing.current import price_for
from catalog.search.index import refresh_documents
from catalog.search.query import Query, find_products
from checkout.invoices.einvoice import write_cii
from checkout.invoices.records import Paper
from checkout.invoices.sheet import words_of
from checkout.models import Mail, TaxRate
from checkout.quote.build import build_quote
from checkout.quote.trace import read_trace, replay
from shop.storefront.feeds.items import stream_items
from shop.storefront.rails import build_rails, newest
from tests.checkout.page.walk import fill_in, hidden_quote
from tests.checkout.till import Till, broken_invariants, run_jobs
from tests.shopfloor import make_basket, make_category, make_order, make_product, open_shop, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PR07")]

# Entered 9.99 and formerly 14.99 at 19 %; three of them, delivery 4.90 as shown: the unit, the former price, the line,
# the tax, the total.
COMBINATIONS = {
    ("gross", True): ("9.99", "14.99", "29.97", "5.57", "34.87"),
    ("net", True): ("11.89", "17.84", "35.67", "6.48", "40.57"),
    ("net", False): ("9.99", "14.99", "29.97", "6.62", "41.49"),
    ("gross", False): ("8.39", "12.60", "25.17", "5.71", "35.78"),
}


def set_up(settings: Any, entered: str, shown_gross: bool) -> Product:
    settings.PRICES_ENTERED, settings.PRICES_INCLUDE_TAX, settings.FEEDS_PUBLIC = entered, shown_gross, True
    open_shop()
    lamp = make_product("Lamp", price="9.99", compare_at="14.99", category=make_category("Lamps"))
    refresh_documents([lamp.pk])
    return lamp


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


@pytest.mark.parametrize(("entered", "shown_gross"), COMBINATIONS)
def test_every_surface_shows_the_same_figures(
    till: Till, client: Client, settings: Any, entered: str, shown_gross: bool
) -> None:
    lamp = set_up(settings, entered, shown_gross)
    unit, former, line, tax, total = COMBINATIONS[entered, shown_gross]

    page = client.get(f"/p/{lamp.slug}/")
    words = text_of(page)
    assert f"Now {unit} EUR" in words
    assert f"Was {former} EUR" in words
    assert ("VAT included, delivery extra" if shown_gross else "Plus VAT and delivery") in words
    data = page.content.decode()
    assert f'"price":"{unit}"' in data
    assert f'"price":"{former}"' in data
    assert f'"valueAddedTaxIncluded":{"true" if shown_gross else "false"}' in data
    assert f"**Price:** {unit} EUR (was {former} EUR)" in client.get(f"/p/{lamp.slug}.md").content.decode()

    for address in ("/c/lamps/", "/search/?q=lamp", f"/seen/?id={lamp.pk}", f"/compare/?id={lamp.pk}"):
        assert f"{unit} EUR" in text_of(client.get(address)), address
    assert f"{unit} EUR" in text_of(client.get("/search/suggest/?q=lam"))
    ((card,),) = build_rails([list(newest())])
    assert (str(card.price.now), str(card.price.was)) == (unit, former)
    (item,) = stream_items()
    assert item.price is not None
    assert (str(item.price.amount), str(item.price.compare_at)) == (unit, former)

    assert client.post(f"/basket/add/{lamp.pk}/", {"quantity": "3"}).status_code == 303
    basket = text_of(client.get("/basket/"))
    assert f"{unit} EUR" in basket
    assert f"{line} EUR" in basket
    review = fill_in(client)
    assert f"Pay {total} EUR" in text_of(client.get("/checkout/"))
    assert f"{line} EUR" in review
    assert f"{tax} EUR" in review
    assert client.post("/checkout/place/", {"quote": hidden_quote(review), "terms": "on"}).status_code == 303
    order = Order.objects.get()
    assert (order.total_incl_tax, order.total_incl_tax - order.total_excl_tax) == (Decimal(total), Decimal(tax))

    till.pay(order)
    till.deliver()
    run_jobs()
    letter = Mail.objects.get(order=order, kind="order_confirmed")
    for figure in (line, tax, total):
        assert f"{figure} EUR" in letter.text
    figures = Paper.objects.get(order=order).figures
    paper = words_of(figures)
    row = paper["lines"][0]
    assert (row["unit"], row["total"]) == (f"{unit} EUR", f"{line} EUR")
    assert (paper["total_tax"], paper["total"]) == (f"{tax} EUR", f"{total} EUR")
    assert paper["price_words"] == ("Prices include tax." if shown_gross else "Prices are without tax.")
    again = replay(read_trace(order.placed.quote["trace"]), currency="EUR")
    assert (again.tax, again.total) == (Decimal(tax), Decimal(total))
    assert broken_invariants() == []


@pytest.mark.parametrize(("entered", "shown_gross"), COMBINATIONS)
def test_filters_facets_and_order_are_those_of_the_shown_price(settings: Any, entered: str, shown_gross: bool) -> None:
    """A book of the lower rate costs more without tax and less with it than a lamp of the higher one."""
    lamp = set_up(settings, entered, shown_gross)
    book = make_product("Lamp book", price="10.50", tax_class="books", category=make_category("Lamps"))
    refresh_documents([book.pk])
    prices = {one.pk: price_for(record_of(one).pk) for one in (lamp, book)}
    amounts = {pk: price.amount for pk, price in prices.items() if price is not None}
    found = find_products(Query(text="lamp", sort="price"))
    assert {one.pk: one.price_min for one in found.documents} == amounts
    assert [one.pk for one in found.documents] == sorted(amounts, key=lambda pk: amounts[pk])
    assert found.price_bounds is not None
    assert (found.price_bounds.lowest, found.price_bounds.highest) == (min(amounts.values()), max(amounts.values()))
    for one in (lamp, book):
        only = find_products(Query(min_price=amounts[one.pk], max_price=amounts[one.pk]))
        assert [document.pk for document in only.documents] == [one.pk]
    dearest = find_products(Query(sort="-price"))
    assert [one.pk for one in dearest.documents] == sorted(amounts, key=lambda pk: -amounts[pk])


def test_a_thing_without_a_rate_cannot_be_sold_at_a_wrong_price(settings: Any, client: Client) -> None:
    lamp = set_up(settings, "net", True)
    TaxRate.objects.all().delete()
    assert price_for(record_of(lamp).pk) is None
    assert "Not for sale at the moment" in text_of(client.get(f"/p/{lamp.slug}/"))
    assert "9.99" not in text_of(client.get("/c/lamps/"))


def test_elsewhere_the_shown_price_stays_and_only_the_tax_in_it_is_another(settings: Any) -> None:
    """As in every shop of shown gross prices; what leaves the EU costs what was entered."""
    lamp = set_up(settings, "net", True)
    TaxRate.objects.create(
        country="AT", tax_class="standard", rate=Decimal("0.20"), name="VAT 20 %", valid_from=date(2021, 1, 1)
    )
    basket = make_basket((lamp, 3))
    prices = {
        country: [
            str(figure)
            for figure in (quote.lines[0].unit_price, quote.lines[0].total, quote.lines[0].tax, quote.lines[0].net)
        ]
        for country in ("DE", "AT", "CH")
        for quote in [build_quote(basket, country=country)]
    }
    assert prices == {
        "DE": ["11.89", "35.67", "5.70", "29.97"],
        "AT": ["11.89", "35.67", "5.95", "29.72"],
        "CH": ["9.99", "29.97", "0.00", "29.97"],
    }


def test_the_electronic_invoice_holds_the_same_sums(till: Till, settings: Any) -> None:
    lamp = set_up(settings, "net", True)
    order = make_order((lamp, 3))
    till.pay(order)
    till.deliver()
    run_jobs()
    root = fromstring(write_cii(Paper.objects.get(order=order).figures))
    sums = {one.tag.rpartition("}")[2]: one.text for one in root.iter() if one.tag.endswith("Amount")}
    assert (sums["GrandTotalAmount"], sums["TaxTotalAmount"]) == ("40.57", "6.48")
