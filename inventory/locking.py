"""The only lock for stock.

Whoever makes stock scarcer (reserves, allocates, counts, dispatches) locks the stock records first, all of them in one
call, as late as possible, then checks, then writes. Levels, reservations and allocations have no locks of their own.
Rows are locked in the order of their primary keys, so two transactions never wait for each other in a circle; this
holds only when a transaction locks once. Work that spans several calls locks everything at its start:

    with transaction.atomic():
        lock_stock_records(every_id)
        dispatch_allocation(...)
        dispatch_allocation(...)
"""

from collections.abc import Iterable

from oscar.apps.partner.models import StockRecord


class UnknownStockRecord(LookupError):
    """The stock record was deleted, or never was."""

    def __init__(self, ids: Iterable[int]) -> None:
        self.ids = sorted(ids)
        listed = ", ".join(str(pk) for pk in self.ids)
        super().__init__(f"There is no stock record {listed}; it may have been deleted meanwhile.")


def lock_stock_records(ids: Iterable[int]) -> dict[int, StockRecord]:
    """Lock until the end of the transaction; answers the records by id. Raises UnknownStockRecord.

    FOR NO KEY UPDATE: excludes every other holder of this lock, but lets foreign keys to the record (a basket line) in.
    """
    wanted = set(ids)
    if not wanted:
        return {}
    records = StockRecord.objects.filter(pk__in=wanted).order_by("pk").select_for_update(no_key=True)
    found = {record.pk: record for record in records}
    if missing := wanted - found.keys():
        raise UnknownStockRecord(missing)
    return found


def hold_stock_records(ids: Iterable[int]) -> None:
    """The same lock, for many records of which nobody needs to see more than the ids. Raises UnknownStockRecord."""
    wanted = set(ids)
    records = StockRecord.objects.filter(pk__in=wanted).order_by("pk").select_for_update(no_key=True)
    if missing := wanted - set(records.values_list("pk", flat=True)):
        raise UnknownStockRecord(missing)
