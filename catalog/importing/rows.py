"""What a reader hands over: one typed row per sellable SKU, or the reason why a row was refused.

In a `ProductRow`, None means "the file says nothing: leave the value alone" and `CLEAR` means "empty the value".
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

VALUE_SHOWN = 200
"""Characters of a refused value that a report repeats."""


class Clear(enum.Enum):
    """The type of `CLEAR`."""

    CLEAR = "-"

    def __repr__(self) -> str:
        return "CLEAR"


CLEAR: Final = Clear.CLEAR

ClearType = Literal[Clear.CLEAR]
Text = str | ClearType | None
Amount = Decimal | ClearType | None
Names = tuple[str, ...] | ClearType | None
Components = tuple[tuple[str, int], ...] | ClearType | None
Paths = tuple[tuple[str, ...], ...] | ClearType | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRow:
    """One sellable SKU. Rows that share `handle` are variants of one product.

    Rows of a price or stock file know the SKU only: their `handle` is empty, and is looked up.
    `images` are the pictures of this SKU; `gallery` those of the whole product, when the file tells them apart.
    `image_alts` are the words of `images` and then of `gallery`, in their order; an empty one says nothing.
    `components` make the SKU a kit: SKUs of its parts with their units; `kit_percent_off` lets its price follow them.
    `attributes` maps codes to text; several values of one attribute are joined by `|`.
    `facts` maps the columns of `catalog.importing.fact_cells` to the one form of their text.
    `old_path` is where the shop that wrote the file showed the product, for a permanent redirect.
    `line` counts the lines of the file (in a workbook: the rows of the sheet) from 1.
    """

    line: int
    handle: str
    sku: str
    title: str | None = None
    description: Text = None
    product_class: str | None = None
    brand: Text = None
    categories: Paths = None
    tags: Names = None
    gtin: Text = None
    price: Decimal | None = None
    compare_at_price: Amount = None
    cost: Amount = None
    currency: str | None = None
    tax_class: Text = None
    weight_kg: Amount = None
    stock: int | None = None
    stock_reason: str = ""
    location: str | None = None
    images: Names = None
    gallery: Names = None
    image_alts: Names = None
    options: tuple[tuple[str, str], ...] = ()
    components: Components = None
    kit_percent_off: Amount = None
    attributes: Mapping[str, Text] = field(default_factory=dict)
    published: bool | None = None
    facts: Mapping[str, Text] = field(default_factory=dict)
    old_path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowError:
    """A refused row. `reason` is a sentence: what is wrong, what was expected, what to do.

    `line` 0 stands for the file as a whole; `column` is empty when no single column is to blame.
    """

    line: int
    column: str
    value: str
    reason: str

    def __post_init__(self) -> None:
        if len(self.value) > VALUE_SHOWN:
            object.__setattr__(self, "value", self.value[: VALUE_SHOWN - 1] + "…")


class UnreadableCell(Exception):
    """A cell's text cannot be what its column holds."""

    def __init__(self, *, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, value, reason

    def at_line(self, line: int) -> RowError:
        return RowError(line=line, column=self.column, value=self.value, reason=self.reason)


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message is the sentence to show."""
