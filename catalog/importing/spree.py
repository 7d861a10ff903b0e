"""Spree's product file: rows that share a slug are one product; the row with the name describes it, the others are variants.

A product without variant rows is sold as it is. A variant that comes once per currency gets the price in the shop's
currency, or the first one when the shop's is missing; its other rows are left out. `custom_field.custom.wattage` is the
attribute `wattage`. Products on sale only later, or no longer, are imported unpublished.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from catalog.importing import cells
from catalog.importing.headings import read_marks, read_plainly, require_columns
from catalog.importing.naming import make_code, make_handle, name_class
from catalog.importing.numbers import DecimalMark
from catalog.importing.parents import ParentIndex
from catalog.importing.rows import ProductRow, RowError, UnreadableCell
from catalog.importing.sale_price import read_day, today_in_utc
from catalog.importing.source import Record, Source

NAME = "spree"
NEEDED = ("slug", "sku", "name", "price")
NUMERIC = {"price": "price", "compare_at_price": "compare_at_price", "weight": "weight", "stock": "inventory_count"}
KILOGRAMS = {"kg": Decimal(1), "g": Decimal("0.001"), "lb": Decimal("0.45359237"), "oz": Decimal("0.028349523125")}
MEASURES = ("width", "height", "depth")
CUSTOM = re.compile(r"(?:custom_field|metafield|property)s?\.(?:[^.]+\.)?(.+)")
NUMBERED = re.compile(r"(category|option|image)(\d+)(_name|_value|_src)?")
Cells = dict[str, str]
Marks = Mapping[str, DecimalMark | None]


def read(source: Source, *, currency: str) -> Iterator[ProductRow | RowError]:
    require_columns(source, needed=NEEDED, file_of="Spree product file")
    marks = read_marks(source, numeric=NUMERIC)
    numbers = {kind: _numbers(source, kind) for kind in ("category", "option", "image")}
    with ParentIndex() as parents:
        _learn_products(source, parents=parents, options=numbers["option"], currency=currency)
        for record in read_plainly(source):
            if isinstance(record, RowError):
                yield record
                continue
            try:
                row = _read_record(record, parents=parents, numbers=numbers, marks=marks, currency=currency)
            except UnreadableCell as error:
                yield error.at_line(record.line)
            else:
                if row is not None:
                    yield row


def _numbers(source: Source, kind: str) -> list[int]:
    found = (NUMBERED.fullmatch(name.casefold()) for name in source.header)
    return sorted({int(match[2]) for match in found if match and match[1] == kind})


def _sku(own: Cells, *, options: list[int]) -> str:
    values = [own.get(f"option{number}_value", "") for number in options]
    return own["sku"] or "-".join([own["slug"], *(make_handle(value) for value in values if value)])


def _is_variant(own: Cells, *, options: list[int]) -> bool:
    return any(own.get(f"option{number}_value") for number in options)


def _learn_products(source: Source, *, parents: ParentIndex, options: list[int], currency: str) -> None:
    """The describing row of each slug, whether variants follow, and per SKU the row that the price is taken from."""
    for record in read_plainly(source):
        if isinstance(record, RowError):
            continue
        own = record.cells
        if own["name"]:
            parents.put("product", own["slug"], own)
        if _is_variant(own, options=options):
            parents.put("has-variants", own["slug"], True)
        code, sku = own.get("currency", "").upper(), _sku(own, options=options)
        known = parents.get_fresh("first", sku)
        if known is None:
            parents.put("first", sku, [record.line, code])
            parents.put("currencies", sku, [code])
            parents.put("price", sku, own)
        elif code not in parents.get_fresh("currencies", sku):
            parents.add_to_list("currencies", sku, code)
            if code == currency:
                parents.replace("price", sku, own)


def _read_record(
    record: Record, *, parents: ParentIndex, numbers: Mapping[str, list[int]], marks: Marks, currency: str
) -> ProductRow | None:
    """None for a row that only describes its variants, and for a second currency of a SKU."""
    own, options = record.cells, numbers["option"]
    if not own["slug"]:
        raise UnreadableCell(column="slug", value="", reason="Every row needs a slug. Fill in the cell.")
    is_variant = _is_variant(own, options=options)
    if not is_variant and parents.get("has-variants", own["slug"]):
        return None
    line, code = parents.get("first", _sku(own, options=options))
    if record.line != line and own.get("currency", "").upper() != code:
        return None
    shared = parents.get("product", own["slug"])
    if shared is None:
        reason = f"No row of “{own['slug'][:60]}” has a name. Fill it in on the first row of the product."
        raise UnreadableCell(column="name", value="", reason=reason)
    return _read_sold(
        record, shared=shared, is_variant=is_variant, parents=parents, numbers=numbers, marks=marks, currency=currency
    )


def _read_sold(
    record: Record,
    *,
    shared: Cells,
    is_variant: bool,
    parents: ParentIndex,
    numbers: Mapping[str, list[int]],
    marks: Marks,
    currency: str,
) -> ProductRow:
    own = record.cells
    sku = _sku(own, options=numbers["option"])
    priced = parents.get("price", sku)
    code = cells.read_currency(priced["currency"], column="currency") if priced.get("currency") else None

    def amount(name: str) -> Decimal | None:
        text = priced.get(name, "")
        return cells.read_money(text, column=name, mark=marks[name], currency=code or currency) if text else None

    price, compare_at = amount("price"), amount("compare_at_price")
    tax_class = shared.get("tax_category", "")
    own_images, shared_images = (_read_images(found, numbers=numbers["image"]) for found in (own, shared))
    return ProductRow(
        line=record.line,
        handle=make_handle(own["slug"]),
        sku=cells.read_sku(sku, column="sku"),
        title=cells.read_plain(shared["name"], column="name", length=255),
        description=cells.clean_html(shared.get("description", "")) or None,
        product_class=name_class(
            cells.read_plain(shared.get("product_type", ""), column="product_type", length=128) or None,
            is_shipped=True,
            is_counted=is_variant or own.get("track_inventory", "").casefold() != "false",
        ),
        brand=cells.read_plain(shared.get("brand", "") or shared.get("vendor", ""), column="brand", length=255) or None,
        categories=_read_categories(shared, numbers=numbers["category"]),
        tags=tuple(dict.fromkeys(tag.strip() for tag in shared.get("tags", "").split(",") if tag.strip())) or None,
        gtin=cells.read_gtin(own["barcode"], column="barcode") if own.get("barcode") else None,
        price=price,
        compare_at_price=compare_at if compare_at and price is not None and compare_at > price else None,
        currency=code,
        tax_class=None if tax_class.casefold() in ("", "default") else make_handle(tax_class)[:32],
        weight_kg=_read_weight(own, mark=marks["weight"]),
        stock=_read_stock(own, mark=marks["stock"]),
        images=own_images or None,
        gallery=(shared_images or None) if is_variant else None,
        options=_read_options(own, shared, numbers=numbers["option"]),
        attributes=_read_attributes(own, shared),
        published=_is_on_sale(shared),
        old_path=f"/products/{own['slug']}",
    )


def _read_options(own: Cells, shared: Cells, *, numbers: list[int]) -> tuple[tuple[str, str], ...]:
    options = []
    for number in numbers:
        name = own.get(f"option{number}_name", "") or shared.get(f"option{number}_name", "")
        value, column = own.get(f"option{number}_value", ""), f"option{number}_value"
        if name and value:
            options.append(
                (cells.read_plain(name, column=column, length=60), cells.read_plain(value, column=column, length=255))
            )
    return tuple(options)


def _read_categories(shared: Cells, *, numbers: list[int]) -> tuple[tuple[str, ...], ...] | None:
    paths = []
    for number in numbers:
        column = f"category{number}"
        if text := shared.get(column, ""):
            paths.append(cells.read_path(re.split(r"\s*->\s*", text), column=column, value=text))
    return tuple(dict.fromkeys(paths)) or None


def _read_images(own: Cells, *, numbers: list[int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (own.get(f"image{number}_src", "") for number in numbers))))


def _read_weight(own: Cells, *, mark: DecimalMark | None) -> Decimal | None:
    if not own.get("weight"):
        return None
    unit = own.get("weight_unit", "").casefold() or "kg"
    if unit not in KILOGRAMS:
        reason = f"This unit of weight is not known. Expected one of {', '.join(KILOGRAMS)}."
        raise UnreadableCell(column="weight_unit", value=unit, reason=reason)
    return cells.read_weight(own["weight"], column="weight", mark=mark, kilograms=KILOGRAMS[unit])


def _read_stock(own: Cells, *, mark: DecimalMark | None) -> int | None:
    """None where Spree does not count; a count below zero, which it keeps for backorders, is 0 on hand."""
    text = own.get("inventory_count", "")
    if not text or own.get("track_inventory", "").casefold() == "false":
        return None
    return 0 if text.startswith("-") else cells.read_count(text, column="inventory_count", mark=mark)


def _read_attributes(own: Cells, shared: Cells) -> dict[str, str]:
    found = {}
    for source in (shared,) if shared is own else (shared, own):
        for name, text in source.items():
            if text and (custom := CUSTOM.fullmatch(name)):
                found[make_code(custom[1])] = cells.read_plain(text, column=name, length=10_000)
        for name in MEASURES:
            if source.get(name):
                found[name] = f"{source[name]} {source.get('dimensions_unit', '')}".strip()
    return found


def _is_on_sale(shared: Cells) -> bool:
    starts = read_day(shared.get("available_on", ""), column="available_on")
    ends = read_day(shared.get("discontinue_on", ""), column="discontinue_on")
    today = today_in_utc()
    is_active = shared.get("status", "").casefold() in ("", "active")
    return is_active and not (starts and starts > today) and not (ends and ends <= today)
