"""Two writers of one product: whoever comes second sees what the first wrote. Real connections, real waiting."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection, transaction
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord

from catalog.models import SearchDocument
from catalog.pricing.change import NewPrice, change_prices
from catalog.search.index import refresh_documents
from catalog.search.reindex import reindex_products


def run_together(*acts: Callable[[], object]) -> list[BaseException]:
    failures: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return failures


@pytest.mark.django_db(transaction=True)
def test_a_refresh_that_began_earlier_does_not_bring_back_the_old_price(make_product: Callable[..., Product]) -> None:
    mug = make_product("Mug", price="10.00")
    record = StockRecord.objects.get(product=mug)
    changed, finish = threading.Event(), threading.Event()

    def change() -> None:
        with transaction.atomic():
            change_prices([NewPrice(stock_record_id=record.pk, price=Decimal(7))], actor_name="Ada", reason="season")
            changed.set()
            finish.wait(timeout=10)

    def refresh() -> None:
        changed.wait(timeout=10)
        threading.Timer(0.3, finish.set).start()
        refresh_documents([mug.pk])

    assert run_together(change, refresh) == []
    assert SearchDocument.objects.get(product=mug).price_min == Decimal(7)


@pytest.mark.django_db(transaction=True)
def test_reindexing_beside_price_changes_and_itself_ends_well(make_product: Callable[..., Product]) -> None:
    products = [make_product(f"Mug {'abcdefgh'[number]}x", index=False) for number in range(8)]
    records = list(StockRecord.objects.filter(product__in=products).values_list("pk", flat=True))

    def change(order: list[int]) -> None:
        for price in range(5, 15):
            change_prices(
                [NewPrice(stock_record_id=pk, price=Decimal(price)) for pk in order], actor_name="Ada", reason="season"
            )

    def reindex() -> None:
        for _ in range(5):
            reindex_products()

    assert run_together(lambda: change(records), lambda: change(records[::-1]), reindex, reindex) == []
    assert set(SearchDocument.objects.values_list("price_min", flat=True)) == {Decimal(14)}
