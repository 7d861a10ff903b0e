"""Where the old shop showed a product answers with one 301 to where this shop shows it."""

from collections.abc import Sequence

from catalog.importing.plan import RowChange
from catalog.importing.records import ImportChange
from catalog.importing.rows import ProductRow, RowError
from shop.redirects.models import Redirect
from shop.redirects.moves import Move, add_redirects
from shop.redirects.paths import UnusablePath, clean_path


def keep_old_addresses(
    batch: Sequence[ProductRow | RowError | RowChange], *, changes: Sequence[RowChange], run_id: int
) -> None:
    """For the rows that were taken, in the caller's transaction. An address that leads somewhere already is left alone."""
    if not any(isinstance(row, ProductRow) and row.old_path for row in batch):
        return
    taken = {change.line for change in changes if change.error is None}
    targets: dict[str, str] = {}
    for row in batch:
        if isinstance(row, ProductRow) and row.old_path and row.handle and row.line in taken:
            try:
                targets.setdefault(clean_path(row.old_path), f"/p/{row.handle}/")
            except UnusablePath:
                continue
    known = set(Redirect.objects.filter(from_path__in=targets).values_list("from_path", flat=True))
    moves = [Move(old=old, new=new) for old, new in targets.items() if old not in known and old != new.rstrip("/")]
    if not moves:
        return
    answer = add_redirects(moves, reason=f"import {run_id}")
    ImportChange.objects.bulk_create(
        ImportChange(
            run_id=run_id,
            subject="redirect",
            identifier=old[:255],
            before=None,
            after={"from_path": old, "to_path": answer.targets[old]},
        )
        for old in answer.created
    )
