"""Many shoppers who press at the same moment, and how long each of them waits."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from tests.live.running_shop import RunningShop
from tests.live.shopper import Shopper


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of each act in the order of ending, from the first beginning to the last end, and of this process's CPU."""

    each: list[float]
    whole: float
    cpu: float

    @property
    def rate(self) -> float:
        return len(self.each) / self.whole

    def percentile(self, share: float) -> float:
        ascending = sorted(self.each)
        return ascending[min(len(ascending) - 1, int(len(ascending) * share))]


def measure_at_once(
    acts: Sequence[Callable[[], Any]], *, workers: int, at_end: Callable[[], Any] | None = None
) -> Spent:
    """Run all acts, `workers` at a time; an exception of any ends the measurement.

    `at_end` is what each worker does when all is over, as closing what it kept open from act to act.
    """
    spent: list[float] = []

    def run(act: Callable[[], Any]) -> None:
        began = time.perf_counter()
        act()
        spent.append(time.perf_counter() - began)

    began, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(workers) as pool:
        try:
            list(pool.map(run, acts))
            result = Spent(spent, time.perf_counter() - began, time.process_time() - cpu)
        finally:
            if at_end is not None:
                together = threading.Barrier(workers)
                list(pool.map(lambda _: (at_end(), together.wait()), range(workers)))
    return result


def shoppers_at_review(
    shop: RunningShop, baskets: Sequence[Sequence[str]], *, name: str, workers: int = 6
) -> list[Shopper]:
    """One shopper for each basket of product paths, everything filled in; the next press places the order."""
    numbers = iter(range(len(baskets)))
    lock = threading.Lock()

    def prepare(paths: Sequence[str]) -> Shopper:
        with lock:
            number = next(numbers)
        shopper = Shopper(shop.url, timeout=120, email=f"{name}{number}@example.org")
        for path in paths:
            shopper.add(path)
        shopper.fill_checkout()
        shopper.review()
        return shopper

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(prepare, baskets))
