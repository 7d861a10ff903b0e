"""Migrate beside a shop that sells: wait shortly for a table's lock, let everybody pass, and try again.

Whoever waits for a lock on a table holds up all who come after. So no statement of a migration waits longer than
`PATIENCE_MS`; a migration that did not get its lock is rolled back and begins anew after a pause. Statements outside a
transaction are tried again by themselves; those that say CONCURRENTLY hold up nobody and may wait as long as they like.
"""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from inspect import unwrap
from typing import Any, Final

from django.apps import apps
from django.apps.registry import Apps
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.errors import LockNotAvailable

PATIENCE_MS: Final = 1000
PAUSE_SECONDS: Final = 2.0
TRIES: Final = 60


class TableIsBusy(Exception):
    """A table was in use at every try; nothing is half-done."""

    def __init__(self, tries: int) -> None:
        super().__init__(
            f"A migration did not get the lock of its table in {tries} tries. What came before it is done, nothing of it is."
            " Look for a long transaction (SELECT * FROM pg_stat_activity WHERE state <> 'idle' ORDER BY xact_start),"
            " then run migrate again."
        )


def migrate_in_turns(
    migrate: Callable[[], Any], connection: BaseDatabaseWrapper, *, tries: int = TRIES, pause: float = PAUSE_SECONDS
) -> None:
    """Run `migrate`, which goes on where it stopped, until it gets every lock. Raises TableIsBusy."""
    with _short_patience(connection, tries=tries, pause=pause), _settings_of_models_kept(), _seldom_collecting():
        _try_again(migrate, tries=tries, pause=pause)


def _try_again(act: Callable[[], Any], *, tries: int, pause: float) -> Any:
    for left in range(tries - 1, -1, -1):
        try:
            return act()
        except OperationalError as problem:
            if not isinstance(problem.__cause__, LockNotAvailable):
                raise
            if not left:
                raise TableIsBusy(tries) from problem
            time.sleep(pause)
    return None


@contextmanager
def _settings_of_models_kept() -> Iterator[None]:
    """Which models are swapped out is asked for every relation that a migration draws, and never changes while it runs.

    Django keeps the answers too, but every model drawn throws away those of all registries: a fifth of the whole time.
    """
    vars(apps)["get_swappable_settings_name"] = cache(partial(unwrap(Apps.get_swappable_settings_name), apps))
    try:
        yield
    finally:
        del vars(apps)["get_swappable_settings_name"]


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """The models drawn are garbage that only the collector finds; to look for it less often spares a fifth of the time
    and costs 70 MB.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(200_000, 5, before[2])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextmanager
def _short_patience(connection: BaseDatabaseWrapper, *, tries: int, pause: float) -> Iterator[None]:
    def execute(run: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if connection.in_atomic_block:
            return run(sql, params, many, context)
        if "CONCURRENTLY" in str(sql).upper():
            with _patience(connection, 0):
                return run(sql, params, many, context)
        return _try_again(lambda: run(sql, params, many, context), tries=tries, pause=pause)

    with _patience(connection, PATIENCE_MS), connection.execute_wrapper(execute):
        yield


@contextmanager
def _patience(connection: BaseDatabaseWrapper, milliseconds: int) -> Iterator[None]:
    """How long this connection's statements wait for a lock (0: for ever); afterwards as long as before."""
    connection.ensure_connection()
    driver = connection.connection
    before = driver.execute("SHOW lock_timeout").fetchone()[0]
    driver.execute(f"SET lock_timeout = {milliseconds}")
    try:
        yield
    finally:
        driver.execute(f"SET lock_timeout = '{before}'")
