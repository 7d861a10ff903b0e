"""The rows of a product's matrix: each combination, with what was typed beside it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord

from catalog.gtin import WrongGtin, following_gtins, read_gtin
from catalog.matrix.choices import MOST_VARIANTS
from catalog.matrix.combining import Held, Matrix, Values, propose_skus
from catalog.matrix.making import NewVariant
from shop.backoffice.sellable_form import LONGEST_SKU, money_field

CELLS: Final = ("make", "proposed", "sku", "price", "gtin")
_PRICE: Final = money_field(required=False)


@dataclass(slots=True, kw_only=True)
class Row:
    """One combination. What is `held` is shown only; the rest is made when `is_wanted`. `errors` by cell."""

    values: Values
    names: tuple[str, ...]
    prefix: str
    held: Held | None
    is_wanted: bool = True
    proposed: str = ""
    sku: str = ""
    price: str = ""
    gtin: str = ""
    gtin_proposed: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return " / ".join(self.values)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Choice and value."""
        return list(zip(self.names, self.values, strict=True))


@dataclass(slots=True)
class Rows:
    """`carried` is what was typed for combinations that are not there just now: it comes back with them."""

    rows: list[Row]
    carried: list[tuple[str, str]]
    digest: str

    @property
    def wanted(self) -> list[Row]:
        return [row for row in self.rows if row.held is None and row.is_wanted]

    @property
    def is_valid(self) -> bool:
        return not any(row.errors for row in self.rows)


def read_rows(matrix: Matrix, sent: Mapping[str, str], *, beginning: str, gtin_from: str, may_price: bool) -> Rows:
    """With what was typed, or with proposals for what is shown for the first time. Two queries for the proposals."""
    proposals = propose_skus(beginning, matrix.missing)
    numbers = following_gtins(gtin_from) if gtin_from else iter(())
    rows, names = [], tuple(choice.name for choice in matrix.choices)
    for values, held in matrix.rows.items():
        row = Row(values=values, names=names, prefix=prefix_of(values), held=held, proposed=proposals.get(values, ""))
        if held is None:
            _fill(row, sent, may_price=may_price)
            if gtin_from and row.is_wanted and not row.gtin:
                row.gtin_proposed = next(numbers, "")
        rows.append(row)
    known = {row.prefix for row in rows}
    digest = hashlib.sha256("".join(row.prefix for row in rows).encode()).hexdigest()[:16]
    return Rows(rows, _carry(sent, known), digest)


def keep_typed(sent: Mapping[str, str]) -> Rows:
    """While the choices cannot be read there are no rows; what was typed in them stays in the form."""
    return Rows([], _carry(sent, set()), "")


def check_rows(rows: Rows) -> None:
    """Puts a sentence beside each cell that cannot be. Two queries."""
    wanted = rows.wanted
    skus = _taken(StockRecord.objects.values_list("partner_sku", flat=True), "partner_sku", (row.sku for row in wanted))
    gtins = {row.prefix: _read_gtin(row) for row in wanted}
    used = _taken(Product.objects.values_list("upc", flat=True), "upc", gtins.values())
    seen: dict[str, str] = {}
    numbers: dict[str, str] = {}
    for row in wanted:
        _read_price(row)
        if not row.sku:
            row.errors["sku"] = "Every variant has a SKU. Write one, or take the tick away."
        elif len(row.sku) > LONGEST_SKU:
            row.errors["sku"] = f"This SKU has {len(row.sku)} characters; {LONGEST_SKU} are the most."
        elif not row.sku.isprintable():
            row.errors["sku"] = "This SKU holds characters that nobody can see. Write it again."
        elif row.sku in skus:
            row.errors["sku"] = f"The SKU {row.sku} belongs to another product; every SKU is used once."
        elif row.sku in seen:
            row.errors["sku"] = f"{seen[row.sku]} has the SKU {row.sku} already; every SKU is used once."
        seen.setdefault(row.sku, row.words)
        gtin = gtins[row.prefix]
        if gtin and gtin in used:
            row.errors["gtin"] = f"Another product has the GTIN {gtin}. A GTIN belongs to one thing that is sold."
        elif gtin and gtin in numbers:
            row.errors["gtin"] = f"{numbers[gtin]} has the GTIN {gtin} already."
        numbers.setdefault(gtin, row.words)


def list_variants(rows: Rows, *, price: Decimal | None) -> list[NewVariant]:
    """Of rows that `check_rows` found right. An empty cell takes what is the same for all."""
    return [
        NewVariant(
            values=row.values,
            sku=row.sku,
            price=_PRICE.clean(row.price) if row.price else price,
            gtin=read_gtin(row.gtin or row.gtin_proposed) if row.gtin or row.gtin_proposed else "",
        )
        for row in rows.wanted
    ]


def prefix_of(values: Iterable[str]) -> str:
    """The same for the same combination, so that what was typed stays with it."""
    return f"r{hashlib.sha256(chr(31).join(values).encode()).hexdigest()[:12]}"


def _fill(row: Row, sent: Mapping[str, str], *, may_price: bool) -> None:
    typed = {cell: sent.get(f"{row.prefix}-{cell}", "").strip() for cell in CELLS}
    was_shown = f"{row.prefix}-proposed" in sent
    row.is_wanted = bool(typed["make"]) if was_shown else True
    row.sku = typed["sku"] if was_shown and typed["sku"] != typed["proposed"] else row.proposed
    row.price, row.gtin = typed["price"] if may_price else "", typed["gtin"]


def _carry(sent: Mapping[str, str], known: set[str]) -> list[tuple[str, str]]:
    """Only of rows where a person changed something, and no more rows than a product may have."""
    gone = [name[: -len("-proposed")] for name in sent if name.endswith("-proposed") and name[:1] == "r"]
    kept = []
    for prefix in [one for one in gone if one not in known][:MOST_VARIANTS]:
        cells = {cell: sent.get(f"{prefix}-{cell}", "") for cell in CELLS}
        if not cells["make"] or cells["price"] or cells["gtin"] or cells["sku"] != cells["proposed"]:
            kept += [(f"{prefix}-{cell}", text) for cell, text in cells.items() if text or cell == "proposed"]
    return kept


def _taken(rows: Any, column: str, wanted: Iterable[str]) -> set[str]:
    return set(rows.filter(**{f"{column}__in": {one for one in wanted if one.isprintable()}}))


def _read_gtin(row: Row) -> str:
    typed = row.gtin or row.gtin_proposed
    try:
        return read_gtin(typed) if typed else ""
    except WrongGtin as problem:
        row.errors["gtin"] = str(problem)
        return ""


def _read_price(row: Row) -> None:
    try:
        _PRICE.clean(row.price)
    except ValidationError:
        row.errors["price"] = f"“{row.price[:40]}” is no price. Write it like 12.50, or leave it empty."
