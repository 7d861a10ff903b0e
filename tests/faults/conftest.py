"""One running shop for every fault: its processes die and come back, its books must stay right throughout.

FAULTS_FOLDER names a folder to keep the shop in (logs, database, mails), for a look afterwards; it is used again.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from shop.embedded.sandbox.client import SandboxControl
from tests.faults.web_strikes import strike_web
from tests.faults.worker_strikes import strike_worker
from tests.live.running_shop import RunningShop
from tests.live.shopper import Shopper
from tests.live.stock_room import bring_in

STOCK = {"calm-mug": 2000, "quiet-vase": 2000, "last-lamp": 1, "lost-lamp": 1, "kept-lamp": 1, "rare-bowl": 2}


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    kept = os.environ.get("FAULTS_FOLDER")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("faults")
    folder.mkdir(parents=True, exist_ok=True)
    shop = RunningShop(folder / "state", demo=False, STAFF_SECOND_FACTOR="0").start()
    if not shop.query("SELECT 1 FROM partner_stockrecord LIMIT 1"):
        bring_in(shop, folder, stock=STOCK)
    yield shop
    left = shop.stop()
    assert left == []


@pytest.fixture(scope="session")
def struck(shop: RunningShop) -> dict[str, Shopper]:
    return strike_worker(shop, SandboxControl(shop.sandbox_url))


@pytest.fixture(scope="session")
def cut_off(shop: RunningShop, struck: dict[str, Shopper]) -> dict[str, Shopper]:
    shoppers = strike_web(shop, SandboxControl(shop.sandbox_url))
    shop.wait_until_ready()
    return shoppers


@pytest.fixture
def sandbox(shop: RunningShop) -> Iterator[SandboxControl]:
    """The provider's switches; all are off again after the test, and what was withheld is delivered."""
    control = SandboxControl(shop.sandbox_url)
    yield control
    calm(control)


def calm(control: SandboxControl) -> None:
    control.clear_faults()
    control.set_webhooks(delay=0.0, drop_all=False, drop_next=0, drop_types=[], duplicate=0, shuffle=0.0)
    control.release_webhooks()
