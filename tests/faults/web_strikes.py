"""The web server is killed once, while six requests stand at six named points of placing and settling."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack
from typing import Any

from shop.embedded.sandbox.client import SandboxControl
from tests.faults.buying import at_payment, at_review, in_background, order_of, pay_and_stay, was_cut_off
from tests.faults.points import held, hits, wait_for, wait_until_blocked
from tests.live.running_shop import RunningShop
from tests.live.shopper import Shopper

SESSIONS = "/v1/checkout/sessions"


def strike_web(shop: RunningShop, control: SandboxControl) -> dict[str, Shopper]:
    """What each shopper had just done; nobody got an answer. Webhooks are withheld.

    An SDK call and a lock wait last ten seconds each, so all of them are brought to their points within that time.
    """
    control.withhold_webhooks()
    placing = {name: at_review(shop, "/p/quiet-vase/") for name in ("page lost", "page lost, gone", "committed")}
    placing["before commit"] = at_review(shop, "/p/calm-mug/")
    returning = {name: at_payment(shop, "/p/quiet-vase/") for name in ("returned", "settling")}
    ways_back = {name: pay_and_stay(shopper) for name, shopper in returning.items()}
    pressed: list[Future[Any]] = []

    def press(act: Callable[[], Any]) -> None:
        pressed.append(in_background(act))

    with ExitStack() as locks:
        control.add_fault("timeout", path=f"{SESSIONS}/*", method="GET", seconds=25)
        press(lambda: returning["returned"].get(ways_back["returned"]))
        wait_for(lambda: hits(control), what="the question whether it was paid")
        control.clear_faults()
        control.add_fault("timeout", path=SESSIONS, method="POST", seconds=25)
        press(placing["page lost"].place)
        press(placing["page lost, gone"].place)
        wait_for(lambda: hits(control) >= 2, what="two answers that never come")
        control.clear_faults()
        locks.enter_context(
            held(shop, "SELECT 1 FROM order_order WHERE id = %s FOR UPDATE", order_of(shop, returning["settling"]))
        )
        locks.enter_context(held(shop, "SELECT 1 FROM partner_stockrecord WHERE partner_sku = 'CALM-MUG' FOR UPDATE"))
        press(lambda: returning["settling"].get(ways_back["settling"]))
        press(placing["before commit"].place)
        wait_until_blocked(shop, count=2)
        control.add_fault("reset", path=SESSIONS, method="POST")
        press(placing["committed"].place)
        wait_for(lambda: hits(control), what="a request that the provider never saw")
        shop.kill("web")
    control.clear_faults()
    answered = [one.result() for one in pressed if not was_cut_off(one)]
    assert answered == [], "every request was cut off at its point"
    return {**placing, **returning}
