"""Tell the rooms above that something sold out can be sold again: the event `stock.available`.

The event names stock records whose saleable units went from none to some, in one transaction. Whoever adds units asks
`sold_out_among` before and `announce_returns` after, in that transaction.
"""

import uuid
from collections.abc import Collection, Iterable

from catalog.kits.records import KitPart
from inventory.availability import saleable_for
from shop.outbox.publish import publish


def sold_out_among(stock_record_ids: Iterable[int]) -> set[int]:
    """Those of which no unit can be sold now, and the kits that hold one of them and are sold out. Two queries."""
    ids = set(stock_record_ids)
    kits = KitPart.objects.filter(component__in=ids).values_list("kit_id", flat=True)
    return {pk for pk, units in saleable_for(ids.union(kits)).items() if units == 0}


def announce_returns(sold_out: Collection[int]) -> list[int]:
    """Write one event with those of `sold_out` that can be sold now; answers them. Nothing is asked for none."""
    if not sold_out:
        return []
    back = sorted(pk for pk, units in saleable_for(sold_out).items() if units != 0)
    if back:
        key = f"stock.available:{uuid.uuid4()}"
        publish("stock.available", {"stock_record_ids": back, "reference": key}, key=key)
    return back
