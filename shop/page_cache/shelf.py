"""What a worker keeps, up to so many bytes; the one that was not asked for the longest goes first."""

import time
from collections import OrderedDict
from collections.abc import Collection, Hashable
from dataclasses import dataclass, field
from typing import Any, Final

KEPT_FOR: Final = 3600.0
"""Seconds. Changes are noted for longer than that."""
_OVERHEAD: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A page or an answer, with the tables that were read for it. `size` in bytes, roughly."""

    value: Any
    size: int
    tables: frozenset[str]
    made_at: float = field(default_factory=time.monotonic)


class Shelf:
    """Not safe for threads by itself: whoever uses it holds a lock."""

    def __init__(self, *, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self.things: OrderedDict[Hashable, Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self.things)

    def find(self, key: Hashable) -> Kept | None:
        kept = self.things.get(key)
        if kept is None:
            return None
        if time.monotonic() - kept.made_at > KEPT_FOR:
            self._drop(key)
            return None
        self.things.move_to_end(key)
        return kept

    def put(self, key: Hashable, kept: Kept) -> None:
        self._drop(key)
        self.things[key] = kept
        self.bytes += kept.size + _OVERHEAD
        while self.bytes > self.most_bytes:
            self._drop(next(iter(self.things)))

    def forget(self, tables: Collection[str]) -> None:
        """Those that read one of these tables."""
        for key in [key for key, kept in self.things.items() if not kept.tables.isdisjoint(tables)]:
            self._drop(key)

    def clear(self) -> None:
        self.things.clear()
        self.bytes = 0

    def _drop(self, key: Hashable) -> None:
        kept = self.things.pop(key, None)
        if kept is not None:
            self.bytes -= kept.size + _OVERHEAD
