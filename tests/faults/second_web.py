"""A second web server on the services of a running shop: with a clock of its own, or from another tree of the code."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.faketime import find_faketime
from tests.live.running_shop import ROOT, RunningShop, free_port


@contextmanager
def second_web(shop: RunningShop, *, clock: str = "", tree: Path = ROOT) -> Iterator[str]:
    """Its address. `clock` is faketime's word for a shifted clock, such as `+10m`; only this server has it."""
    port = free_port()
    env = {**shop.env, **shop.services, "ALLOWED_HOSTS": "127.0.0.1", "DATABASE_STATEMENT_TIMEOUT": "30000"}
    env["SITE_URL"] = f"http://127.0.0.1:{port}"
    if clock:
        env |= {"LD_PRELOAD": str(find_faketime()), "FAKETIME": clock, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "shop.wsgi:application", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--blocking-threads", "4", "--log-level", "warning"]
    with (shop.folder / "second-web.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=tree, env=env, stdout=log, stderr=log, process_group=0)
        try:
            _wait_until_ready(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{url}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.3)
    raise AssertionError("the second web server did not answer; see second-web.log")
