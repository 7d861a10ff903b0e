"""A stream of rows cut into batches that fit one transaction: whole products where possible, bounded in memory."""

from collections.abc import Iterable, Iterator

from catalog.importing.rows import ProductRow, RowError
from catalog.importing.unread import UnreadRow

PRODUCTS, ROWS, CHARACTERS = 750, 2_000, 8_000_000

Item = ProductRow | UnreadRow | RowError


def split_into_batches(
    items: Iterable[Item], *, products: int = PRODUCTS, rows: int = ROWS, characters: int = CHARACTERS
) -> Iterator[list[Item]]:
    """Cuts between two products, unless one product alone is too much."""
    batch: list[Item] = []
    handle, seen, length = None, 0, 0
    for item in items:
        if not isinstance(item, RowError) and item.handle != handle:
            if batch and (seen >= products or len(batch) >= rows * 3 // 4 or length >= characters):
                yield batch
                batch, seen, length = [], 0, 0
            handle, seen = item.handle, seen + 1
        if len(batch) >= rows or length >= 2 * characters:
            yield batch
            batch, seen, length = [], 0, 0
        batch.append(item)
        if isinstance(item, UnreadRow):
            length += len(item.content)
        elif isinstance(item, ProductRow) and isinstance(item.description, str):
            length += len(item.description)
    if batch:
        yield batch
