import time

import pytest

from shop.embedded.sandbox.client import ControlRefused, pay

PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


def pay_quietly(shop):
    """A paid session whose late `charge.updated` does not come during the test."""
    shop.control.change_settings(settle_seconds=600)
    session = shop.open_session()
    assert pay(session.url).status == 303
    return session


def test_withheld_webhooks_come_when_released_in_order(shop):
    shop.control.withhold_webhooks()
    pay_quietly(shop)
    time.sleep(0.2)
    assert shop.inbox.letters == []
    assert shop.control.release_webhooks() == 4
    shop.inbox.wait_for_count(4)
    assert shop.inbox.types() == PAID


def test_withheld_webhooks_can_be_released_in_reverse(shop):
    shop.control.withhold_webhooks()
    pay_quietly(shop)
    shop.control.release_webhooks(reverse=True)
    shop.inbox.wait_for_count(4)
    assert shop.inbox.types() == PAID[::-1]


def test_each_webhook_can_come_five_times(shop):
    shop.control.set_webhooks(duplicate=4)
    pay_quietly(shop)
    shop.inbox.wait_for_count(20)
    assert sorted(shop.inbox.types()) == sorted(PAID * 5)
    assert len({letter.open().id for letter in shop.inbox.letters}) == 4


def test_the_next_webhooks_can_be_lost(shop):
    shop.control.set_webhooks(drop_next=2)
    pay_quietly(shop)
    shop.inbox.wait_for_count(2)
    assert sorted(shop.inbox.types()) == sorted(PAID[2:])
    assert len(shop.api.v1.events.list({"delivery_success": False}).data) == 2


def test_webhooks_of_one_type_can_be_lost(shop):
    shop.control.set_webhooks(drop_types=["checkout.session.completed"])
    pay_quietly(shop)
    shop.inbox.wait_for_count(3)
    time.sleep(0.1)
    assert "checkout.session.completed" not in shop.inbox.types()
    shop.control.resend(type="checkout.session.completed")
    shop.inbox.wait_for_types("checkout.session.completed")


def test_all_webhooks_can_be_lost_while_the_api_still_tells_the_truth(shop):
    shop.control.set_webhooks(drop_all=True)
    session = pay_quietly(shop)
    time.sleep(0.2)
    assert shop.inbox.letters == []
    assert shop.api.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_webhooks_can_be_late(shop):
    shop.control.set_webhooks(delay=0.5)
    started = time.monotonic()
    pay_quietly(shop)
    shop.inbox.wait_for_count(4)
    assert time.monotonic() - started >= 0.5


def test_webhooks_can_come_in_any_order(shop):
    shop.control.set_webhooks(shuffle=0.4)
    for _ in range(3):
        pay_quietly(shop)
    shop.inbox.wait_for_count(12)
    assert shop.inbox.types() != PAID * 3
    assert sorted(shop.inbox.types()) == sorted(PAID * 3)


def test_everything_can_be_sent_again_in_reverse(shop):
    pay_quietly(shop)
    shop.inbox.wait_for_count(4)
    shop.inbox.letters.clear()
    assert shop.control.resend(times=2, reverse=True) == 8
    shop.inbox.wait_for_count(8)
    assert shop.inbox.types() == [kind for kind in PAID[::-1] for _ in range(2)]


@pytest.mark.parametrize(
    "switches", [{"colour": 1}, {"delay": "long"}, {"delay": -1}, {"drop_next": True}, {"drop_types": "all"}]
)
def test_a_switch_that_makes_no_sense_is_refused_with_a_sentence(shop, switches):
    with pytest.raises(ControlRefused, match=r"webhook switch"):
        shop.control.set_webhooks(**switches)
