"""Zones by postcode: islands outside the VAT area, regions with rates of their own, and how a country rounds."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from checkout.models import TaxRate, TaxZone
from checkout.quote.build import build_quote
from checkout.tax.eu_table import load_eu_rates
from checkout.tax.eu_zones import load_eu_zones
from checkout.tax.rounding import Rounding
from checkout.tax.zones import find_place
from tests.shopfloor import make_basket, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PR07")]


@pytest.mark.parametrize(
    ("country", "postcode", "code"),
    [
        ("ES", "35001", "ES-CN"),
        ("ES", "38 400", "ES-CN"),
        ("ES", "28001", "ES"),
        ("FI", "22100", "FI-01"),
        ("DE", "78266", "DE-BUS"),
        ("DE", "78267", "DE"),
        ("FR", "97 100", "FR-971"),
        ("FR", "75001", "FR"),
        ("IT", "", "IT"),
    ],
)
def test_a_zone_is_known_by_its_postcodes(country: str, postcode: str, code: str) -> None:
    load_eu_zones()
    assert find_place(country=country, postcode=postcode).code == code


def test_the_zones_load_once() -> None:
    assert load_eu_zones() == 14
    assert load_eu_zones() == 0


def test_goods_for_the_canary_islands_leave_the_vat_area() -> None:
    """119.00 without Germany's 19 % are 100.00; in Madrid 119.00 hold 21 %: 119 × 21/121 = 20.6529 → 20.65."""
    load_eu_rates()
    load_eu_zones()
    basket = make_basket(make_product(price="119.00"))
    islands = build_quote(basket, country="ES", postcode="35001")
    assert (islands.total, islands.total_tax, islands.is_export, islands.country) == (Decimal("100.00"), 0, True, "ES")
    madrid = build_quote(basket, country="ES", postcode="28001")
    assert (madrid.total, madrid.total_tax) == (Decimal("119.00"), Decimal("20.65"))


def test_a_region_with_rates_of_its_own_has_those() -> None:
    """Madeira: 122.00 × 22/122 = 22.00; on the mainland × 23/123 = 22.8130 → 22.81."""
    load_eu_rates()
    TaxZone.objects.create(code="PT-30", country="PT", name="Madeira", postcodes=["9000-9400"])
    basket = make_basket(make_product(price="122.00"))
    assert build_quote(basket, country="PT", postcode="9050-021").total_tax == Decimal("22.81")
    TaxRate.objects.create(
        country="PT-30", tax_class="standard", rate=Decimal("0.22"), name="IVA 22 %", valid_from=date(2024, 1, 1)
    )
    assert build_quote(basket, country="PT", postcode="9050-021").total_tax == Decimal("22.00")
    assert build_quote(basket, country="PT", postcode="9500-021").total_tax == Decimal("22.81")


def test_a_zone_belongs_to_its_country() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TaxZone.objects.create(code="PT-30", country="ES", name="Madeira")


def test_the_place_costs_one_question() -> None:
    load_eu_zones()
    with CaptureQueriesContext(connection) as queries:
        find_place(country="FR", postcode="97100")
    assert len(queries) == 1


def test_three_lines_may_round_apart_or_together() -> None:
    """Each line for itself, or the sum of the order once and its cents shared out."""
    load_eu_rates()
    zone = TaxZone.objects.create(code="DE", country="DE", name="Germany")
    basket = make_basket(*(make_product(price="1.11") for _ in range(3)))
    apart = build_quote(basket)
    TaxZone.objects.filter(pk=zone.pk).update(rounding=Rounding.TOTAL)
    together = build_quote(basket)
    # 1.11 × 19/119 = 0.1772 → 0.18 each, 0.54; 3.33 × 19/119 = 0.5317 → 0.53.
    assert ([line.tax for line in apart.lines], apart.total_tax) == ([Decimal("0.18")] * 3, Decimal("0.54"))
    assert together.total_tax == Decimal("0.53")
    assert [line.tax for line in together.lines] == [Decimal("0.18"), Decimal("0.17"), Decimal("0.18")]
    assert all(line.net + line.tax == line.gross for line in together.lines)
