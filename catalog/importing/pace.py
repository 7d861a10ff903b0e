"""How the interpreter works while rows pass through by the hundred thousand."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

TURN: Final = 0.0005
"""Seconds for which one thread keeps the interpreter while the other wants it."""
GARBAGE: Final = 20_000
"""Objects made between two looks for rings of garbage. Rows and states make none; to look as often as usual, at every
object of the process, takes a fifth of the time."""


@contextmanager
def steady_pace() -> Iterator[None]:
    """The writer waits for the database many times in a batch: each time it is back it should not wait for the reader."""
    turn, garbage = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(TURN)
    gc.set_threshold(GARBAGE, *garbage[1:])
    try:
        yield
    finally:
        sys.setswitchinterval(turn)
        gc.set_threshold(*garbage)
