"""Redis frozen or killed while people buy: they notice nothing but a short wait, and every job is done later, once."""

import time

import pytest

from tests.faults.books import assert_all_is_well
from tests.faults.buying import at_payment, at_review, order_of, status_of
from tests.faults.points import wait_for
from tests.live.running_shop import RunningShop

pytestmark = pytest.mark.live


def _mails_of(shop: RunningShop, order_id: int) -> list[str]:
    rows = shop.query("SELECT kind FROM checkout_mail WHERE order_id = %s AND sent_at IS NOT NULL", order_id)
    return [kind for (kind,) in rows]


def test_redis_answers_nothing_while_an_order_is_placed_and_paid(shop: RunningShop) -> None:
    shopper = at_review(shop)
    shop.freeze("redis")
    try:
        began = time.monotonic()
        shopper.place()
        shopper.pay()
        waited = time.monotonic() - began
        assert "Thank you" in shopper.page.text
        order_id = order_of(shop, shopper)
        assert _mails_of(shop, order_id) == [], "the queue is away: the mail waits in the outbox"
        assert max(shopper.statuses) < 400
        assert waited < 45, "an outage costs a few short waits, not an order"
    finally:
        shop.kill("redis")
    shop.wait_until_ready()
    assert_all_is_well(shop)
    assert _mails_of(shop, order_id) == ["order_confirmed"]
    assert shop.query("SELECT count(*) FROM fulfilment_shipment WHERE order_id = %s", order_id) == [(1,)]


def test_redis_dies_between_placing_and_paying(shop: RunningShop) -> None:
    shopper = at_payment(shop)
    shop.kill("redis")
    shopper.pay()
    assert "Thank you" in shopper.page.text
    shop.wait_until_ready()
    assert_all_is_well(shop)
    assert _mails_of(shop, order_of(shop, shopper)) == ["order_confirmed"]


def test_everything_that_was_queued_is_forgotten(shop: RunningShop) -> None:
    """The worker is away while jobs pile up in the queue, and the queue is emptied: the outbox still has them all."""
    import redis

    shopper = at_payment(shop)
    shop.freeze("worker")
    shopper.pay()
    order_id = order_of(shop, shopper)
    assert status_of(shop, shopper) == "paid"
    with redis.Redis.from_url(shop.services["REDIS_URL"]) as queue:
        wait_for(lambda: queue.llen("celery") > 0, what="jobs in the queue")
        queue.flushall()
    shop.thaw("worker")
    assert_all_is_well(shop)
    assert _mails_of(shop, order_id) == ["order_confirmed"]
