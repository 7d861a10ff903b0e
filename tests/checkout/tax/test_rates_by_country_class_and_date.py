"""Which rate counts: by destination, class and the destination's calendar day; sixty totals from six countries."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from checkout.models import TaxRate
from checkout.quote.build import build_quote
from checkout.tax.eu_table import load_eu_rates
from checkout.tax.local_date import local_date
from checkout.tax.rates import MissingTaxRate, rate_for, rates_for
from checkout.tax.zones import Place
from tests.shopfloor import make_basket, make_product, make_tax

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PR07")]

TODAY = date(2026, 11, 21)
# Rates of 2026 as the European Commission publishes them (TEDB).
COUNTRIES = {
    "DE": {"standard": "19", "reduced": "7", "books": "7"},
    "AT": {"standard": "20", "reduced": "10", "books": "10"},
    "FR": {"standard": "20", "reduced": "5.5", "books": "5.5"},
    "IT": {"standard": "22", "reduced": "10", "books": "4"},
    "NL": {"standard": "21", "reduced": "9", "books": "9"},
}
# (unit price, quantity): gross 119.00 holds 19.00 at 19 %.
CARTS = [("119.00", 1), ("9.99", 3), ("0.01", 1), ("24.90", 7)]


@pytest.mark.parametrize("country", [*COUNTRIES, "CH"])
@pytest.mark.parametrize("tax_class", ["standard", "reduced", "books"])
@pytest.mark.parametrize(("price", "quantity"), CARTS)
def test_totals(country: str, tax_class: str, price: str, quantity: int) -> None:
    """6 countries × 3 classes × 4 carts: in the EU the price stays and holds the destination's tax; abroad it is bare."""
    load_eu_rates()
    quote = build_quote(make_basket((make_product(price=price, tax_class=tax_class), quantity)), country=country)
    gross = Decimal(price) * quantity
    if country == "CH":
        home = Decimal(COUNTRIES["DE"][tax_class]) / 100
        unit = (Decimal(price) / (1 + home)).quantize(Decimal("0.01"))
        assert (quote.total, quote.total_tax, quote.is_export) == (unit * quantity, 0, True)
        return
    rate = Decimal(COUNTRIES[country][tax_class]) / 100
    assert quote.lines[0].tax_rate == rate
    assert quote.total == gross
    exact = gross * rate / (1 + rate)
    assert abs(quote.total_tax - exact) <= Decimal("0.005")
    assert quote.total_net + quote.total_tax == gross


@pytest.mark.parametrize(
    ("country", "price", "expected_tax"),
    [("DE", "100.00", "19.00"), ("FR", "100.00", "20.00"), ("NL", "33.33", "7.00"), ("CH", "100.00", "0.00")],
)
def test_a_net_shop_adds_the_tax_of_the_destination(
    settings: object, country: str, price: str, expected_tax: str
) -> None:
    settings.PRICES_INCLUDE_TAX = False  # type: ignore[attr-defined]
    load_eu_rates()
    quote = build_quote(make_basket(make_product(price=price)), country=country)
    assert (quote.total_net, quote.total_tax) == (Decimal(price), Decimal(expected_tax))
    assert quote.total == quote.total_net + quote.total_tax


def test_the_eu_table_is_complete_and_loads_once() -> None:
    added = load_eu_rates()
    assert added == 28 * 4
    assert load_eu_rates() == 0
    assert rate_for(country="IE", tax_class="books", on=TODAY).rate == 0
    assert rate_for(country="DK", tax_class="reduced", on=TODAY).rate == Decimal("0.25")
    assert rate_for(country="FI", tax_class="standard", on=TODAY).rate == Decimal("0.255")
    assert rate_for(country="FI", tax_class="standard", on=TODAY).name == "VAT 25.5 %"


def test_the_merchants_own_rate_is_left_alone() -> None:
    make_tax("DE", rates={"standard": "0.16"})
    load_eu_rates()
    assert rate_for(country="DE", tax_class="standard", on=TODAY).rate == Decimal("0.16")
    assert rate_for(country="DE", tax_class="reduced", on=TODAY).rate == Decimal("0.07")


def test_a_new_rate_begins_on_its_day_and_the_old_one_ends() -> None:
    for rate, begins, ends in (("0.19", date(2020, 1, 1), date(2020, 7, 1)), ("0.16", date(2020, 7, 1), None)):
        TaxRate.objects.create(
            country="DE", tax_class="standard", rate=Decimal(rate), name=rate, valid_from=begins, valid_to=ends
        )
    assert rate_for(country="DE", tax_class="standard", on=date(2020, 6, 30)).rate == Decimal("0.19")
    assert rate_for(country="DE", tax_class="standard", on=date(2020, 7, 1)).rate == Decimal("0.16")


def test_the_day_is_that_of_the_destination() -> None:
    """22:30 UTC on 30 June is 30 June in Dublin and Lisbon, and 1 July in Berlin and Athens."""
    instant = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    assert [local_date(country, at=instant).day for country in ("IE", "PT", "DE", "GR")] == [30, 30, 1, 1]


def test_two_rates_at_a_time_are_refused_by_the_database() -> None:
    make_tax("DE", rates={"standard": "0.19"})
    with pytest.raises(IntegrityError), transaction.atomic():
        TaxRate.objects.create(
            country="DE", tax_class="standard", rate=Decimal("0.16"), name="other", valid_from=date(2025, 1, 1)
        )


def test_outside_the_eu_nothing_is_charged_unless_the_merchant_has_rates_there() -> None:
    assert rate_for(country="US", tax_class="standard", on=TODAY).rate == 0
    make_tax("GB", rates={"standard": "0.20"})
    assert rate_for(country="GB", tax_class="standard", on=TODAY).rate == Decimal("0.2")


def test_an_eu_country_without_a_table_is_a_refusal_in_words() -> None:
    with pytest.raises(MissingTaxRate) as caught:
        rate_for(country="SE", tax_class="standard", on=TODAY)
    assert "We cannot work out the tax for Sweden yet" in caught.value.sentence
    make_tax("DE")
    quote = build_quote(make_basket(make_product()), country="SE")
    assert any("tax for Sweden" in sentence for sentence in quote.refusals)


def test_any_number_of_classes_is_one_query() -> None:
    load_eu_rates()
    with CaptureQueriesContext(connection) as queries:
        rates_for([Place(code="DE", country="DE"), Place(code="FR", country="FR")], on=TODAY)
    assert len(queries) == 1


def test_delivery_shares_the_rates_of_the_goods() -> None:
    """75.00 at 19 % and 25.00 at 7 %: three quarters of the delivery are taxed at 19 %."""
    from tests.shopfloor import open_shop

    open_shop()
    basket = make_basket(make_product(price="75.00"), make_product(price="25.00", tax_class="books"))
    quote = build_quote(basket, country="DE", method_code="standard-de")
    assert quote.shipping is not None
    high, low = quote.taxes
    assert (high.gross, low.gross) == (Decimal("75.00") + Decimal("3.68"), Decimal("25.00") + Decimal("1.22"))
    assert quote.shipping.tax == Decimal("0.59") + Decimal("0.08")
