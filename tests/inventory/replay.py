"""The ledger applied movement by movement from the first one on: what any report about the past must agree with."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from inventory.costs.records import CostLayer
from inventory.models import StockMovement

CENT = Decimal("0.01")


@dataclass
class Shelf:
    """One stock record. Layers from the oldest: [units left, units at first, amount or None]."""

    on_hand: int = 0
    in_transit: int = 0
    layers: deque[list] = field(default_factory=deque)

    def apply(self, kind: str, delta: int, amount: Decimal | None) -> None:
        self.on_hand += delta
        if kind.startswith("transfer"):
            self.in_transit -= delta
        elif delta > 0:
            self.layers.append([delta, delta, amount])
        else:
            left = -delta
            while left:
                taken = min(left, self.layers[0][0])
                self.layers[0][0] -= taken
                left -= taken
                if not self.layers[0][0]:
                    self.layers.popleft()

    @property
    def value(self) -> Decimal:
        shares = (amount * left / whole for left, whole, amount in self.layers if amount is not None)
        return sum((share.quantize(CENT, rounding=ROUND_HALF_UP) for share in shares), Decimal(0))

    @property
    def uncosted(self) -> int:
        return sum(left for left, _, amount in self.layers if amount is None)


def replay(*, until: datetime | None = None) -> dict[int, Shelf]:
    """By stock record id; every movement up to and including `until`."""
    amounts = dict(CostLayer.objects.values_list("movement_id", "amount"))
    shelves: dict[int, Shelf] = defaultdict(Shelf)
    rows = StockMovement.objects.order_by("created_at", "id")
    if until is not None:
        rows = rows.filter(created_at__lte=until)
    columns = rows.values_list("id", "stock_record_id", "kind", "quantity_delta")
    for pk, record, kind, delta in columns.iterator(chunk_size=10_000):
        shelves[record].apply(kind, delta, amounts.get(pk))
    return shelves
