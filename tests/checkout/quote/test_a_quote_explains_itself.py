"""From the database: the trace names the rows, replays to the same cents, and costs the same for 5 and 50 lines."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.apps.offer.models import Benefit, Condition, ConditionalOffer, Range

from checkout.models import PlacedOrder, TaxRate
from checkout.quote.build import build_quote
from checkout.quote.explanation import explain_totals
from checkout.quote.trace import read_trace, replay
from shipping.rates.models import Band
from tests.shopfloor import (
    make_basket,
    make_category,
    make_order,
    make_product,
    make_rates,
    make_variants,
    open_shop,
    record_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def autumn() -> ConditionalOffer:
    open_shop()
    textiles = make_category("Home", "Textiles")
    scope = Range.objects.create(name="Textiles")
    scope.included_categories.add(make_category("Home"))
    assert textiles.depth == 2
    return ConditionalOffer.objects.create(
        name="Autumn week",
        condition=Condition.objects.create(range=scope, type=Condition.COUNT, value=1),
        benefit=Benefit.objects.create(range=scope, type=Benefit.PERCENTAGE, value=Decimal(15)),
    )


@pytest.mark.feature("PR06")
def test_each_step_names_its_row(autumn: ConditionalOffer) -> None:
    throw = make_product("Throw", price="79.90", category=make_category("Home", "Textiles"))
    basket = make_basket((throw, 2), make_product("Tea", price="8.50", tax_class="reduced"))
    quote = build_quote(basket, country="DE", method_code="standard-de")
    record, band = record_of(throw), Band.objects.get(method__code="standard-de")
    rate = TaxRate.objects.get(country="DE", tax_class="standard")
    key = quote.lines[0].item.key
    mine = [(step.kind, step.source, step.amount) for step in quote.trace if step.subject == key][:3]
    assert mine == [
        ("base", f"stock_record:{record.pk}", Decimal("159.80")),
        ("promotion", f"offer:{autumn.pk}", Decimal("-23.97")),
        ("tax", f"tax_rate:{rate.pk}", quote.lines[0].tax),
    ]
    assert f"band:{band.pk}" in {step.source for step in quote.trace}
    assert [step.number for step in quote.trace] == list(range(1, len(quote.trace) + 1))
    rounding = [step.amount for step in quote.trace if step.kind == "rounding"]
    assert rounding
    assert all(abs(amount) <= Decimal("0.005") for amount in rounding)
    replayed = replay(quote.trace, currency="EUR")
    assert (replayed.total, replayed.tax) == (quote.total, quote.total_tax)


@pytest.mark.feature("PR06")
def test_the_trace_of_a_past_order_replays_after_prices_changed(autumn: ConditionalOffer) -> None:
    throw = make_product("Throw", price="79.90", category=make_category("Home"))
    order = make_order((throw, 3))
    record = record_of(throw)
    record.price = Decimal("999.00")
    record.save()
    Benefit.objects.filter(pk=autumn.benefit_id).update(value=Decimal(50))
    TaxRate.objects.all().delete()
    stored = PlacedOrder.objects.get(order=order).quote
    replayed = replay(read_trace(stored["trace"]), currency=stored["currency"])
    assert (replayed.total, replayed.net) == (order.total_incl_tax, order.total_excl_tax)


def test_every_figure_opens_its_explanation(autumn: ConditionalOffer) -> None:
    throw = make_product("Throw", price="79.90", category=make_category("Home"))
    quote = build_quote(make_basket((throw, 2)), country="DE", method_code="standard-de")
    totals = explain_totals(quote)
    assert [(row.label, row.amount) for row in totals.rows] == [
        ("Goods", Decimal("159.80")),
        ("Autumn week", Decimal("-23.97")),
        ("Delivery, Standard", Decimal("4.90")),
    ]
    assert totals.rows[0].explanation == ["Throw: 2 × 79.90 EUR = 159.80 EUR"]
    assert totals.rows[1].explanation == ["Throw: 23.97 EUR off"]
    assert totals.total == Decimal("140.73")
    assert totals.tax_words == f"Includes VAT 19 % {quote.total_tax} EUR."


def test_the_free_threshold_looks_at_goods_after_discounts(autumn: ConditionalOffer) -> None:
    method = make_rates()
    method.free_from = Decimal("85.00")
    method.save()
    home = make_category("Home")
    just_enough = build_quote(make_basket(make_product(price="100.00", category=home)), method_code="standard-de")
    assert just_enough.goods_total == Decimal("85.00")
    assert just_enough.shipping is not None
    assert just_enough.shipping.price == 0
    a_cent_short = build_quote(make_basket(make_product(price="99.99", category=home)), method_code="standard-de")
    assert a_cent_short.goods_total == Decimal("84.99")
    assert a_cent_short.shipping is not None
    assert a_cent_short.shipping.price == Decimal("4.90")
    assert a_cent_short.methods[0].missing_to_free == Decimal("0.01")


def test_a_delivery_offer_is_in_the_choices_and_in_the_total() -> None:
    open_shop()
    everything = Range.objects.create(name="Everything", includes_all_products=True)
    ConditionalOffer.objects.create(
        name="Half delivery",
        condition=Condition.objects.create(range=everything, type=Condition.COUNT, value=1),
        benefit=Benefit.objects.create(type=Benefit.SHIPPING_PERCENTAGE, value=Decimal(50)),
    )
    quote = build_quote(make_basket(make_product(price="10.00")), method_code="standard-de")
    assert quote.shipping is not None
    assert (quote.shipping.before_discount, quote.shipping.price) == (Decimal("4.90"), Decimal("2.45"))
    assert quote.methods[0].price == Decimal("2.45")
    assert quote.total == Decimal("12.45")
    assert replay(quote.trace, currency="EUR").total == quote.total


def test_variants_read_as_their_parent_with_the_choice() -> None:
    open_shop()
    _, children = make_variants("Cushion", values=("sand", "moss"))
    quote = build_quote(make_basket(children["moss"]))
    assert (quote.lines[0].item.name, quote.lines[0].item.label) == ("Cushion", "moss")


def test_an_unpriced_or_unpublished_thing_is_missing_and_not_counted() -> None:
    open_shop()
    priced, bare, hidden = make_product(price="10.00"), make_product("Bare"), make_product("Hidden")
    basket = make_basket(priced, bare, hidden)
    record = record_of(bare)
    record.price = None
    record.save()
    hidden.is_public = False
    hidden.save()
    quote = build_quote(basket)
    assert [one.name for one in quote.missing] == ["Bare", "Hidden"]
    assert quote.total == Decimal("10.00")


def test_five_and_fifty_lines_cost_the_same_number_of_queries(autumn: ConditionalOffer) -> None:
    counts = []
    for size in (5, 50):
        basket = make_basket(*[make_product(category=make_category("Home", "Textiles")) for _ in range(size)])
        with CaptureQueriesContext(connection) as queries:
            build_quote(basket, country="FR", method_code="standard-de")
        counts.append(len(queries))
    assert counts[0] == counts[1], counts
    assert counts[1] <= 16, counts
