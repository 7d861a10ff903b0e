"""`make run` from an empty folder: it opens, closes without a process left behind, and opens again quickly."""

import signal
import time
from collections.abc import Iterator

import httpx
import psutil
import pytest

from tests.live.running_shop import RunningShop

pytestmark = [pytest.mark.live, pytest.mark.feature("OP01")]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    """One shop that the tests of this file open, hurt and close, in their order."""
    shop = RunningShop(tmp_path_factory.mktemp("opening") / "state", demo=False, is_fresh=True)
    yield shop
    shop.stop()


def test_it_opens_answers_closes_and_opens_again(shop: RunningShop) -> None:
    shop.start()
    assert httpx.get(f"{shop.url}/healthz").text == "ok\n"
    ready = httpx.get(f"{shop.url}/readyz").json()
    assert ready == {"ready": True, "database": "ok", "migrations": "ok", "redis": "ok", "worker": "ok"}
    assert "shop_outbox_due" in httpx.get(f"{shop.url}/metrics").text
    assert f"Shop         {shop.url}/" in "".join(shop.output)
    first = shop.seconds_to_open
    assert shop.stop() == []

    shop.start()
    assert httpx.get(f"{shop.url}/readyz").status_code == 200
    assert shop.seconds_to_open < first, "the second start prepares nothing"


def test_what_dies_is_started_again(shop: RunningShop) -> None:
    names = ("web", "redis", "postgres", "sandbox", "worker", "beat")
    for name in names:
        _kill_when_it_runs(shop, name)
        shop.wait_until_ready()  # Nothing is degraded: Redis and the worker are there again too.
    deadline = time.monotonic() + 60
    while not all(shop.processes_of(name) for name in names):
        assert time.monotonic() < deadline, {name: len(shop.processes_of(name)) for name in names}
        time.sleep(0.2)


def test_what_the_supervisor_started_does_not_outlive_it(shop: RunningShop) -> None:
    assert shop.process is not None
    family = shop.family()
    shop.process.send_signal(signal.SIGKILL)
    shop.process.wait(10)
    _, left = psutil.wait_procs(family, timeout=30)
    assert [process.name() for process in left] == []

    shop.start()
    assert httpx.get(f"{shop.url}/readyz").status_code == 200
    assert shop.stop() == []


def _kill_when_it_runs(shop: RunningShop, name: str, *, seconds: float = 60) -> None:
    """What died with the one before it (a worker whose database went) is given time to stand up first."""
    deadline = time.monotonic() + seconds
    while not shop.kill(name):
        assert time.monotonic() < deadline, f"{name} did not come back within {seconds} s"
        time.sleep(0.2)
