"""Hundreds press for the last units at once: who comes too late is told by a glance at the shelf, before any work or lock."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oscar.apps.catalogue.models import Product
from oscar.apps.order.models import Order

from checkout import placement
from checkout.models import CheckoutDraft
from checkout.quote.shortage import refuse_shortage
from checkout.steps import placing
from inventory.models import StockLevel
from inventory.shortage import InsufficientStock
from tests.checkout.page.walk import fill_in, hidden_quote
from tests.shopfloor import make_draft, make_product, make_variants, open_shop, quote_of, record_of

pytestmark = pytest.mark.django_db
PAYMENT_PAGE = "https://pay.example/session"


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "open_payment", lambda order, **by: PAYMENT_PAGE)
    open_shop()


def sell_out(*products: Product) -> None:
    records = [record_of(product) for product in products]
    StockLevel.objects.filter(stock_record__in=records).update(buffer=1_000)


def at_review(client: Client, *products: Product) -> dict[str, str]:
    """The form of the review, with all that is needed to place the order."""
    for product in products:
        client.post(f"/basket/add/{product.pk}/")
    return {"quote": hidden_quote(fill_in(client)), "terms": "on"}


def count_queries(act: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        act()
    return [query["sql"] for query in queries]


def test_a_refused_press_asks_three_questions_and_the_basket_fourteen(client: Client) -> None:
    things: list[Product] = []
    for size in (1, 6):
        more = [make_product(stock=5) for _ in range(size - len(things))]
        form = at_review(client, *more)
        things += more
        sell_out(*things)
        client.get("/basket/")
        asked = count_queries(lambda form=form: client.post("/checkout/place/", form))
        assert len(asked) == 3, asked
        assert not [sql for sql in asked if "FOR" in sql.split() or sql.startswith(("SAVEPOINT", "INSERT", "UPDATE"))]
        pages: list[str] = []
        asked = count_queries(lambda pages=pages: pages.append(client.get("/basket/").text))
        assert len(asked) <= 14, asked
        assert all(f"{thing.title} is sold out." in pages[0] for thing in things)
        assert pages[0].count("Sold out. Please remove it.") == size
        assert "Take what is left and go on" in pages[0]
        StockLevel.objects.update(buffer=0)


def test_a_basket_that_can_be_had_costs_the_same_for_one_thing_and_for_six(client: Client) -> None:
    counts = []
    for size in (1, 5):
        for _ in range(size):
            client.post(f"/basket/add/{make_product().pk}/")
        client.get("/basket/")
        counts.append(len(count_queries(lambda: client.get("/basket/"))))
    assert counts[0] == counts[1] <= 16, counts


def test_the_glance_says_what_the_quote_would_say() -> None:
    _, cushions = make_variants("Cushion", values=("sand", "moss"))
    lamp, tea = make_product("Lamp", stock=3), make_product("Tea")
    draft = make_draft((lamp, 2), cushions["sand"], tea)
    digest = quote_of(draft).digest
    StockLevel.objects.filter(stock_record=record_of(lamp)).update(on_hand=1)
    sell_out(cushions["sand"])
    with pytest.raises(InsufficientStock) as by_quote:
        placement.place_order(draft.pk, shown_digest=digest)
    with pytest.raises(InsufficientStock) as at_a_glance:
        asked = count_queries(lambda: refuse_shortage(draft.pk))
        assert len(asked) == 2, asked
    assert str(at_a_glance.value) == "Only 1 of Lamp is left; you asked for 2. Cushion, sand is sold out."
    assert at_a_glance.value.short_lines == by_quote.value.short_lines


@pytest.mark.parametrize("act", ["quote_draft", "write_order"])
def test_what_goes_between_the_glance_and_the_lock_is_refused_all_the_same(
    client: Client, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    """The glance saves work; it decides nothing. The last unit goes before the quote is built, or after it was judged."""
    lamp = make_product("Lamp", stock=1)
    form = at_review(client, lamp)
    whole = getattr(placement, act)

    def sell_out_then_act(*args: object, **kwargs: object) -> object:
        sell_out(lamp)
        return whole(*args, **kwargs)

    monkeypatch.setattr(placement, act, sell_out_then_act)
    answer = client.post("/checkout/place/", form, follow=True)
    assert answer.redirect_chain == [("/basket/", 303)]
    assert "Lamp is sold out." in answer.text
    assert "Nothing was ordered or paid." in answer.text
    assert not Order.objects.exists()


def test_who_presses_twice_for_the_last_unit_is_not_told_that_it_is_sold_out(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second press found an open checkout; while it goes on, the first one takes the unit and commits."""
    form = at_review(client, make_product("Lamp", stock=1))
    draft_id = CheckoutDraft.objects.get().pk
    assert client.post("/checkout/place/", form)["Location"] == PAYMENT_PAGE
    monkeypatch.setattr(placing, "_find_draft", lambda request: (draft_id, None))
    assert client.post("/checkout/place/", form)["Location"] == PAYMENT_PAGE
    assert Order.objects.count() == 1
