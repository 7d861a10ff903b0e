"""Rows of new products that wait for their turn: written out already, so that sending them is all that is left to do."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from catalog.importing.bulk import AtOnce, send_block, take_ids, write_block


class IdShares:
    """Ids in the order of the file: a batch that is not drafted gets its share before the next one takes its own."""

    def __init__(self) -> None:
        self._most: dict[str, int] = {}

    def note(self, table: str, *, count: int) -> None:
        self._most[table] = max(count, self._most.get(table, 0))

    def set_aside(self) -> dict[str, list[int]]:
        """By table as many as any batch has taken; what the batch leaves is lost. A query for each table."""
        return {table: take_ids(table, count=count) for table, count in list(self._most.items())}


class _Taker:
    """What one batch takes is noted, for the share of another."""

    def __init__(self, shares: IdShares) -> None:
        self._shares = shares
        self._taken: Counter[str] = Counter()

    def _take(self, table: str, count: int) -> list[int]:
        self._taken[table] += count
        self._shares.note(table, count=self._taken[table])
        return take_ids(table, count=count)


class AfterShare(_Taker, AtOnce):
    """Rows go to the database now; their ids come from the share of their batch, as long as there are enough."""

    def __init__(self, shares: IdShares, *, share: dict[str, list[int]] | None) -> None:
        super().__init__(shares)
        self._share = share or {}

    def take_ids(self, table: str, *, count: int) -> list[int]:
        held = self._share.get(table, [])
        if len(held) < count:
            return self._take(table, count)
        self._share[table] = held[count:]
        return held[:count]


class Draft(_Taker):
    """A `Bulk` that keeps what it is given until `send`. Ids are nobody else's from now on, whatever becomes of it."""

    def __init__(self, shares: IdShares) -> None:
        super().__init__(shares)
        self._blocks: list[tuple[str, Sequence[str], bytes]] = []

    def take_ids(self, table: str, *, count: int) -> list[int]:
        return self._take(table, count)

    def copy_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        if block := write_block(rows):
            self._blocks.append((table, columns, block))

    def send(self) -> None:
        """To the database, in the caller's transaction."""
        for table, columns, block in self._blocks:
            send_block(table, columns, block)
