"""Keep the answer to an expensive question (facet counts, a page of results) as exactly as pages are kept."""

import threading
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, Final, TypeVar

from django.conf import settings
from django.db import connection

from shop.page_cache.keeper import Keeper
from shop.page_cache.reading import adopt_tables, read_schema, watch_reading
from shop.page_cache.shelf import Kept

T = TypeVar("T")

_BYTES: Final = 20_000
"""What an answer takes, roughly: a hundred facet values, or a page of documents."""
_lock: Final = threading.Lock()
_turn: Final = threading.local()


def keep_answer(key: Hashable, ask: Callable[[], T]) -> T:
    """What `ask` answers, remembered until a table it read changes or a moment comes; ask again within transactions.

    The key holds everything the answer depends on beside the database. Callers share the answer and never change it.
    """
    keeper = answer_keeper()
    if keeper is None or connection.in_atomic_block:
        return ask()
    try:
        epoch = _hear_once(keeper)
        schema = read_schema(keeper.home)
    except Exception:
        return ask()  # Which fails in its own words when the database is away.
    kept = keeper.find(key)
    if kept is not None:
        adopt_tables(kept.tables)
        return kept.value  # type: ignore[no-any-return]
    with watch_reading(schema) as reading:
        answer = ask()
    if not reading.objections:
        keeper.put(key, Kept(value=answer, size=_BYTES, tables=frozenset(reading.tables)), epoch=epoch)
    return answer


@contextmanager
def one_hearing() -> Iterator[None]:
    """Within one request that only reads, the database is asked for news once: the answer is true at that instant."""
    _turn.epoch = None
    try:
        yield
    finally:
        del _turn.epoch


def _hear_once(keeper: Keeper) -> int:
    heard: int | None = _turn.__dict__.get("epoch")
    if heard is None:
        heard = keeper.hear()
        if "epoch" in _turn.__dict__:
            _turn.epoch = heard
    return heard


def freeze(value: Any) -> Hashable:
    """A value to be part of a key: parameters of a question, whose lists cannot be hashed."""
    if isinstance(value, Mapping):
        return tuple((name, freeze(one)) for name, one in value.items())
    if isinstance(value, list | tuple):
        return type(value).__name__, tuple(freeze(one) for one in value)
    return type(value), value


def answer_keeper() -> Keeper | None:
    """One for the process; None when answers are not kept."""
    with _lock:
        return _make_keeper()


@cache
def _make_keeper() -> Keeper | None:
    most: Any = settings.ANSWER_CACHE_MEGABYTES
    return Keeper(most_bytes=most * 2**20) if most else None
