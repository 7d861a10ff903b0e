"""WooCommerce's product export: simple and variable products with their variations.

Grouped products are pages that list others, external ones are sold elsewhere: both are refused with a sentence.
A variation that fits any value of an attribute keeps that attribute as information, not as a choice.
What is virtual is not sent, and what it says is in stock without a count is sold uncounted (by its product class).
Prices follow the sale on the day of the import; the regular price is then the compare-at price.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from html import unescape

from catalog.importing import cells
from catalog.importing.headings import plain_names, read_each, read_marks, read_plainly, require_columns, spell_columns
from catalog.importing.naming import make_code, make_handle, name_class
from catalog.importing.numbers import DecimalMark
from catalog.importing.parents import ParentIndex
from catalog.importing.rows import ProductRow, RowError, UnreadableCell, UnreadableFile
from catalog.importing.sale_price import choose_price, read_day, today_in_utc
from catalog.importing.source import Record, Source
from catalog.importing.woocommerce_words import translate

NAME = "woocommerce"
NEEDED = ("Type", "Name", "Regular price")
ATTRIBUTE = re.compile(r"attribute (\d+) name")
GUARD = re.compile(r"'(?=[=+\-@\t\r])")
"""WooCommerce writes it before what a spreadsheet would take for a formula, be it a draft's -1 or a count below zero."""
NUMERIC = {"price": "Regular price", "sale_price": "Sale price", "stock": "Stock"}
KILOGRAMS = {"kg": Decimal(1), "g": Decimal("0.001"), "lbs": Decimal("0.45359237"), "oz": Decimal("0.028349523125")}
TAX_CLASSES = {"": "standard", "reduced-rate": "reduced", "zero-rate": "zero"}
Cells = dict[str, str]


def read(source: Source, *, currency: str) -> Iterator[ProductRow | RowError]:
    words = translate(source.header)
    require_columns(source, needed=NEEDED, file_of="WooCommerce product file", aliases=words)
    plain = set(plain_names(source.header, aliases=words).values())
    if not plain & {"sku", "id"}:
        raise UnreadableFile("A WooCommerce product file needs the column SKU, or ID, too. Export all columns again.")
    weight = next((name for name in plain if name.startswith("weight (")), "")
    numeric = {**{ours: theirs.casefold() for ours, theirs in NUMERIC.items()}, "weight": weight}
    marks = read_marks(source, numeric=numeric, aliases=words)
    with ParentIndex() as parents:
        _learn_parents(source, parents=parents, words=words)
        read_record = partial(_read_record, parents=parents, marks=marks, currency=currency)
        rows = read_each(_read_unguarded(source, words=words), read_record)
        yield from spell_columns(rows, source=source, aliases=words)


def _read_unguarded(source: Source, *, words: Mapping[str, str]) -> Iterator[Record | RowError]:
    for record in read_plainly(source, aliases=words):
        if isinstance(record, Record):
            cleaned = {name: cell[1:] if GUARD.match(cell) else cell for name, cell in record.cells.items()}
            yield Record(record.line, cleaned)
        else:
            yield record


def _types(own: Cells) -> set[str]:
    return {part.strip().casefold() for part in own["type"].split(",")}


def _sku(own: Cells) -> str:
    return own.get("sku") or (f"id-{own['id']}" if own.get("id") else "")


def _names(own: Cells) -> list[str]:
    """What variations may call their product: by SKU or by `id:`."""
    return [name for name in (own.get("sku", ""), f"id:{own['id']}" if own.get("id") else "") if name]


def name_family(own: Cells) -> set[str]:
    """The names by which the rows of one product find each other, from cells by plain name."""
    return {name for name in (*_names(own), _parent_of(own)) if name}


def _parent_of(own: Cells) -> str:
    """`ID: 12` is written `id:12` too."""
    text = own.get("parent", "")
    return "id:" + text[3:].strip() if text[:3].casefold() == "id:" else text


def _learn_parents(source: Source, *, parents: ParentIndex, words: Mapping[str, str]) -> None:
    """Variable products by SKU and by `id:`; which handle each name gets (the second of a name adds its SKU)."""
    for record in _read_unguarded(source, words=words):
        if isinstance(record, RowError) or "variation" in _types(record.cells):
            if isinstance(record, Record):
                parents.put("has-variations", _parent_of(record.cells), True)
                _learn_kind(record.cells, names=[_parent_of(record.cells)], parents=parents)
            continue
        own, sku = record.cells, _sku(record.cells)
        parents.put("handle-of", sku, parents.claim_handle(make_handle(unescape(own["name"]) or sku), sku))
        _learn_kind(own, names=_names(own), parents=parents)
        if "variable" in _types(own):
            for key in _names(own):
                parents.put("parent", key, own)


def _learn_kind(own: Cells, *, names: list[str], parents: ParentIndex) -> None:
    """Whether anything of a product is sent, and whether anything of it is counted."""
    types, is_sold_out = _types(own), own.get("in stock?") == "0"
    for name in names:
        if not types & {"variable", "virtual"}:
            parents.put("shipped", name, True)
        has_count = own.get("stock", "").casefold() not in ("", "parent") or is_sold_out or "in stock?" not in own
        if has_count or "downloadable" in types:  # a file that nobody has uploaded here yet is not sold
            parents.put("counted", name, True)


def _name_class(own: Cells, *, parents: ParentIndex) -> str | None:
    def holds(kind: str) -> bool:
        return any(parents.get(kind, name) for name in _names(own))

    return name_class(None, is_shipped=holds("shipped"), is_counted=holds("counted"))


def _read_record(
    record: Record, *, parents: ParentIndex, marks: Mapping[str, DecimalMark | None], currency: str
) -> ProductRow | None:
    """None for a variable product: its variations are what is sold."""
    own, types = record.cells, _types(record.cells)
    if "grouped" in types:
        reason = (
            "A grouped product only lists others and cannot be sold. The products in it are imported by themselves."
        )
        raise UnreadableCell(column="Type", value=own["type"], reason=reason)
    if "external" in types:
        reason = "An external product is sold in another shop. Set its type to simple to sell it here."
        raise UnreadableCell(column="Type", value=own["type"], reason=reason)
    if "variable" in types:
        if not any(parents.get("has-variations", key) for key in _names(own)):
            reason = "This variable product has no variation in the file. Export its variations too."
            raise UnreadableCell(column="SKU", value=_sku(own), reason=reason)
        return None
    if "variation" not in types:
        if "simple" not in types:
            reason = "Expected simple, variable or variation as type."
            raise UnreadableCell(column="Type", value=own["type"], reason=reason)
        return _read_sold(record, shared=own, options=(), parents=parents, marks=marks, currency=currency)
    shared = parents.get("parent", _parent_of(own))
    if shared is None:
        reason = "The variable product that this variation belongs to is not in the file. Export it too."
        raise UnreadableCell(column="Parent", value=own.get("parent", ""), reason=reason)
    options = tuple((name, ", ".join(_split_commas(value))) for name, value in _attributes(own) if value)
    if not options:
        reason = "This variation has no attribute value, so that nobody could choose it. Give it one."
        raise UnreadableCell(column="Attribute 1 value(s)", value="", reason=reason)
    return _read_sold(record, shared=shared, options=options, parents=parents, marks=marks, currency=currency)


def _read_sold(
    record: Record,
    *,
    shared: Cells,
    options: tuple[tuple[str, str], ...],
    parents: ParentIndex,
    marks: Mapping[str, DecimalMark | None],
    currency: str,
) -> ProductRow:
    own, sku = record.cells, _sku(record.cells)
    if not sku or not shared["name"]:
        column = "Name" if sku else "SKU"
        raise UnreadableCell(column=column, value="", reason=f"Every product needs a {column}. Fill in the cell.")
    price, compare_at = _read_prices(own, marks=marks, currency=currency, today=today_in_utc())
    handle = parents.get("handle-of", _sku(shared))
    chosen = {name for name, _ in options}
    return ProductRow(
        line=record.line,
        handle=handle,
        sku=cells.read_sku(sku, column="SKU"),
        title=cells.read_plain(shared["name"], column="Name", length=255),
        description=_read_description(shared) or None,
        product_class=_name_class(shared, parents=parents),
        brand=cells.read_plain(shared.get("brands", ""), column="Brands", length=255) or None,
        categories=_read_categories(shared.get("categories", "")),
        tags=tuple(_split_commas(shared.get("tags", ""))) or None,
        gtin=_read_gtin(own),
        price=price,
        compare_at_price=compare_at,
        tax_class=_read_tax_class(own, shared),
        weight_kg=_read_weight(own, mark=marks["weight"]),
        stock=_read_stock(own, mark=marks["stock"]),
        images=tuple(dict.fromkeys(_split_commas(own.get("images", "")))) or None,
        gallery=(tuple(dict.fromkeys(_split_commas(shared.get("images", "")))) or None) if options else None,
        options=options,
        attributes={
            make_code(name): "|".join(part.replace("|", "/") for part in _split_commas(value))
            for name, value in _attributes(shared)
            if value and name not in chosen
        },
        published=_is_published(own) and _is_published(shared) and not _is_hidden(shared),
        old_path=f"/product/{handle}/",
    )


def _is_published(own: Cells) -> bool:
    """-1 is a draft, 0 private; a cell that somebody emptied says nothing."""
    return (own.get("published") or "1").casefold() in ("1", "1.0", "true", "yes")


def _is_hidden(own: Cells) -> bool:
    """In no list and no search there: known only to whom it was shown, which a published product here would not be."""
    return own.get("visibility in catalog", "").casefold() == "hidden"


def _read_description(own: Cells) -> str:
    r"""WooCommerce writes a line end as the two characters `\n`, and these two as `\\n`."""
    text = own.get("description") or own.get("short description", "")
    return cells.clean_html("\\n".join(part.replace("\\n", "\n") for part in text.split("\\\\n")))


def _attributes(own: Cells) -> list[tuple[str, str]]:
    """Names and values as written, in order."""
    found = []
    for number in sorted(int(named[1]) for column in own if (named := ATTRIBUTE.fullmatch(column))):
        column = f"Attribute {number} name"
        if name := own[column.casefold()]:
            values = own.get(f"attribute {number} value(s)", "")
            found.append(
                (
                    cells.read_plain(name, column=column, length=60),
                    cells.read_plain(values, column=column, length=10_000),
                )
            )
    return found


def _split_commas(text: str) -> list[str]:
    return [part for part in cells.split_escaped(text, ",") if part]


def _read_categories(text: str) -> tuple[tuple[str, ...], ...] | None:
    paths = [cells.read_path(path.split(">"), column="Categories", value=text) for path in _split_commas(text)]
    return tuple(dict.fromkeys(paths)) or None


def _read_prices(
    own: Cells, *, marks: Mapping[str, DecimalMark | None], currency: str, today: date
) -> tuple[Decimal | None, Decimal | None]:
    def amount(name: str) -> Decimal | None:
        text = own.get(NUMERIC[name].casefold(), "")
        return cells.read_money(text, column=NUMERIC[name], mark=marks[name], currency=currency) if text else None

    starts, ends = "Date sale price starts", "Date sale price ends"
    return choose_price(
        regular=amount("price"),
        sale=amount("sale_price"),
        starts=read_day(own.get(starts.casefold(), ""), column=starts),
        ends=read_day(own.get(ends.casefold(), ""), column=ends),
        today=today,
    )


def _read_gtin(own: Cells) -> str | None:
    column = "GTIN, UPC, EAN, or ISBN"
    text = own.get(column.casefold(), "")
    return cells.read_gtin(text, column=column) if text else None


def _read_tax_class(own: Cells, shared: Cells) -> str:
    if (own.get("tax status") or shared.get("tax status")) == "none":
        return "zero"
    code = own.get("tax class", "")
    code = shared.get("tax class", "") if code == "parent" else code
    return cells.read_text(TAX_CLASSES.get(code, code), column="Tax class", length=32)


def _read_weight(own: Cells, *, mark: DecimalMark | None) -> Decimal | None:
    column = next((name for name in own if name.startswith("weight (")), "")
    unit = re.sub(r"weight \((.*)\)", r"\1", column)
    if not own.get(column):
        return None
    return cells.read_weight(own[column], column=column, mark=mark, kilograms=KILOGRAMS.get(unit, Decimal(1)))


def _read_stock(own: Cells, *, mark: DecimalMark | None) -> int | None:
    """None where WooCommerce does not count; 0 where it says out of stock, or sold more than there was."""
    text = own.get("stock", "")
    if own.get("in stock?") == "0" or re.fullmatch(r"-\d+(?:[.,]\d+)?", text):
        return 0
    return None if text.casefold() in ("", "parent") else cells.read_count(text, column="Stock", mark=mark)
