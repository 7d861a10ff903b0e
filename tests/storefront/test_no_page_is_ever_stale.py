"""With the page cache on, every address shows at every second what it would show without it (OP05)."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from oscar.apps.catalogue.models import Category, Product
from oscar.apps.catalogue.reviews.models import ProductReview

from catalog.content.models import HOME, Block, Page
from catalog.content.publishing import publish_draft
from catalog.pricing.change import NewPrice, change_prices
from catalog.publication.schedule import schedule_products
from catalog.search.index import refresh_category, refresh_documents
from inventory.models import Reservation, StockLevel
from shop.page_cache.middleware import PageCacheMiddleware
from tests.shopfloor import make_rates, record_of
from tests.storefront.conftest import SmallShop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("OP05")]

CACHE = "shop.page_cache.middleware.PageCacheMiddleware"
ADDRESSES = [
    "/",
    "/c/living/",
    "/c/living/lamps/",
    "/c/living/lamps/?page=2",
    "/c/living/lamps/?colour=Sage&material=Linen",
    "/c/living/lamps/?in_stock=1&sort=price",
    "/c/living/lamps/?min_price=5&max_price=20",
    "/search/?q=lamp",
    "/search/?q=cushoin",
    "/search/?q=lamp&in_stock=1",
    "/search/suggest/?q=lam",
    "/p/cushion/",
    "/p/cushion/?colour=Sage&size=Large",
    "/p/lamp-0001/",
    "/p/lamp-0002/",
    "/info/delivery/",
    "/robots.txt",
]


class Shopfront:
    """The same addresses with the cache and without."""

    def __init__(self) -> None:
        self.cached = Client()
        with override_settings(MIDDLEWARE=[name for name in settings.MIDDLEWARE if name != CACHE]):
            self.plain = Client()
            self.plain.get("/robots.txt")  # The middleware is loaded with the first request.

    def ask(self, address: str, *, fresh: bool = False) -> tuple[int, bytes]:
        with pytest.MonkeyPatch.context() as patch:
            if fresh:
                patch.setattr("shop.page_cache.answers.answer_keeper", lambda: None)
            response = (self.plain if fresh else self.cached).get(address)
        assert response.get("X-Page-Cache", "none") == "none" if fresh else True
        return response.status_code, response.content

    def stale(self) -> list[str]:
        return [address for address in ADDRESSES if self.ask(address) != self.ask(address, fresh=True)]

    def hits(self, address: str) -> bool:
        return self.cached.get(address).get("X-Page-Cache") == "hit"


@pytest.fixture
def front(small_shop: SmallShop) -> Shopfront:
    _arrange_home("Light for long evenings")
    front = Shopfront()
    assert front.stale() == []
    return front


def _arrange_home(promise: str, *, starts_at: datetime | None = None) -> None:
    page, _ = Page.objects.get_or_create(slug=HOME, defaults={"title": "Home page"})
    Block.objects.filter(page=page).delete()
    Block.objects.create(page=page, kind="hero", title=promise, position=1)
    Block.objects.create(page=page, kind="new", title="New", position=2)
    publish_draft(page, actor=None, actor_name="tests", starts_at=starts_at)


def _sell_out(product: Product) -> None:
    StockLevel.objects.filter(stock_record=record_of(product)).update(on_hand=0)


def _rename(product: Product, title: str) -> None:
    Product.objects.filter(pk=product.pk).update(title=title)
    refresh_documents([product.pk])


def _rename_category(name: str) -> None:
    category = Category.objects.get(slug="lamps")
    Category.objects.filter(pk=category.pk).update(name=name)
    refresh_category(category.pk)


def _ask_plainly(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _hide(product: Product) -> None:
    Product.objects.filter(pk=product.pk).update(is_public=False)
    refresh_documents([product.pk])


def test_after_every_change_no_address_shows_the_old(front: Shopfront, small_shop: SmallShop) -> None:
    lamp, other = small_shop.lamps[0], small_shop.lamps[1]
    review = ProductReview.objects.get(title="Spam")
    record = record_of(lamp).pk
    changes: dict[str, Callable[[], object]] = {
        "a price": lambda: change_prices(
            [NewPrice(stock_record_id=record, price=Decimal("3.33"))], actor_name="tests", reason="test"
        ),
        "a reduction": lambda: change_prices(
            [NewPrice(stock_record_id=record, price=Decimal("2.22"), compare_at=Decimal("9.99"))],
            actor_name="tests", reason="test",
        ),
        "stock": lambda: _sell_out(lamp),
        "a buffer": lambda: StockLevel.objects.filter(stock_record=record_of(other)).update(buffer=500),
        "a reservation": lambda: Reservation.objects.create(
            stock_record=record_of(small_shop.children["Sage", "Large"]), quantity=2, claim="order:9",
            expires_at=Now() + timedelta(minutes=15),
        ),
        "its release": lambda: Reservation.objects.update(released_at=Now()),
        "a title": lambda: _rename(lamp, "Lantern of the lighthouse"),
        "a category's name": lambda: _rename_category("Lights"),
        "a review": lambda: ProductReview.objects.filter(pk=review.pk).update(status=1),
        "a rating": lambda: refresh_documents([small_shop.cushion.pk]),
        "a block of the home page": lambda: _arrange_home("Good night"),
        "a delivery price": lambda: make_rates(country="DE").bands.update(price=Decimal("7.77")),
        "a product that is hidden": lambda: _hide(other),
        "a statement by hand": lambda: _ask_plainly("UPDATE catalogue_product SET description = 'By hand' WHERE id > 0"),
    }  # fmt: skip
    for name, change in changes.items():
        for address in ADDRESSES:
            front.ask(address)
        assert front.hits("/p/cushion/"), "nothing is proven by pages that are not kept"
        change()
        assert front.stale() == [], f"stale after the change of {name}"


def test_what_changes_by_the_clock_changes_at_its_second(front: Shopfront, small_shop: SmallShop) -> None:
    """Nobody writes when the time comes: no worker runs in this test."""
    lamp, large = small_shop.lamps[0], small_shop.children["Sage", "Large"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp() + interval '3 seconds'")
        moment = cursor.fetchone()[0]
    schedule_products([lamp.pk], publish_from=None, publish_to=moment)
    Reservation.objects.create(stock_record=record_of(large), quantity=2, claim="order:9", expires_at=moment)
    _arrange_home("Good morning", starts_at=moment)
    large_address = "/p/cushion/?colour=Sage&size=Large"
    assert b"Sold out" in front.ask(large_address)[1]
    seen_both = [False, False]
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement_timestamp()")
            before = cursor.fetchone()[0]
            (status, _), (_, content), (_, home) = map(front.ask, ("/p/lamp-0001/", large_address, "/"))
            cursor.execute("SELECT statement_timestamp()")
            after = cursor.fetchone()[0]
        if after < moment:
            assert (status, b"Sold out" in content, b"Good morning" in home) == (200, True, False)
            seen_both[0] = True
        elif before >= moment:
            assert (status, b"Sold out" in content, b"Good morning" in home) == (404, False, True)
            seen_both[1] = True
            break
        time.sleep(0.02)
    assert seen_both == [True, True]
    assert front.stale() == []


def test_what_is_personal_is_never_kept(front: Shopfront) -> None:
    user = get_user_model().objects.create_user(email="ada@example.com", password="long-enough-1")
    known, stranger = Client(), front.cached
    known.force_login(user)
    for address in [*ADDRESSES, "/account/", "/basket/", "/checkout/", "/account/login/"]:
        with_name = known.get(address)
        assert with_name.get("X-Page-Cache") is None, f"{address} was kept for somebody who is signed in"
        without = stranger.get(address)
        assert b"ada@example.com" not in without.content
        assert not without.cookies or without.get("X-Page-Cache") is None
    basket = Client(headers={"cookie": "basket=forged:signature; basket_count=3"})
    assert basket.get("/p/cushion/").content == stranger.get("/p/cushion/").content
    messages = Client(headers={"cookie": "messages=whatever"})
    assert messages.get("/p/cushion/").get("X-Page-Cache") is None


def _read_cookie(request: HttpRequest) -> HttpResponse:
    request.COOKIES.get("basket")
    return HttpResponse("Hello")


def _write(request: HttpRequest) -> HttpResponse:
    _ask_plainly("UPDATE catalogue_category SET name = name")
    return HttpResponse("Hello")


def _ask_orders(request: HttpRequest) -> HttpResponse:
    _ask_plainly("SELECT count(*) FROM order_order")
    return HttpResponse("Hello")


def _set_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("Hello")
    response.set_cookie("seen", "1")
    return response


@pytest.mark.parametrize(
    ("view", "objection"),
    [
        (_read_cookie, "reads a cookie"),
        (_write, "writes"),
        (_ask_orders, "reads order_order, whose changes are not noted"),
        (_set_cookie, "sets a cookie"),
        (lambda request: HttpResponse("Hello", headers={"Vary": "Cookie"}), "differs by cookie"),
        (lambda request: HttpResponse("Hello", headers={"Cache-Control": "private"}), "says private"),
        (lambda request: HttpResponse("Hello", status=404), "answers 404"),
    ],
)
def test_a_page_that_may_be_personal_is_not_kept(view: Callable[[HttpRequest], HttpResponse], objection: str) -> None:
    middleware = PageCacheMiddleware(view)
    for _ in range(2):
        response = middleware(RequestFactory().get("/info/privacy/"))
        assert (response["X-Page-Cache"], response.page_cache_objections) == ("pass", [objection])  # type: ignore[attr-defined]


def test_every_table_a_page_reads_tells_of_its_changes(front: Shopfront) -> None:
    """Otherwise the page is not stale, it is only never kept: this names what is missing."""
    front.cached.get("/robots.txt")
    complaints = []
    for address in ADDRESSES:
        objections = Client().get(address).page_cache_objections  # type: ignore[attr-defined]
        if objections:
            complaints.append(f"{address} is not kept, since it {'; '.join(objections)}")
    assert complaints == [], (
        "A table that pages read must not match UNWATCHED in shop/page_cache/changes.py; a column that is compared with"
        " the clock is registered in shop.page_cache.moments."
    )


def test_pages_are_kept_with_redis_away(front: Shopfront) -> None:
    with override_settings(REDIS_URL="redis://127.0.0.1:9/0", CELERY_BROKER_URL="redis://127.0.0.1:9/0"):
        front.cached.get("/p/lamp-0002/")
        assert front.hits("/p/lamp-0002/")
        _sell_out(Product.objects.get(slug="lamp-0002"))
        assert front.stale() == []
