"""`make bench`: how long the demo shop's pages take, one reader at a time and eight at once. Prints; asserts only answers.

Each row gives the median and the 95th percentile in milliseconds, and the median as a multiple of /healthz in the same
run: compare those ratios between runs, not the milliseconds.
"""

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.live.running_shop import RunningShop

pytestmark = [pytest.mark.long, pytest.mark.live]
PAGES = {
    "health": "/healthz",
    "home": "/",
    "category": "/c/lighting/",
    "category, two facets": "/c/lighting/?material=Steel&material=Stoneware",
    "search": "/search/?q=lamp",
    "search, a typo": "/search/?q=lmap",
    "product": "/p/everyday-mug/",
}
ROUNDS = 60


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    shop = RunningShop(tmp_path_factory.mktemp("bench") / "state", demo=True).start(seconds=600)
    yield shop
    shop.stop()


def _measure(url: str, *, readers: int) -> list[float]:
    def read(number: int) -> list[float]:
        with httpx.Client(timeout=60) as client:
            client.get(url)
            spent = []
            for _ in range(ROUNDS // readers):
                began = time.perf_counter()
                assert client.get(url).status_code == 200
                spent.append((time.perf_counter() - began) * 1000)
            return spent

    with ThreadPoolExecutor(readers) as pool:
        return sorted(one for spent in pool.map(read, range(readers)) for one in spent)


@pytest.mark.timeout(1200)
def test_print_how_long_pages_take(shop: RunningShop) -> None:
    print(f"\nfirst start: {shop.seconds_to_open:.0f} s")
    print(f"{'page':<24}{'readers':>8}{'median ms':>12}{'p95 ms':>10}{'x health':>10}")
    for readers in (1, 8):
        health = 1.0
        for name, path in PAGES.items():
            spent = _measure(shop.url + path, readers=readers)
            median = statistics.median(spent)
            health = median if name == "health" else health
            p95 = spent[int(len(spent) * 0.95) - 1]
            print(f"{name:<24}{readers:>8}{median:>12.1f}{p95:>10.1f}{median / health:>10.1f}")
