"""The provider takes requests and answers none: whoever pays is told, everybody else sees the shop as fast as ever."""

import time

import httpx
import pytest

from shop.embedded.sandbox.client import SandboxControl
from tests.faults.books import assert_all_is_well
from tests.faults.buying import at_review, in_background, orders_of, status_of
from tests.faults.points import hits, wait_for
from tests.live.running_shop import RunningShop

pytestmark = pytest.mark.live
BUYERS = 14  # More than the threads of both web workers.


def test_pages_stay_fast_and_every_order_is_kept(shop: RunningShop, sandbox: SandboxControl) -> None:
    buyers = [at_review(shop) for _ in range(BUYERS)]
    calm = sorted(_seconds_of_a_page(shop) for _ in range(20))
    sandbox.add_fault("timeout", path="/v1/checkout/sessions", method="POST", seconds=30, executed=False)
    pressed = [in_background(buyer.place) for buyer in buyers]
    wait_for(lambda: hits(sandbox) >= 4, what="calls that hang")
    hung = sorted(_seconds_of_a_page(shop) for _ in range(20))
    print(
        f"\npages while nothing hangs: {calm[18]:.3f} s, while {BUYERS} buyers wait for the provider: {hung[18]:.3f} s"
    )
    assert hung[18] < max(1.0, 5 * calm[18]), "19 of 20 pages come in time"
    sandbox.clear_faults()
    for future in pressed:
        future.result(timeout=120)
    for buyer in buyers:
        if not str(buyer.page.url).startswith(shop.sandbox_url):
            assert "Your order is kept" in buyer.page.text, buyer.page.text[:2000]
            assert "Nothing was charged" in buyer.page.text
            buyer.submit(buyer.form("/pay/"))
        buyer.pay()
        assert "Thank you" in buyer.page.text
        assert len(orders_of(shop, buyer)) == 1
        assert status_of(shop, buyer) == "paid"
        assert max(buyer.statuses) < 500
    assert_all_is_well(shop)


def _seconds_of_a_page(shop: RunningShop) -> float:
    began = time.monotonic()
    assert httpx.get(f"{shop.url}/p/calm-mug/", timeout=30).status_code == 200
    return time.monotonic() - began
