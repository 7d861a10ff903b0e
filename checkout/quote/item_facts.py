"""What a line may bring beside its price: parts of a kit, texts written on it, a day to wait for."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPart:
    """`quantity` units of a single thing in one kit; `unit_price` in the price list, None when not sold singly."""

    stock_record_id: int
    sku: str
    title: str
    quantity: int
    unit_price: Decimal | None
    tax_class: str

    @property
    def words(self) -> str:
        return f"{self.quantity} × {self.title}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemText:
    """What is written on the thing, and what that costs on each unit, as the shop's prices are."""

    option_id: int
    name: str
    text: str
    surcharge: Decimal

    @property
    def words(self) -> str:
        return f"{self.name}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWait:
    """`units` of the line have to come in first; `on` is the promised day (ISO), `words` what the shopper is told."""

    units: int
    kind: str
    on: str
    words: str
