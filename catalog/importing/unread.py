"""A row of which only handle and SKU are read so far. Most rows of a file that comes again need no more than that."""

from collections.abc import Callable
from dataclasses import dataclass

from catalog.importing.rows import ProductRow, RowError
from catalog.importing.source import Record


@dataclass(slots=True)
class UnreadRow:
    """Two rows with the same `content` say the same: it has all cells, and how the file has to be read."""

    line: int
    handle: str
    sku: str
    content: str
    record: Record
    reader: Callable[[Record], ProductRow | RowError]

    def read(self) -> ProductRow | RowError:
        return self.reader(self.record)
