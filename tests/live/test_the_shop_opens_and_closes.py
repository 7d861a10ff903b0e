"""`make run` from an empty folder: it opens, closes without a process left behind, and opens again quickly."""

import signal
import time
from pathlib import Path

import httpx
import pytest

from tests.live.running_shop import RunningShop

pytestmark = [pytest.mark.live, pytest.mark.feature("OP01")]


def test_it_opens_answers_closes_and_opens_again(tmp_path: Path) -> None:
    shop = RunningShop(tmp_path / "state", demo=False, is_fresh=True).start()
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

    assert shop.process is not None
    family = shop.family()
    shop.process.send_signal(signal.SIGKILL)
    shop.process.wait(10)
    import psutil

    _, left = psutil.wait_procs(family, timeout=30)
    assert [process.name() for process in left] == [], "what the supervisor started must not outlive it"

    shop.start()
    assert httpx.get(f"{shop.url}/readyz").status_code == 200
    assert shop.stop() == []


def test_what_dies_is_started_again(tmp_path: Path) -> None:
    shop = RunningShop(tmp_path / "state", demo=False).start()
    try:
        for name in ("web", "redis", "postgres", "sandbox", "worker", "beat"):
            _kill_when_it_runs(shop, name)
            shop.wait_until_ready()
        assert httpx.get(f"{shop.url}/readyz").json()["redis"] == "ok"
    finally:
        assert shop.stop() == []


def _kill_when_it_runs(shop: RunningShop, name: str, *, seconds: float = 60) -> None:
    """What died with the one before it (a worker whose database went) is given time to stand up first."""
    deadline = time.monotonic() + seconds
    while not shop.kill(name):
        assert time.monotonic() < deadline, f"{name} did not come back within {seconds} s"
        time.sleep(0.2)
