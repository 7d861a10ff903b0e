"""F12: a web server whose clock is ten minutes ahead or behind, on 29 February, at the year's end, in the hour that comes
twice. The database's clock decides how long units and payments are held; the server sells as if nothing were wrong.
"""

import json
import time

import httpx
import pytest

from shop.embedded.sandbox.courier import sign
from tests.faults.books import assert_all_is_well
from tests.faults.buying import new_shopper, order_of, status_of
from tests.faults.points import wait_for
from tests.faults.second_web import second_web
from tests.live.running_shop import RunningShop

pytestmark = [pytest.mark.live, pytest.mark.long, pytest.mark.timeout(1800)]
CLOCKS = {
    "ten minutes ahead": "+10m",
    "ten minutes behind": "-10m",
    "29 February": "@2028-02-29 12:00:00",
    "the last second of the year": "@2026-12-31 23:59:50",
    "the hour that comes twice": "@2026-10-25 00:59:30",
}


@pytest.mark.parametrize("clock", CLOCKS.values(), ids=CLOCKS.keys())
def test_a_web_server_with_a_wrong_clock_sells_by_the_databases(shop: RunningShop, clock: str) -> None:
    with second_web(shop, clock=clock) as url:
        shopper = new_shopper(shop)
        shopper.base, shopper.client.base_url = url, httpx.URL(url)
        shopper.add("/p/calm-mug/")
        shopper.fill_checkout()
        shopper.place()
        assert str(shopper.page.url).startswith(shop.sandbox_url), shopper.page.text[:2000]
        order_id = order_of(shop, shopper)
        ((held, to_pay),) = shop.query(
            "SELECT extract(epoch FROM r.expires_at - o.date_placed), extract(epoch FROM p.pay_until - o.date_placed)"
            " FROM order_order o JOIN checkout_placedorder p ON p.order_id = o.id"
            " JOIN inventory_reservation r ON r.claim = 'order:' || o.id WHERE o.id = %s",
            order_id,
        )
        ((off,),) = shop.query(
            "SELECT extract(epoch FROM now() - o.date_placed) FROM order_order o WHERE o.id = %s", order_id
        )
        assert 0 <= off < 60, f"the order says it was placed {off} s ago"
        assert held > 300
        assert to_pay > 300
        shopper.pay()
    wait_for(lambda: status_of(shop, shopper) == "paid", what="the payment", seconds=60)
    assert max(shopper.statuses) < 500
    assert_all_is_well(shop)


@pytest.mark.parametrize("clock", ["+10m", "-10m"])
def test_a_server_that_is_ahead_refuses_events_in_words(shop: RunningShop, clock: str) -> None:
    """Nothing is lost: the provider sends again, and the beat asks by itself."""
    secret = shop.services["STRIPE_WEBHOOK_SECRET"].split(",")[0]
    body = json.dumps({"id": "evt_clock", "object": "event", "type": "x", "data": {"object": {}}}).encode()
    with second_web(shop, clock=clock) as url:
        headers = {"Stripe-Signature": sign(body, secret=secret, at=int(time.time()))}
        answer = httpx.post(f"{url}/webhooks/stripe/", content=body, headers=headers)
    if clock == "+10m":
        assert answer.status_code == 400, answer.text
        assert answer.text.startswith("Refused. ")
    else:  # From behind, an event looks as if it came from the future: that is no forgery.
        assert answer.status_code == 200, answer.text
    assert_all_is_well(shop)
