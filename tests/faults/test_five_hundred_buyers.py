"""F1, the long form: FAULTS_BUYERS people (500) press at the same moment for a fifth as many units.

Once everybody wants one unit of one thing; once everybody wants three things, put into the basket in any order, the
scarcest deciding. Nobody is charged for nothing, nobody waits long for "sold out", no deadlock reaches a shopper.
"""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from shop.embedded.sandbox.client import SandboxControl
from tests.bench.crowd import shoppers_at_review
from tests.live.running_shop import RunningShop
from tests.live.shopper import Shopper
from tests.live.stock_room import bring_in

pytestmark = [pytest.mark.live, pytest.mark.long, pytest.mark.timeout(3600)]
BUYERS = int(os.environ.get("FAULTS_BUYERS", "500"))
UNITS = BUYERS // 5
WHOLE, TOLD_WITHIN = 60.0, 5.0


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    folder = tmp_path_factory.mktemp("crowd")
    shop = RunningShop(folder / "state", demo=False).start(seconds=600)
    stock = {"one-lamp": UNITS, "rare-cup": UNITS, "rare-jar": UNITS + 7, "rare-pan": UNITS + 3}
    bring_in(shop, folder, stock=stock)
    yield shop
    assert shop.stop() == []


@dataclass(frozen=True, slots=True)
class Pressed:
    outcome: str
    began: float
    ended: float


def press_at_once(shop: RunningShop, shoppers: list[Shopper]) -> list[Pressed]:
    barrier = threading.Barrier(len(shoppers))

    def press(shopper: Shopper) -> Pressed:
        form = shopper.review()
        barrier.wait()
        began = time.monotonic()
        answer = shopper.submit(form, follow=False, **form.checkboxes)
        is_placed = answer.headers.get("location", "").startswith(shop.sandbox_url)
        if not is_placed:
            shopper._follow(answer)
        ended = time.monotonic()
        if is_placed:
            return Pressed("placed", began, ended)
        words = shopper.page.text.lower()
        return Pressed("told" if "sold out" in words or "left" in words else words[:300], began, ended)

    with ThreadPoolExecutor(len(shoppers)) as pool:
        return list(pool.map(press, shoppers))


@pytest.mark.parametrize(
    ("name", "things"),
    [("single", ["one-lamp"]), ("threes", ["rare-cup", "rare-jar", "rare-pan"])],
    ids=["one thing", "three things in any order"],
)
def test_as_many_buy_as_there_are_units_and_the_rest_are_told(shop: RunningShop, name: str, things: list[str]) -> None:
    dice = random.Random(name)
    baskets = [[f"/p/{thing}/" for thing in dice.sample(things, len(things))] for _ in range(BUYERS)]
    shoppers = shoppers_at_review(shop, baskets, name=name)
    pressed = press_at_once(shop, shoppers)
    outcomes = Counter(one.outcome for one in pressed)
    whole = max(one.ended for one in pressed) - min(one.began for one in pressed)
    sold_out_at = max(one.ended for one in pressed if one.outcome == "placed")
    waits = sorted(one.ended - max(one.began, sold_out_at) for one in pressed if one.outcome == "told")
    print(
        f"\n{name}: {BUYERS} buyers, {UNITS} units: {dict(outcomes)} in {whole:.1f} s;"
        f" the last loser was told {max(waits):.1f} s after the last unit was gone"
    )
    assert outcomes == {"placed": UNITS, "told": BUYERS - UNITS}
    assert all(status < 500 for shopper in shoppers for status in shopper.statuses)
    assert whole < WHOLE
    assert max(waits) < TOLD_WITHIN
    for one in shoppers:
        one.close()
    shop.wait_until_quiet(seconds=300)
    ((sold,),) = shop.query(
        "SELECT sum(r.quantity) FROM inventory_reservation r JOIN partner_stockrecord s ON s.id = r.stock_record_id"
        " WHERE s.partner_sku = %s AND r.released_at IS NULL",
        things[0].upper(),
    )
    assert sold == UNITS
    assert SandboxControl(shop.sandbox_url).state()["charges"] == [], "nobody has paid yet, so nobody was charged"
    deadlocks = shop.query("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    assert deadlocks == [(0,)]
    assert shop.broken_invariants() == []
