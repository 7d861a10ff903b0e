"""Rows that say what they said last time about products that nobody touched since are settled without being read."""

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from catalog.importing.batches import Item
from catalog.importing.fingerprints import find_known, remember_sources
from catalog.importing.foresight import knows_handles
from catalog.importing.plan import Plan, RowChange
from catalog.importing.rows import ProductRow, RowError
from catalog.importing.unread import UnreadRow

TURN = 0.0005
"""Seconds for which one thread keeps the interpreter while the other wants it."""
Settled = ProductRow | RowError | RowChange
"""What has to be looked at, what is refused, and what is known to change nothing."""


@dataclass(frozen=True, slots=True)
class SettledBatch:
    """The items of a batch in the same order; `sources` of the products that were read, to remember once written.

    `foreseen` is the plan for a shop that knows none of them.
    """

    items: list[Settled]
    sources: dict[str, int]
    foreseen: Plan | None = None


Foresee = Callable[[list[ProductRow]], Plan | None]


def settle_batches(
    batches: Iterable[list[Item]], *, context: Callable[[], str], foresee: Foresee
) -> Iterator[SettledBatch]:
    """One batch ahead: while the caller waits for the database, a thread reads the next rows, and plans them if they are new.

    `context` tells what beside the file decides what a row means.
    """
    with _short_turns(), ThreadPoolExecutor(max_workers=1) as reader:
        ahead: Future[SettledBatch] | None = None
        before: set[str] = set()
        for batch in batches:
            sources = _list_sources(batch, context=context())
            known = find_known({handle: source for handle, source in sources.items() if handle not in before})
            before = {item.handle for item in batch if not isinstance(item, RowError)}
            is_new = not known and not knows_handles(before)
            following = reader.submit(_settle, batch, sources, known, foresee if is_new else None)
            if ahead is not None:
                yield ahead.result()
            ahead = following
        if ahead is not None:
            yield ahead.result()


@contextmanager
def _short_turns() -> Iterator[None]:
    """The writer waits for the database many times in a batch; each time it is back it should not wait for the reader."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


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


def remember_plan(plan: Plan, sources: Mapping[str, int]) -> None:
    """Of products all of whose rows were taken."""
    failed = {row.handle for row in plan.rows if row.outcome == "failed"}
    ids = {change.after.handle: change.after.id for change in plan.products}
    remember_sources({ids[handle]: source for handle, source in sources.items() if handle in ids.keys() - failed})


def _list_sources(batch: Sequence[Item], *, context: str) -> dict[str, int]:
    contents: dict[str, list[str]] = {}
    eager: set[str] = set()
    for item in batch:
        if isinstance(item, UnreadRow):
            contents.setdefault(item.handle, [context]).append(item.content)
        elif isinstance(item, ProductRow):
            eager.add(item.handle)
    return {handle: _hash_text("\x1e".join(texts)) for handle, texts in contents.items() if handle not in eager}


def _hash_text(text: str) -> int:
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
