"""Tell the rooms above that something sold out is on the shelf again: the event `stock.available`.

The event names stock records whose units to send at once went from none to some, in one transaction; what is only sold
ahead is not back. Whoever adds units asks `sold_out_among` before, then gives those who wait theirs, then asks
`announce_returns`, in that transaction.
"""

import uuid
from collections.abc import Collection, Iterable

from catalog.kits.records import KitPart
from inventory.promises import units_at_once
from shop.outbox.publish import publish


def sold_out_among(stock_record_ids: Iterable[int]) -> set[int]:
    """Those of which no unit can be sent now, and the kits that hold one of them and cannot either. Three queries."""
    ids = set(stock_record_ids)
    kits = KitPart.objects.filter(component__in=ids).values_list("kit_id", flat=True)
    return {pk for pk, units in units_at_once(ids.union(kits)).items() if units == 0}


def announce_returns(sold_out: Collection[int]) -> list[int]:
    """Write one event with those of `sold_out` that can be sent now; answers them. Nothing is asked for none."""
    if not sold_out:
        return []
    back = sorted(pk for pk, units in units_at_once(sold_out).items() if units != 0)
    if back:
        key = f"stock.available:{uuid.uuid4()}"
        publish("stock.available", {"stock_record_ids": back, "reference": key}, key=key)
    return back
