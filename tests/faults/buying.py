"""Shoppers of the fault tests: each has an address of its own, by which their order is found again."""

import itertools
import re
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import httpx

from shop.embedded.sandbox.client import SandboxControl
from tests.live.running_shop import RunningShop
from tests.live.shopper import Shopper

_numbers = itertools.count(1)
_run = secrets.token_hex(3)


def new_shopper(shop: RunningShop, *, timeout: float = 60) -> Shopper:
    return Shopper(shop.url, timeout=timeout, email=f"fault{next(_numbers)}.{_run}@example.org")


def at_review(shop: RunningShop, path: str = "/p/calm-mug/", *, quantity: int = 1) -> Shopper:
    shopper = new_shopper(shop)
    shopper.add(path, quantity=quantity)
    shopper.fill_checkout()
    return shopper


def at_payment(shop: RunningShop, path: str = "/p/calm-mug/") -> Shopper:
    """The order is placed; the hosted payment page is open."""
    shopper = at_review(shop, path)
    shopper.place()
    assert str(shopper.page.url).startswith(shop.sandbox_url), shopper.page.text[:2000]
    return shopper


def pay_and_stay(shopper: Shopper, card: str = "4242424242424242") -> str:
    """Pay, but do not follow the provider back to the shop; the address it would have led to."""
    return str(shopper.pay(card, follow=False).headers["location"])


def orders_of(shop: RunningShop, shopper: Shopper) -> list[tuple[int, str]]:
    """(id, status) of every order that this shopper made."""
    return shop.query("SELECT id, status FROM order_order WHERE guest_email = %s ORDER BY id", shopper.person["email"])  # type: ignore[return-value]


def order_of(shop: RunningShop, shopper: Shopper) -> int:
    ((order_id, _),) = orders_of(shop, shopper)
    return order_id


def status_of(shop: RunningShop, shopper: Shopper) -> str:
    ((_, status),) = orders_of(shop, shopper)
    return status


def order_page(shop: RunningShop, shopper: Shopper) -> str:
    """The path of the order's page, as the provider was told it."""
    ((number,),) = shop.query("SELECT number FROM order_order WHERE id = %s", order_of(shop, shopper))
    sessions = SandboxControl(shop.sandbox_url).state()["sessions"]
    urls = {one["cancel_url"] for one in sessions if one["metadata"].get("order") == number}
    (url,) = urls
    found = re.search(r"/order/[^/]+/", url)
    assert found is not None
    return found[0]


def in_background(act: Callable[[], Any]) -> Future[Any]:
    """Run a request whose answer may never come; the future holds it, or the error of the broken connection."""
    future: Future[Any] = Future()

    def run() -> None:
        try:
            future.set_result(act())
        except Exception as problem:
            future.set_exception(problem)

    threading.Thread(target=run, daemon=True).start()
    return future


def was_cut_off(future: Future[Any]) -> bool:
    """Whether the connection broke before an answer came."""
    return isinstance(future.exception(timeout=30), httpx.TransportError)
