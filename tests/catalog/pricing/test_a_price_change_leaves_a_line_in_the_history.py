"""Prices change in bulk, with history and search documents in the same transaction; impossible prices get a sentence."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord

from catalog.models import PriceChange, SearchDocument
from catalog.pricing.change import NewPrice, PriceRefused, change_prices
from catalog.pricing.current import price_for, prices_for
from catalog.pricing.history import lowest_price, price_at


def record_of(product: Product) -> StockRecord:
    return StockRecord.objects.get(product=product)


def set_price(product: Product, price: str | None, **more: Decimal | bool | None) -> int:
    change = NewPrice(stock_record_id=record_of(product).pk, price=None if price is None else Decimal(price), **more)
    return change_prices([change], actor_name="Ada", reason="season")


def test_page_and_search_and_history_agree(make_product: Callable[..., Product]) -> None:
    mug = make_product("Mug", price="10.00", sku="MUG")
    assert set_price(mug, "8.00", compare_at=Decimal("10.00")) == 1
    price = price_for(record_of(mug).pk)
    assert price is not None
    assert (price.sku, price.amount, price.compare_at, price.currency) == (
        "MUG",
        Decimal("8.00"),
        Decimal("10.00"),
        "EUR",
    )
    assert (price.tax_class, price.weight_kg, price.is_reduced) == ("standard", None, True)
    document = SearchDocument.objects.get(product=mug)
    assert (document.price_min, document.compare_at_price, document.badge) == (Decimal(8), Decimal(10), "reduced")
    line = PriceChange.objects.latest("id")
    assert (line.sku, line.price, line.compare_at_price, line.actor_name, line.reason) == (
        "MUG",
        Decimal("8.00"),
        Decimal("10.00"),
        "Ada",
        "season",
    )


def test_the_same_price_again_writes_nothing(make_product: Callable[..., Product]) -> None:
    mug = make_product("Mug", price="10.00")
    assert set_price(mug, "10.00") == 0, "the price is not new, but its history begins here"
    assert PriceChange.objects.count() == 1
    assert set_price(mug, "10.00") == 0
    assert PriceChange.objects.count() == 1


def test_the_former_price_can_be_kept(make_product: Callable[..., Product]) -> None:
    mug = make_product("Mug", price="10.00", compare_at="12.00")
    set_price(mug, "9.00", keep_compare_at=True)
    price = price_for(record_of(mug).pk)
    assert price is not None
    assert price.compare_at == Decimal("12.00")
    set_price(mug, "12.00", keep_compare_at=True)
    price = price_for(record_of(mug).pk)
    assert price is not None
    assert price.compare_at is None, "a former price that is not higher is not shown"


def test_without_a_price_a_product_is_not_for_sale(make_product: Callable[..., Product]) -> None:
    mug = make_product("Mug")
    set_price(mug, None)
    assert price_for(record_of(mug).pk) is None
    assert SearchDocument.objects.get(product=mug).price_min is None


@pytest.mark.parametrize(
    ("price", "compare_at", "words"),
    [
        ("-0.01", None, "it must be 0 or more"),
        ("NaN", None, "it must be 0 or more"),
        ("Infinity", None, "it must be 0 or more"),
        ("1.005", None, "EUR goes in steps of 0.01"),
        ("1E+12", None, "the largest price is"),
        ("5.00", "-1.00", "The former price of MUG is -1.00"),
    ],
)
def test_an_impossible_price_is_refused_before_anything_is_written(
    make_product: Callable[..., Product], price: str, compare_at: str | None, words: str
) -> None:
    mug, jug = make_product("Mug", sku="MUG"), make_product("Jug", sku="AJUG")
    changes = [
        NewPrice(stock_record_id=record_of(jug).pk, price=Decimal(3)),
        NewPrice(
            stock_record_id=record_of(mug).pk,
            price=Decimal(price),
            compare_at=None if compare_at is None else Decimal(compare_at),
        ),
    ]
    with pytest.raises(PriceRefused, match=words):
        change_prices(changes, actor_name="Ada", reason="typing error")
    assert record_of(jug).price == Decimal(10)
    assert not PriceChange.objects.exists()


@pytest.mark.django_db
def test_a_stock_record_that_does_not_exist_is_named() -> None:
    with pytest.raises(PriceRefused, match="There is no stock record 999999999"):
        change_prices([NewPrice(stock_record_id=999_999_999, price=Decimal(1))], actor_name="Ada", reason="")
    assert change_prices([], actor_name="Ada", reason="") == 0
    assert prices_for([]) == {}


def test_one_change_and_many_cost_the_same_queries(make_product: Callable[..., Product]) -> None:
    records = [record_of(make_product(f"Mug {number}")).pk for number in range(12)]

    def cost(ids: list[int], price: str) -> int:
        changes = [NewPrice(stock_record_id=pk, price=Decimal(price)) for pk in ids]
        with CaptureQueriesContext(connection) as queries:
            assert change_prices(changes, actor_name="Ada", reason="season") == len(ids)
        return len(queries)

    assert cost(records, "7.00") == cost(records[:1], "6.00")
    with CaptureQueriesContext(connection) as queries:
        assert len(prices_for(records)) == 12
    assert len(queries) == 1


@pytest.mark.feature("PR04")
def test_a_line_of_the_history_cannot_be_changed_or_deleted(make_product: Callable[..., Product]) -> None:
    set_price(make_product("Mug"), "9.00")
    for act in (lambda: PriceChange.objects.update(price=1), lambda: PriceChange.objects.all().delete()):
        with pytest.raises((IntegrityError, InternalError), match="append-only"), transaction.atomic():
            act()


@pytest.mark.feature("PR04")
def test_the_price_at_any_instant_can_be_asked(make_product: Callable[..., Product]) -> None:
    record = record_of(make_product("Mug"))
    now = timezone.now()
    for days, price in ((40, "12.00"), (20, "9.00"), (10, None), (5, "11.00")):
        PriceChange.objects.create(
            stock_record=record,
            sku="MUG",
            price=None if price is None else Decimal(price),
            currency="EUR",
            effective_at=now - timedelta(days=days),
            actor_name="Ada",
            reason="",
        )
    asked = [price_at(record.pk, now - timedelta(days=days)) for days in (41, 40, 30, 20, 7, 0)]
    assert asked == [None, Decimal(12), Decimal(12), Decimal(9), None, Decimal(11)]
    assert lowest_price(record.pk) == Decimal(9)
    assert lowest_price(record.pk, days=7) == Decimal(11)
    assert lowest_price(record.pk, days=5, before=now - timedelta(days=25)) == Decimal(12)
    assert lowest_price(record.pk, before=now - timedelta(days=50)) is None
