"""The long form (`make faults`): hundreds of purchases while processes die all the time; then the books must be right."""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import httpx
import psycopg
import pytest

from shop.embedded.sandbox.client import SandboxControl
from tests.faults.books import assert_all_is_well, kill_worker
from tests.faults.buying import new_shopper, orders_of
from tests.faults.points import hits, wait_for
from tests.live.running_shop import RunningShop
from tests.live.shopper import NoSuchForm, Shopper

pytestmark = [
    pytest.mark.live,
    pytest.mark.long,
    pytest.mark.timeout(1800),
]
CHECKOUTS = int(os.environ.get("FAULTS_CHECKOUTS", "200"))
BUYERS, PATIENCE = 6, 600.0
STRIKES_AT_WORKER, POWER_CUTS = 50, 4
STEADY = 22.0  # The supervisor gives up what ends nine times without having lived for twenty seconds.


def buy_stubbornly(shop: RunningShop, number: int) -> str:
    """Press on as a patient person does: reload, go back, try again; never a second order on purpose."""
    shopper = new_shopper(shop, timeout=20)
    path = ("/p/calm-mug/", "/p/quiet-vase/")[number % 2]
    steps: list[Callable[[], object]] = [
        lambda: _fill_basket(shopper, path),
        shopper.resume_checkout,
        lambda: _pay(shop, shopper),
    ]
    deadline = time.monotonic() + PATIENCE
    for step in steps:
        while True:
            try:
                step()
                break
            except (httpx.TransportError, psycopg.OperationalError, NoSuchForm, _NotYet, KeyError, StopIteration):
                if time.monotonic() > deadline:
                    shopper.close()
                    return "gave up"
                time.sleep(0.3)
    odd = [status for status in shopper.statuses if status >= 500 and status != 503]
    shopper.close()
    return f"saw {odd[0]}" if odd else "bought"


class _NotYet(Exception):
    pass


def _fill_basket(shopper: Shopper, path: str) -> None:
    """Whoever was told to try again looks into the basket first: it may have been saved all the same."""
    if shopper.get("/basket/").status_code == 200 and "Go to checkout" not in shopper.page.text:
        shopper.add(path)
    if shopper.page.status_code != 200 or "Go to checkout" not in shopper.page.text:
        raise _NotYet


def _pay(shop: RunningShop, shopper: Shopper) -> None:
    """From wherever the last break left us: the review, the order's page, or the provider's."""
    if not hasattr(shopper, "page") or "/order/" not in str(shopper.page.url):
        if not str(shopper.page.url).startswith(shop.sandbox_url):
            if orders_of(shop, shopper):
                shopper.post("/checkout/place/", csrfmiddlewaretoken=shopper.client.cookies.get("csrftoken", ""))
            else:
                shopper.get("/checkout/")
                shopper.place()
        if str(shopper.page.url).startswith(shop.sandbox_url):
            shopper.pay()
    if "Thank you" in shopper.page.text:
        return
    if "/order/" in str(shopper.page.url):
        shopper.get(str(shopper.page.url).split("?")[0])
        if "Thank you" in shopper.page.text:
            return
        shopper.submit(shopper.form("/pay/"))
        if str(shopper.page.url).startswith(shop.sandbox_url):
            shopper.pay()
            return
    raise _NotYet


@contextmanager
def under_fire(strike: Callable[[], object], *, pause: Callable[[threading.Event], object]) -> Iterator[Counter[str]]:
    """Strike again and again, with a pause before each, until the block ends; counts the strikes."""
    over, struck = threading.Event(), Counter[str]()

    def run() -> None:
        while not over.is_set():
            pause(over)
            if not over.is_set():
                struck["strikes"] += bool(strike())

    with ThreadPoolExecutor(1) as gunner:
        shooting = gunner.submit(run)
        try:
            yield struck
        finally:
            over.set()
        shooting.result(timeout=300)


def purchases(shop: RunningShop, count: int) -> Counter[str]:
    with ThreadPoolExecutor(BUYERS) as pool:
        return Counter(pool.map(lambda number: buy_stubbornly(shop, number), range(count)))


def while_two_serve(shop: RunningShop) -> Callable[[threading.Event], None]:
    """A pause of 0.3 to 1 s, counted from when two web workers have read the shop: one that is down is no target.

    When that is so is told by the processor time that a fresh worker needed, whatever else the machine has to do.
    """
    shop.kill("web")
    shop.wait_until_ready(seconds=180)
    needed = 0.0
    while needed < (needed := max(shop.processor_seconds("web"))) - 0.02:
        time.sleep(3)

    def pause(over: threading.Event) -> None:
        # A fifth less: no two starts need quite the same, and when nobody buys any more nothing is added to it.
        wait_for(
            lambda: over.is_set() or sum(one >= 0.8 * needed for one in shop.processor_seconds("web")) >= 2,
            what="two",
            seconds=240,
        )
        over.wait(random.uniform(0.3, 1.0))

    return pause


def while_pages_are_drawn(shop: RunningShop) -> Callable[[threading.Event], None]:
    """A pause of 0.5 to 2 s, longer where the machine needs longer: between two cuts some pages are drawn whole."""

    def pause(over: threading.Event) -> None:
        began = time.monotonic()
        with suppress(httpx.HTTPError):
            httpx.get(f"{shop.url}/p/calm-mug/", timeout=20)
        over.wait(max(random.uniform(0.5, 2), 4 * (time.monotonic() - began)))

    return pause


def report(name: str, began: float, struck: Counter[str], outcomes: Counter[str]) -> None:
    print(f"\n{name}: {struck['strikes']} strikes, {dict(outcomes)} in {time.monotonic() - began:.0f} s")


def test_web_workers_die_every_moment(shop: RunningShop) -> None:
    began = time.monotonic()
    with under_fire(lambda: shop.kill("web", whole=False), pause=while_two_serve(shop)) as struck:
        outcomes = purchases(shop, CHECKOUTS)
    report("web", began, struck, outcomes)
    assert outcomes == {"bought": CHECKOUTS}
    assert struck["strikes"] >= CHECKOUTS // 20
    shop.wait_until_ready()
    assert_all_is_well(shop)


def test_the_worker_dies_fifty_times(shop: RunningShop) -> None:
    """Its children and the whole of it, in turn; a mail may leave twice when it was cut before its record."""
    began = time.monotonic()

    def strike() -> int:
        if struck["strikes"] >= STRIKES_AT_WORKER:
            time.sleep(1)
            return 0
        return kill_worker(shop, whole=struck["strikes"] % 10 == 0)

    def pause(over: threading.Event) -> None:
        """Until there is a child to hit again: a worker that still starts is no target."""
        wait_for(lambda: over.is_set() or shop.children_of("worker"), what="a working child", seconds=240)
        over.wait(random.uniform(1, 3))

    done: Counter[str] = Counter()
    with under_fire(strike, pause=pause) as struck:
        while struck["strikes"] < STRIKES_AT_WORKER and time.monotonic() - began < 1200:
            done += purchases(shop, 6)
    report("worker", began, struck, done)
    assert set(done) == {"bought"}
    assert struck["strikes"] >= STRIKES_AT_WORKER
    shop.wait_until_quiet(seconds=300)
    assert_all_is_well(shop)


def test_redis_forgets_everything_again_and_again(shop: RunningShop) -> None:
    import redis

    def flush() -> bool:
        try:
            with redis.Redis.from_url(shop.services["REDIS_URL"], socket_timeout=2) as queue:
                return bool(queue.flushall())
        except redis.RedisError:
            return False

    def strike() -> bool:
        nonlocal killed_at
        if time.monotonic() - killed_at < STEADY:
            return flush()
        killed_at = time.monotonic()
        return bool(shop.kill("redis"))

    began = killed_at = time.monotonic()
    with under_fire(strike, pause=lambda over: over.wait(random.uniform(0.5, 3))) as struck:
        outcomes = purchases(shop, 40)
    report("redis", began, struck, outcomes)
    assert outcomes == {"bought": 40}
    shop.wait_until_ready()
    assert_all_is_well(shop)


def test_the_database_cuts_every_connection(shop: RunningShop) -> None:
    def strike() -> bool:
        try:
            with psycopg.connect(shop.services["DATABASE_URL"], autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )
        except psycopg.Error:
            return False
        return True

    began = time.monotonic()
    with under_fire(strike, pause=while_pages_are_drawn(shop)) as struck:
        outcomes = purchases(shop, 40)
    report("connections", began, struck, outcomes)
    assert outcomes == {"bought": 40}
    assert_all_is_well(shop)


def test_the_database_dies_and_comes_back(shop: RunningShop) -> None:
    """Immediate stops, as when the power goes: pages say so, orders are whole, the shop serves again by itself."""
    began, bought = time.monotonic(), Counter[str]()
    with under_fire(lambda: shop.kill("postgres"), pause=lambda over: over.wait(random.uniform(STEADY, 28))) as struck:
        while struck["strikes"] < POWER_CUTS and time.monotonic() - began < 900:
            bought += purchases(shop, 12)
    report("database", began, struck, bought)
    assert set(bought) == {"bought"}
    assert struck["strikes"] >= POWER_CUTS
    shop.wait_until_ready(seconds=10)
    assert_all_is_well(shop)


def test_the_provider_stumbles(shop: RunningShop, sandbox: SandboxControl) -> None:
    """Resets, 500s (saved and not), 429s, broken answers and answers that never come; webhooks doubled and shuffled."""
    for kind, rate in (("reset", 0.06), ("error", 0.06), ("rate_limit", 0.06), ("malformed", 0.04), ("timeout", 0.03)):
        sandbox.add_fault(kind, rate=rate, seconds=12, executed=random.random() < 0.5, saved=kind == "error")  # type: ignore[arg-type]
    sandbox.set_webhooks(duplicate=2, shuffle=2.0)
    began = time.monotonic()
    outcomes = purchases(shop, 60)
    stumbled = hits(sandbox)
    report("provider", began, Counter(strikes=stumbled), outcomes)
    sandbox.clear_faults()
    assert outcomes == {"bought": 60}
    assert stumbled >= 20
    assert_all_is_well(shop, seconds=400)
