"""How many calls to the provider one process has under way. A provider that hangs must not take every thread of the web.

Six threads serve pages in each web worker: with four calls under way, two still show the shop. Who finds no turn is
told within PATIENCE_SECONDS, and repeats with the same stored key: nothing is lost and nothing happens twice.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

CALLS_AT_ONCE = 4
PATIENCE_SECONDS = 0.3

_turns = threading.BoundedSemaphore(CALLS_AT_ONCE)


class NoTurn(Exception):
    """Every turn is taken; the request was not sent."""


@contextmanager
def take_turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE_SECONDS):
        raise NoTurn(f"{CALLS_AT_ONCE} calls to the payment provider are under way and none has been answered.")
    try:
        yield
    finally:
        _turns.release()
