"""Exactly at the kilogram, exactly at the threshold: what a basket costs to send at each edge of a price table."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shipping.rates.defaults import load_default_rates
from shipping.rates.description import describe_bands
from shipping.rates.models import Band, Method, Zone
from shipping.rates.quote import CannotShip, methods_for, served_countries

pytestmark = [pytest.mark.django_db, pytest.mark.feature("SH01")]

LIMITS = ("0.5", "1", "2", "5", "10", "31.5")
PRICES = ("2.90", "3.90", "4.90", "6.90", "9.90", "17.90")
GRAM = Decimal("0.001")
CENT = Decimal("0.01")


@pytest.fixture
def parcel() -> Method:
    zone = Zone.objects.create(name="Germany", countries=["DE"])
    method = Method.objects.create(
        zone=zone, code="parcel", name="Parcel", days_min=2, days_max=3, free_from=Decimal("60.00")
    )
    Band.objects.bulk_create(
        Band(method=method, up_to_kg=Decimal(limit), price=Decimal(price))
        for limit, price in zip(LIMITS, PRICES, strict=True)
    )
    # Goods of 40.00 and more travel cheaper up to 5 kg.
    Band.objects.create(method=method, up_to_kg=Decimal(5), from_total=Decimal("40.00"), price=Decimal("1.90"))
    return method


def price(weight: Decimal | str, total: Decimal | str = "10.00") -> Decimal | str:
    try:
        rates = methods_for(country="DE", weight_kg=Decimal(weight), goods_total=Decimal(total), currency="EUR")
    except CannotShip as problem:
        return problem.sentence
    return rates[0].price


# Seven weights around and at each of the six limits: 6 × 7 = 42 cases; each with goods below and above 40.00: 84.
@pytest.mark.parametrize("total", ["39.99", "40.00"])
@pytest.mark.parametrize("index", range(len(LIMITS)))
@pytest.mark.parametrize("grams", [-100, -10, -1, 0, 1, 10, 100])
def test_each_side_of_each_weight(parcel: Method, index: int, grams: int, total: str) -> None:
    weight = Decimal(LIMITS[index]) + grams * GRAM
    fitting = [Decimal(cost) for limit, cost in zip(LIMITS, PRICES, strict=True) if weight <= Decimal(limit)]
    if Decimal(total) >= 40 and weight <= 5:
        fitting.append(Decimal("1.90"))
    if fitting:
        assert price(weight, total) == min(fitting)
    else:
        assert price(weight, total) == (
            f"This basket weighs {weight.normalize():f} kg; the heaviest we can send to Germany is 31.5 kg. "
            "Please order it in two parts."
        )


@pytest.mark.parametrize(
    ("total", "expected", "missing"),
    [
        ("0.00", "2.90", "60.00"),
        ("39.99", "2.90", "20.01"),
        ("40.00", "1.90", "20.00"),
        ("59.98", "1.90", "0.02"),
        ("59.99", "1.90", "0.01"),
        ("60.00", "0.00", "0.00"),
        ("60.01", "0.00", "0.00"),
        ("1000.00", "0.00", "0.00"),
    ],
)
def test_each_side_of_the_thresholds(parcel: Method, total: str, expected: str, missing: str) -> None:
    rate = methods_for(country="DE", weight_kg=GRAM, goods_total=Decimal(total), currency="EUR")[0]
    assert (rate.price, rate.missing_to_free) == (Decimal(expected), Decimal(missing))
    assert rate.full_price == Decimal("1.90" if Decimal(total) >= 40 else "2.90")


@pytest.mark.parametrize("country", ["FR", "ZZ", "", "US"])
def test_a_country_without_a_zone_gets_a_sentence(parcel: Method, country: str) -> None:
    with pytest.raises(CannotShip, match=r"We do not send to .* yet"):
        methods_for(country=country, weight_kg=GRAM, goods_total=Decimal(1), currency="EUR")


def test_another_currency_has_no_rates(parcel: Method) -> None:
    with pytest.raises(CannotShip):
        methods_for(country="DE", weight_kg=GRAM, goods_total=Decimal(1), currency="USD")


def test_an_inactive_method_and_one_without_bands_are_not_offered(parcel: Method) -> None:
    Method.objects.create(zone=parcel.zone, code="later", name="Later", days_min=1, days_max=1)
    Method.objects.create(zone=parcel.zone, code="off", name="Off", days_min=1, days_max=1, is_active=False)
    rates = methods_for(country="DE", weight_kg=GRAM, goods_total=Decimal(1), currency="EUR")
    assert [rate.code for rate in rates] == ["parcel"]


def test_goods_below_every_band_get_a_sentence(parcel: Method) -> None:
    parcel.bands.all().delete()
    Band.objects.create(method=parcel, from_total=Decimal("20.00"), price=Decimal("1.00"))
    assert price("1", "19.99") == "No delivery to Germany fits this basket. Please change it or write to us."
    assert price("1", "20.00") == Decimal("1.00")


def test_a_table_is_told_with_its_gaps(parcel: Method) -> None:
    sentences = describe_bands(parcel, currency="EUR")
    assert sentences[:2] == ["Up to 0.5 kg: 2.90 EUR.", "Up to 1 kg: 3.90 EUR."]
    assert "Up to 5 kg for goods of 40.00 EUR and more: 1.90 EUR." in sentences
    assert "Free for goods of 60.00 EUR and more." in sentences
    assert "Gap: baskets heavier than 31.5 kg cannot be sent by this method." in sentences
    Band.objects.create(method=parcel, up_to_kg=Decimal("0.4"), price=Decimal("3.50"))
    fresh = Method.objects.get(pk=parcel.pk)
    assert "Never counts: 3.50 EUR is hidden by 2.90 EUR." in describe_bands(fresh, currency="EUR")


def test_a_flat_price_reads_as_one(parcel: Method) -> None:
    parcel.bands.all().delete()
    Band.objects.create(method=parcel, price=Decimal("4.90"))
    parcel.free_from = None
    assert describe_bands(parcel, currency="EUR") == ["Any weight: 4.90 EUR."]
    parcel.bands.all().delete()
    assert describe_bands(parcel, currency="EUR") == ["No price yet: this method is not offered to anyone."]


def test_the_defaults_offer_two_ways_everywhere_and_load_once() -> None:
    assert load_default_rates() == 3
    assert load_default_rates() == 0
    assert Method.objects.count() == 6
    for country in served_countries():
        rates = methods_for(country=country, weight_kg=Decimal(1), goods_total=Decimal(20), currency="EUR")
        assert len(rates) == 2, country
        assert rates[0].price < rates[1].price
    assert len(served_countries()) > 60


def test_three_queries_at_most_whatever_the_number_of_methods() -> None:
    load_default_rates()
    with CaptureQueriesContext(connection) as queries:
        methods_for(country="FR", weight_kg=Decimal(1), goods_total=Decimal(20), currency="EUR")
    assert len(queries) <= 3
