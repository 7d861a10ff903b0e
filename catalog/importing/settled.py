"""The items of a batch once it is known which of them have to be looked at: counted, named, cut in two."""

from catalog.importing.plan import Plan, RowChange
from catalog.importing.rows import ProductRow, RowError

COUNTED = ("rows", "created", "updated", "unchanged", "failed")
Settled = ProductRow | RowError | RowChange
"""What has to be looked at, what is refused, and what is known to change nothing."""


def tally_batch(batch: list[Settled], plan: Plan) -> dict[str, int]:
    tally = dict.fromkeys(COUNTED, 0)
    tally["rows"] = len(batch)
    tally["failed"] = sum(isinstance(item, RowError) for item in batch)
    for change in plan.rows:
        tally[change.outcome] += 1
    return tally


def list_refusals(plan: Plan) -> list[RowError]:
    return [change.error for change in plan.rows if change.error is not None]


def name_pictures(batch: list[Settled]) -> list[str]:
    rows = (item for item in batch if isinstance(item, ProductRow))
    named = (names for row in rows for names in (row.images, row.gallery) if isinstance(names, tuple))
    return list(dict.fromkeys(name for names in named for name in names))


def subject_of(row: ProductRow | RowChange) -> str:
    """What is counted as one product: the handle, or in a file of SKUs the SKU."""
    return row.handle or row.sku


def split_at_subject(batch: list[Settled], subject: str) -> tuple[list[Settled], list[Settled]]:
    """Before the first row of the product, and from it on: both in file order, so that the cursor stays true."""
    at = next(n for n, item in enumerate(batch) if isinstance(item, ProductRow) and subject_of(item) == subject)
    return batch[:at], batch[at:]
