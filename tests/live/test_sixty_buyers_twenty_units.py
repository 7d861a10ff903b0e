"""Sixty buyers at once, over HTTP, against real processes: exactly twenty orders; twenty identical submits: one."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from shop.embedded.sandbox.client import SandboxControl
from tests.live.running_shop import RunningShop
from tests.live.shopper import Shopper
from tests.live.stock_room import bring_in

pytestmark = pytest.mark.live
BUYERS, UNITS = 60, 20


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    folder = tmp_path_factory.mktemp("race")
    shop = RunningShop(folder / "state", demo=False).start()
    bring_in(shop, folder, stock={"last-lamp": UNITS, "calm-mug": 50, "quiet-vase": 3})
    yield shop
    left = shop.stop()
    assert left == []


def _at_review(shop: RunningShop, number: int, path: str = "/p/last-lamp/", *, quantity: int = 1) -> Shopper:
    shopper = Shopper(shop.url, email=f"buyer{number}@example.org")
    shopper.add(path, quantity=quantity)
    shopper.fill_checkout()
    return shopper


@pytest.mark.feature("IN01")
def test_sixty_buyers_get_exactly_the_twenty_units(shop: RunningShop) -> None:
    with ThreadPoolExecutor(8) as pool:
        shoppers = list(pool.map(lambda number: _at_review(shop, number), range(BUYERS)))
    barrier = threading.Barrier(BUYERS)

    def press(shopper: Shopper) -> str:
        barrier.wait()
        shopper.place()
        if "/pay/" in str(shopper.page.url) or shop.sandbox_url in str(shopper.page.url):
            shopper.pay()
            return "bought"
        assert shopper.page.status_code < 500, shopper.page.text[:500]
        words = shopper.page.text.lower()
        assert "sold out" in words or "left" in words, shopper.page.text[:3000]
        return "told"

    with ThreadPoolExecutor(BUYERS) as pool:
        outcomes = Counter(pool.map(press, shoppers))
    assert all(status < 500 for shopper in shoppers for status in shopper.statuses)
    for shopper in shoppers:
        shopper.close()
    assert outcomes == {"bought": UNITS, "told": BUYERS - UNITS}
    shop.wait_until_quiet()
    assert shop.query("SELECT count(*) FROM order_order WHERE status = 'paid'") == [(UNITS,)]
    assert shop.query(
        "SELECT num_in_stock, num_allocated FROM partner_stockrecord WHERE partner_sku = 'LAST-LAMP'"
    ) == [(UNITS, UNITS)]
    assert len(SandboxControl(shop.sandbox_url).state()["payment_intents"]) == UNITS
    assert shop.broken_invariants() == []


@pytest.mark.feature("CC04")
def test_twenty_identical_submits_make_one_order_and_one_charge(shop: RunningShop) -> None:
    before = shop.query("SELECT count(*) FROM order_order")[0][0]
    intents_before = len(SandboxControl(shop.sandbox_url).state()["payment_intents"])
    shopper = _at_review(shop, 900, "/p/calm-mug/")
    form = shopper.review()
    barrier = threading.Barrier(20)

    def press(number: int) -> str:
        twin = Shopper(shop.url)
        twin.client.cookies.update(shopper.client.cookies)
        twin.page = shopper.page
        barrier.wait()
        answer = twin.submit(form, follow=False, **form.checkboxes)
        twin.close()
        return answer.headers.get("location", f"status {answer.status_code}")

    with ThreadPoolExecutor(20) as pool:
        places = set(pool.map(press, range(20)))
    assert shop.query("SELECT count(*) FROM order_order")[0][0] == before + 1
    (payment_page,) = [place for place in places if place.startswith(shop.sandbox_url)]
    shopper._follow(shopper.client.get(payment_page))
    shopper.pay()
    assert "thank you" in shopper.page.text.lower()
    shop.wait_until_quiet()
    assert len(SandboxControl(shop.sandbox_url).state()["payment_intents"]) == intents_before + 1
    assert shop.broken_invariants() == []
    shopper.close()
