"""A SKU that comes twice in one file: the first row counts, the later ones are refused."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from catalog.importing.rows import ProductRow, RowError
from catalog.importing.unread import UnreadRow

Row = TypeVar("Row", bound=ProductRow | UnreadRow)


def refuse_duplicates(rows: Iterable[Row | RowError]) -> Iterator[Row | RowError]:
    """Remembers 8 bytes per SKU, so that a million rows fit in memory.

    A stock file may name a SKU once for each location.
    """
    first_lines: dict[int, int] = {}
    for row in rows:
        if not isinstance(row, RowError):
            name = row.sku if isinstance(row, UnreadRow) or row.handle else f"{row.sku}\0{row.location or ''}"
            first = first_lines.setdefault(hash(name), row.line)
            if first != row.line:
                reason = (
                    f"This SKU is already on line {first}. A SKU has one row in a file; remove or renumber one of them."
                )
                yield RowError(line=row.line, column="sku", value=row.sku, reason=reason)
                continue
        yield row
