"""Rows of new products that wait for their turn: written out already, so that sending them is all that is left to do."""

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any

from catalog.importing.bulk import AtOnce, NotForeseen, send_block, take_ids, write_block


class IdStock:
    """Ids taken ahead of time, by table, as many as batches have wanted so far. What is left at the end is lost.

    Batches take theirs in the order of the file: one that is not drafted gets its share `set_aside` before the next is.
    """

    def __init__(self) -> None:
        self._wanted: dict[str, int] = {}
        self._ids: dict[str, list[int]] = {}
        self._lock = Lock()

    def note(self, table: str, *, count: int) -> None:
        self._wanted[table] = max(count, self._wanted.get(table, 0))

    def fill(self) -> None:
        """Enough for two batches. By the thread that writes; one query for a table of which too few are left."""
        for table, wanted in list(self._wanted.items()):
            if len(self._ids.get(table, ())) < 2 * wanted:
                more = take_ids(table, count=2 * wanted)
                with self._lock:
                    self._ids[table] = [*self._ids.get(table, ()), *more]

    def set_aside(self) -> "IdStock":
        """The share of one batch."""
        share = IdStock()
        for table, wanted in list(self._wanted.items()):
            with self._lock:
                held = self._ids.get(table, [])
                share._ids[table], self._ids[table] = held[:wanted], held[wanted:]
        return share

    def take(self, table: str, *, count: int) -> list[int]:
        """In order. Raises NotForeseen when there are too few."""
        self.note(table, count=count)
        with self._lock:
            held = self._ids.get(table, [])
            if len(held) < count:
                raise NotForeseen(table)
            self._ids[table] = held[count:]
            return held[:count]


class FromStock(AtOnce):
    """Rows go to the database now; their ids come from the share of their batch, as long as there are some."""

    def __init__(self, ids: IdStock, *, share: IdStock | None) -> None:
        self._ids, self._share = ids, share or IdStock()

    def take_ids(self, table: str, *, count: int) -> list[int]:
        self._ids.note(table, count=count)
        try:
            return self._share.take(table, count=count)
        except NotForeseen:
            return super().take_ids(table, count=count)


class Draft:
    """A `Bulk` that keeps what it is given until `send`."""

    def __init__(self, ids: IdStock) -> None:
        self._ids = ids
        self._blocks: list[tuple[str, Sequence[str], bytes]] = []

    def take_ids(self, table: str, *, count: int) -> list[int]:
        return self._ids.take(table, count=count)

    def copy_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        if block := write_block(rows):
            self._blocks.append((table, columns, block))

    def send(self) -> None:
        """To the database, in the caller's transaction."""
        for table, columns, block in self._blocks:
            send_block(table, columns, block)
