"""Hold the shop at an exact point from outside, so that it can be killed there: locks, frozen answers, patience."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from celery import Celery

from shop.embedded.sandbox.client import SandboxControl
from tests.live.running_shop import RunningShop


def wait_for(truth: Callable[[], object], *, what: str, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain for {what}"
        time.sleep(0.05)


@contextmanager
def held(shop: RunningShop, sql: str, *params: object) -> Iterator[psycopg.Connection[object]]:
    """Run one locking statement on a connection of our own and keep what it locked."""
    with psycopg.connect(shop.services["DATABASE_URL"]) as connection:
        connection.execute(sql, params)  # type: ignore[arg-type]
        yield connection
        connection.rollback()


def waiters(shop: RunningShop) -> int:
    """How many of the shop's sessions wait for a lock."""
    return int(
        shop.query(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )[0][0]
    )


def wait_until_blocked(shop: RunningShop, *, count: int = 1) -> None:
    wait_for(lambda: waiters(shop) >= count, what=f"{count} blocked session(s)")


def hits(control: SandboxControl) -> int:
    """How many requests the provider's faults have met."""
    return sum(fault["hits"] for fault in control.call("GET", "faults"))


def move_time(shop: RunningShop, order_id: int, *, pay_until: bool = False, reservation: bool = False) -> None:
    """Let an order's time to pay, or its reservation, have run out a minute ago."""
    with psycopg.connect(shop.services["DATABASE_URL"], autocommit=True) as connection:
        if pay_until:
            connection.execute(
                "UPDATE checkout_placedorder SET pay_until = now() - interval '1 minute' WHERE order_id = %s",
                (order_id,),
            )
        if reservation:
            connection.execute(
                "UPDATE inventory_reservation SET expires_at = now() - interval '1 minute' WHERE claim = %s",
                (f"order:{order_id}",),
            )


def sweep_now(shop: RunningShop) -> None:
    """Hand the worker what the beat would hand it within twenty seconds."""
    with Celery(broker=shop.services["REDIS_URL"]) as queue:
        queue.send_task("payments.sweep_unpaid_orders", ignore_result=True)
