"""Each invariant of the catalogue holds after ordinary work and finds damage that is done behind its back."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord

from catalog.models import SearchDocument
from catalog.pricing.change import NewPrice, change_prices
from catalog.search.index import refresh_documents
from shop.doctor.checks import registered_checks, run_check

PRICES = "Search documents show the price of the stock records"
LISTED = "Exactly the listed products have a search document"
HISTORY = "The price history ends with the displayed price"


def findings() -> dict[str, int]:
    asked = (PRICES, LISTED, HISTORY)
    return {check.name: run_check(check).violations for check in registered_checks() if check.name in asked}


@pytest.fixture
def mug(make_product: Callable[..., Product]) -> Product:
    mug = make_product(
        "Mug",
        axes=["colour"],
        variants=[
            {"colour": "Moss", "price": "12.00"},
            {"colour": "Clay", "price": "9.00"},
            {"colour": "Ink", "price": "1.00", "is_public": False},
        ],
    )
    make_product("Jug", price=None)
    make_product("Hidden", is_public=False)
    make_product("All hidden", variants=[{"is_public": False}])
    foreign = make_product("Foreign", index=False)
    StockRecord.objects.filter(product=foreign).update(price_currency="USD")
    priced = StockRecord.objects.filter(price__isnull=False)
    changes = [NewPrice(stock_record_id=record.pk, price=record.price) for record in priced]
    change_prices(changes, actor_name="Ada", reason="opening")
    return mug


@pytest.mark.usefixtures("mug")
def test_after_ordinary_work_all_is_well() -> None:
    assert findings() == {PRICES: 0, LISTED: 0, HISTORY: 0}
    assert set(SearchDocument.objects.values_list("title", flat=True)) == {"Mug", "Jug", "Foreign"}


def test_a_price_written_past_the_history_is_found(mug: Product) -> None:
    StockRecord.objects.filter(product__parent=mug, price=9).update(price=Decimal(8))
    assert findings() == {PRICES: 1, LISTED: 0, HISTORY: 1}
    refresh_documents([mug.pk])
    assert findings() == {PRICES: 0, LISTED: 0, HISTORY: 1}


def test_a_document_with_a_wrong_price_is_found(mug: Product) -> None:
    SearchDocument.objects.filter(product=mug).update(price_max=Decimal(99))
    assert findings() == {PRICES: 1, LISTED: 0, HISTORY: 0}


def test_a_product_published_past_the_index_is_found(mug: Product) -> None:
    Product.objects.filter(title="Hidden").update(is_public=True)
    Product.objects.filter(pk=mug.pk).update(is_public=False)
    assert findings()[LISTED] == 2
    refresh_documents(Product.objects.values_list("pk", flat=True))
    assert findings() == {PRICES: 0, LISTED: 0, HISTORY: 0}
