"""`make bench`: adding to a basket and looking at it, with no offer and with fifty that all apply to what is in it.

The same number of queries, and at most 1.5 times the time (median of turns taken one after the other, so that whatever
else the machine does meets both).
"""

import statistics
import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oscar.apps.catalogue.models import Product
from oscar.apps.offer.models import ConditionalOffer

from tests.promotions.merchant import make_offer
from tests.shopfloor import make_product, open_shop

pytestmark = [pytest.mark.long, pytest.mark.django_db]
TURNS, MOST = 40, 1.5


@pytest.fixture
def things() -> list[Product]:
    open_shop()
    for number in range(50):
        make_offer(f"Offer {number}", condition=("Count", str(number % 3 + 1)), priority=number)
    return [make_product(stock=500) for _ in range(5)]


def open_offers(*, count: int) -> None:
    ConditionalOffer.objects.update(status="Suspended")
    chosen = list(ConditionalOffer.objects.order_by("pk").values_list("pk", flat=True)[:count])
    ConditionalOffer.objects.filter(pk__in=chosen).update(status="Open")


def add(client: Client, thing: Product) -> None:
    assert client.post(f"/basket/add/{thing.pk}/", {"quantity": 1}).status_code in (302, 303)


def look(client: Client, thing: Product) -> None:
    assert client.get("/basket/").status_code == 200


@pytest.mark.parametrize("act", [add, look], ids=["add to basket", "basket page"])
def test_print_how_much_fifty_offers_cost(things: list[Product], act: Callable[[Client, Product], None]) -> None:
    spent: dict[int, list[float]] = {0: [], 50: []}
    queries: dict[int, set[int]] = {0: set(), 50: set()}
    for turn in range(TURNS + 3):
        for offers in spent:
            open_offers(count=offers)
            client = Client()
            for thing in things:
                add(client, thing)
            began = time.perf_counter()
            with CaptureQueriesContext(connection) as asked:
                act(client, things[turn % 5])
            if turn >= 3:
                spent[offers].append(time.perf_counter() - began)
                queries[offers].add(len(asked))
    none, fifty = (statistics.median(spent[offers]) * 1000 for offers in (0, 50))
    print(f"\n{act.__name__:<6} no offer {none:.1f} ms, fifty {fifty:.1f} ms: {fifty / none:.2f} x; queries {queries}")
    assert queries[0] == queries[50]
    assert len(queries[0]) == 1, "constant"
    assert fifty / none <= MOST
