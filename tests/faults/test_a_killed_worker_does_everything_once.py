"""kill -9 of the worker in the middle of a job: all of it happens within two minutes, each mail is handed over once."""

import pytest

from shop.embedded.sandbox.client import SandboxControl
from tests.faults.books import assert_all_is_well, handed_over
from tests.faults.buying import order_of, order_page, status_of
from tests.faults.conftest import calm
from tests.live.running_shop import RunningShop
from tests.live.shopper import Shopper

pytestmark = pytest.mark.live


def test_mails_parcels_refunds_and_settling_are_made_up_for(shop: RunningShop, struck: dict[str, Shopper]) -> None:
    control = SandboxControl(shop.sandbox_url)
    calm(control)
    ((message_id,),) = shop.query(
        "SELECT message_id FROM checkout_mail WHERE order_id = %s", order_of(shop, struck["handed over"])
    )
    assert_all_is_well(shop)
    assert handed_over(shop)[message_id] == 2, "the repeat carries the same Message-ID"

    for name in ("handed over", "paid", "settling", "parcel"):
        assert status_of(shop, struck[name]) == "paid", name
        order_id = order_of(shop, struck[name])
        assert shop.query("SELECT count(*) FROM fulfilment_shipment WHERE order_id = %s", order_id) == [(1,)], name
    order_id = order_of(shop, struck["cancelled"])
    assert status_of(shop, struck["cancelled"]) == "cancelled"
    intents = shop.query("SELECT intent_id FROM checkout_paymentattempt WHERE order_id = %s", order_id)
    refunds = [one for one in control.state()["refunds"] if (one["payment_intent"],) in intents]
    assert [one["amount"] for one in refunds] == [
        one["amount"] for one in control.state()["payment_intents"] if (one["id"],) in intents
    ], "one refund, of everything"
    kinds = shop.query("SELECT kind FROM checkout_mail WHERE order_id = %s ORDER BY kind", order_id)
    assert [kind for (kind,) in kinds] == ["order_cancelled", "order_confirmed", "order_refunded"]


def test_the_shopper_sees_where_it_stands_all_along(shop: RunningShop, struck: dict[str, Shopper]) -> None:
    for name in ("paid", "settling", "parcel", "handed over"):
        struck[name].get(order_page(shop, struck[name]))
        assert "Thank you" in struck[name].page.text, name
    struck["cancelled"].get(order_page(shop, struck["cancelled"]))
    assert "This order is cancelled" in struck["cancelled"].page.text
    assert "goes back to you" in struck["cancelled"].page.text
