"""Pages with prices that hold a tax they were not entered with: kept, and never a rate behind (PR07)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from catalog.search.index import refresh_documents
from checkout.models import TaxRate
from shop.page_cache.moments import next_moments
from tests.shopfloor import make_category, make_product, open_shop
from tests.storefront.test_no_page_is_ever_stale import Shopfront

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("PR07")]


def test_a_kept_page_and_list_follow_the_rate(settings: Any) -> None:
    settings.PRICES_ENTERED, settings.PRICES_INCLUDE_TAX = "net", True
    open_shop()
    lamp = make_product("Lamp", price="10.00", category=make_category("Lamps"))
    refresh_documents([lamp.pk])
    front = Shopfront()
    pages = (f"/p/{lamp.slug}/", "/c/lamps/", "/search/?q=lamp")
    for address in pages:
        assert b"11.90 EUR" in front.ask(address)[1]
        assert front.hits(address), "kept, although the rates were asked"
    TaxRate.objects.filter(tax_class="standard").update(rate=Decimal("0.16"))
    for address in pages:
        assert b"11.60 EUR" in front.ask(address)[1]
        assert b"11.90 EUR" not in front.ask(address)[1]


def test_kept_pages_end_at_the_midnight_at_which_a_rate_begins() -> None:
    day = timezone.localdate() + timedelta(days=1)
    TaxRate.objects.create(country="DE", tax_class="standard", rate="0.19", name="19", valid_from=date(2021, 1, 1))
    assert "checkout_taxrate" not in next_moments()
    TaxRate.objects.update(valid_to=day)
    told = next_moments()["checkout_taxrate"]
    midnight = timezone.make_aware(timezone.datetime.combine(day, timezone.datetime.min.time()))
    assert timezone.datetime.fromisoformat(told) == midnight
