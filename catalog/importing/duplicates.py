"""A SKU that comes twice in one file: the first row counts, the later ones are refused."""

import hashlib
from collections.abc import Iterable, Iterator

from catalog.importing.rows import ProductRow, RowError


def refuse_duplicates(rows: Iterable[ProductRow | RowError]) -> Iterator[ProductRow | RowError]:
    """Remembers 8 bytes of digest per SKU, so that a million rows fit in memory.

    A stock file may name a SKU once for each location.
    """
    first_lines: dict[int, int] = {}
    for row in rows:
        if isinstance(row, ProductRow):
            name = row.sku if row.handle else f"{row.sku}\0{row.location or ''}"
            digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
            first = first_lines.setdefault(int.from_bytes(digest, "big"), row.line)
            if first != row.line:
                reason = (
                    f"This SKU is already on line {first}. A SKU has one row in a file; remove or renumber one of them."
                )
                yield RowError(line=row.line, column="sku", value=row.sku, reason=reason)
                continue
        yield row
