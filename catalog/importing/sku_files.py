"""Files that know SKUs only: prices (`sku,price[,currency]`) and stock (`sku,location,quantity[,reason]`).

Shopify's file of its inventory and Magento's file of its sources are read as files of stock.
"""

import difflib
from collections.abc import Callable, Iterator, Sequence

from catalog.importing import cells
from catalog.importing.native import detect_marks
from catalog.importing.numbers import DecimalMark
from catalog.importing.rows import ProductRow, RowError, UnreadableCell, UnreadableFile
from catalog.importing.source import Record, Source

PRICE_COLUMNS = ("sku", "price", "currency", "price_list", "min_quantity", "starts", "ends")
NOT_KEPT = {
    "price_list": "prices of a list of their own",
    "min_quantity": "prices by quantity",
    "starts": "prices with a first day",
    "ends": "prices with a last day",
}
STOCK_COLUMNS = ("sku", "location", "quantity", "reason")
OTHER_SHOPS = (
    ({"sku", "location", "on hand (current)"}, {"quantity": ("on hand (new)", "on hand (current)")}),
    ({"sku", "location", "on hand (new)"}, {"quantity": ("on hand (new)",)}),
    ({"sku", "handle", "location", "on hand"}, {"quantity": ("on hand",)}),
    ({"sku", "source_code", "quantity"}, {"location": ("source_code",)}),
)
"""Files of stock of Shopify and Magento: what tells them, and where they have ours; the first filled cell counts."""
NOT_STOCKED = "not stocked"
Marks = dict[str, DecimalMark | None]


def read_prices(source: Source, *, currency: str) -> Iterator[ProductRow | RowError]:
    """`currency` is the shop's. Raises UnreadableFile for missing or unknown columns."""

    def read_record(record: Record, marks: Marks) -> ProductRow:
        for column, kept in NOT_KEPT.items():
            if record.cells.get(column):
                reason = f"This shop keeps one price for each SKU, and no {kept}. Empty the cell to import the price as it is."
                raise UnreadableCell(column=column, value=record.cells[column], reason=reason)
        code = record.cells.get("currency", "")
        money = cells.read_currency(code, column="currency") if code else None
        text = record.cells["price"]
        price = (
            cells.read_money(text, column="price", mark=marks["price"], currency=money or currency) if text else None
        )
        return ProductRow(line=record.line, handle="", sku=_read_sku(record), price=price, currency=money)

    return _read(source, columns=PRICE_COLUMNS, needed=("sku", "price"), number="price", read_record=read_record)


def read_stock(source: Source) -> Iterator[ProductRow | RowError]:
    """Units on hand as counted. Raises UnreadableFile for missing or unknown columns."""

    def read_record(record: Record, marks: Marks) -> ProductRow:
        text = record.cells["quantity"]
        text = "" if text.casefold() == NOT_STOCKED else text
        return ProductRow(
            line=record.line,
            handle="",
            sku=_read_sku(record),
            stock=cells.read_count(text, column="quantity", mark=marks["quantity"]) if text else None,
            location=cells.read_text(record.cells.get("location", ""), column="location", length=32) or None,
            stock_reason=cells.read_text(record.cells.get("reason", ""), column="reason", length=200),
        )

    return _read(source, columns=STOCK_COLUMNS, needed=("sku", "quantity"), number="quantity", read_record=read_record)


def _read(
    source: Source,
    *,
    columns: Sequence[str],
    needed: Sequence[str],
    number: str,
    read_record: Callable[[Record, Marks], ProductRow],
) -> Iterator[ProductRow | RowError]:
    spellings = _check_columns(source.header, columns=columns, needed=needed) if source.kind != "jsonl" else {}
    marks = detect_marks(source, columns={number: spellings.get(number, (number,))[-1]})
    for found in source.records():
        if isinstance(found, RowError):
            yield found
            continue
        by_name = {
            name: next(filter(None, (found.cells[one] for one in written)), "") for name, written in spellings.items()
        }
        by_name = by_name or found.cells
        record = Record(found.line, {**dict.fromkeys(needed, ""), **by_name})
        try:
            unknown = next((name for name in record.cells if name not in columns), None)
            if unknown is not None:
                reason = f"This key is not known. Expected: {', '.join(columns)}."
                raise UnreadableCell(column=unknown[:60], value=record.cells[unknown], reason=reason)
            yield read_record(record, marks)
        except UnreadableCell as error:
            yield error.at_line(found.line)


def _check_columns(
    header: Sequence[str], *, columns: Sequence[str], needed: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """How the file spells each of our columns; of another shop's file several may hold the same."""
    spellings = {name.casefold(): name for name in header if name}
    if "quantity" in needed and (other := next((has for signs, has in OTHER_SHOPS if signs <= spellings.keys()), None)):
        found = {name: other.get(name, (name,)) for name in STOCK_COLUMNS}
        known = {name: tuple(spellings[one] for one in written if one in spellings) for name, written in found.items()}
        return {name: written for name, written in known.items() if written}
    for name in spellings:
        if name not in columns:
            close = difflib.get_close_matches(name[:60], columns, n=1)
            hint = f"Did you mean “{close[0]}”?" if close else f"Expected: {', '.join(columns)}."
            raise UnreadableFile(f"The column “{name[:60]}” is not known. {hint}")
    missing = [name for name in needed if name not in spellings]
    if missing:
        raise UnreadableFile(f"The file needs the columns {', '.join(needed)}; {', '.join(missing)} is missing.")
    return {name: (spelling,) for name, spelling in spellings.items()}


def _read_sku(record: Record) -> str:
    sku = cells.read_sku(record.cells["sku"], column="sku")
    if not sku:
        raise UnreadableCell(column="sku", value="", reason="Every row needs a sku. Fill in the cell.")
    return sku
