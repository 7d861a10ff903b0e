"""Rows that say what they said last time about products that nobody touched since are settled without being read."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from catalog.importing.batches import Item
from catalog.importing.draft import IdShares
from catalog.importing.fingerprints import find_known, remember_sources
from catalog.importing.foresight import Foreseen, knows_handles
from catalog.importing.pace import steady_pace
from catalog.importing.plan import Plan, RowChange
from catalog.importing.rows import ProductRow, RowError
from catalog.importing.settled import Settled
from catalog.importing.unread import UnreadRow


@dataclass(slots=True)
class SettledBatch:
    """The items of a batch in the same order; `sources` of the products that were read, to remember once written.

    `foreseen` is the plan for a shop that knows none of them; `share` are ids for new rows that are not drafted; `following`
    is the batch after it, which is being read.
    """

    items: list[Settled]
    sources: dict[str, int]
    foreseen: Foreseen | None = None
    share: dict[str, list[int]] | None = None
    following: "Future[SettledBatch] | None" = None

    @property
    def is_drafted(self) -> bool:
        return self.foreseen is not None and self.foreseen.drafted is not None


Foresee = Callable[[list[ProductRow]], Foreseen | None]
ReadBatch = tuple[list[Item], dict[str, int]]


def settle_batches(
    batches: Iterable[list[Item]], *, context: Callable[[], str], foresee: Foresee, ids: IdShares
) -> Iterator[SettledBatch]:
    """One batch ahead: while the caller waits for the database, a thread reads the next rows, plans them if they are new, and
    takes the rows after them from the file.

    `context` tells what beside the file decides what a row means.
    """
    following_rows = iter(batches)
    with steady_pace(), _open_reader() as reader:
        following: Future[SettledBatch] | None = None
        read = reader.submit(_read_batch, following_rows)
        before: set[str] = set()
        while (found := read.result()) is not None:
            batch, sources = found[0], _mark(found[1], context=context())
            known = find_known({handle: source for handle, source in sources.items() if handle not in before})
            before = {item.handle for item in batch if not isinstance(item, RowError)}
            is_new = not known and not knows_handles(before)
            settled = following.result() if following is not None else None
            if is_new and settled is not None and not settled.is_drafted:
                settled.share = ids.set_aside()
            following = reader.submit(_settle, batch, sources, known, foresee if is_new else None)
            read = reader.submit(_read_batch, following_rows)
            if settled is not None:
                settled.following = following
                yield settled
        if following is not None:
            yield following.result()


@contextmanager
def _open_reader() -> Iterator[ThreadPoolExecutor]:
    """One thread, whose connection to the database, if it has one, ends with it."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        try:
            yield reader
        finally:
            reader.submit(_close_connection)


def _close_connection() -> None:
    """That of the thread which calls it."""
    connection.close()


def _read_batch(batches: Iterator[list[Item]]) -> ReadBatch | None:
    batch = next(batches, None)
    return None if batch is None else (batch, _list_sources(batch))


def _settle(batch: list[Item], sources: dict[str, int], known: set[str], foresee: Foresee | None) -> SettledBatch:
    settled: list[Settled] = []
    for item in batch:
        if not isinstance(item, UnreadRow):
            settled.append(item)
        elif item.handle in known:
            settled.append(RowChange(line=item.line, handle=item.handle, sku=item.sku, outcome="unchanged"))
        else:
            found = item.read()
            settled.append(found)
            if isinstance(found, RowError):
                sources.pop(item.handle, None)
    foreseen = foresee([item for item in settled if isinstance(item, ProductRow)]) if foresee else None
    return SettledBatch(
        settled, {handle: source for handle, source in sources.items() if handle not in known}, foreseen
    )


def remember_plan(plan: Plan, sources: Mapping[str, int], *, are_drafted: bool) -> None:
    """Of products all of whose rows were taken."""
    failed = {row.handle for row in plan.rows if row.outcome == "failed"}
    ids = {change.after.handle: change.after.id for change in plan.products}
    taken = ids.keys() - failed
    remember_sources(
        {ids[handle]: source for handle, source in sources.items() if handle in taken}, are_drafted=are_drafted
    )


def _list_sources(batch: Sequence[Item]) -> dict[str, int]:
    contents: dict[str, list[str]] = {}
    eager: set[str] = set()
    for item in batch:
        if isinstance(item, UnreadRow):
            contents.setdefault(item.handle, []).append(item.content)
        elif isinstance(item, ProductRow):
            eager.add(item.handle)
    return {handle: _hash_text("\x1e".join(texts)) for handle, texts in contents.items() if handle not in eager}


def _mark(sources: Mapping[str, int], *, context: str) -> dict[str, int]:
    """The same rows read in another context say something else."""
    mark = _hash_text(context)
    return {handle: source ^ mark for handle, source in sources.items()}


def _hash_text(text: str) -> int:
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
