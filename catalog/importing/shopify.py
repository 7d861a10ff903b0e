"""Shopify's product export, with its older column names (Handle, Variant Price) and its newer ones (URL handle, Price).

The first row of a handle holds the product; rows below add variants and pictures, wherever in the file they are.

Variants without a SKU get one from the handle and their option values. A count below zero (oversold) is read as 0.
What no inventory tracker counts is sold whatever its count says (by its product class); the count is kept as it stands.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from catalog.importing import cells
from catalog.importing.headings import read_marks, read_plainly, require_columns, spell_columns
from catalog.importing.naming import make_code, make_handle, name_class
from catalog.importing.numbers import DecimalMark
from catalog.importing.parents import ParentIndex
from catalog.importing.picture_cells import cut_alts
from catalog.importing.rows import ProductRow, RowError, UnreadableCell
from catalog.importing.source import Record, Source

NAME = "shopify"
NEEDED = ("Handle", "Title", "Variant Price")
NUMERIC = {"price": "Variant Price", "compare_at_price": "Variant Compare At Price", "cost": "Cost per item"}
ALIASES = {
    "url handle": "handle",
    "description": "body (html)",
    "published on online store": "published",
    "sku": "variant sku",
    "barcode": "variant barcode",
    "price": "variant price",
    "compare-at price": "variant compare at price",
    "charge tax": "variant taxable",
    "inventory quantity": "variant inventory qty",
    "weight value (grams)": "variant grams",
    "inventory tracker": "variant inventory tracker",
    "product image url": "image src",
    "variant image url": "variant image",
}
METAFIELD = re.compile(r"(.+) \(product\.metafields\..+\)")
GRAMS = Decimal("0.001")
TRACKER = "variant inventory tracker"
VARIANTS_TAKEN = 2048
"""As many as Shopify allows; a handle with more rows is not one of its files."""


def read(source: Source, *, currency: str) -> Iterator[ProductRow | RowError]:
    yield from spell_columns(_read(source, currency=currency), source=source, aliases=ALIASES)


def _read(source: Source, *, currency: str) -> Iterator[ProductRow | RowError]:
    require_columns(source, needed=NEEDED, file_of="Shopify product file", aliases=ALIASES)
    marks = read_marks(source, numeric={ours: theirs.casefold() for ours, theirs in NUMERIC.items()}, aliases=ALIASES)
    product: list[Record] = []
    with ParentIndex() as firsts:
        for record in read_plainly(source, aliases=ALIASES):
            if isinstance(record, RowError):
                yield record
                continue
            if product and (record.cells["handle"] != product[0].cells["handle"] or len(product) >= VARIANTS_TAKEN):
                yield from _read_product(product, firsts=firsts, marks=marks, currency=currency)
                product = []
            product.append(record)
        if product:
            yield from _read_product(product, firsts=firsts, marks=marks, currency=currency)


def _read_product(
    records: list[Record], *, firsts: ParentIndex, marks: Mapping[str, DecimalMark | None], currency: str
) -> Iterator[ProductRow | RowError]:
    """One row per variant; the first record tells what they share, even when it is further up in the file."""
    first = records[0]
    if first.cells["title"]:
        firsts.put("first", first.cells["handle"], first.cells)
    elif known := firsts.get_fresh("first", first.cells["handle"]):
        first = Record(0, known)
    variants = [
        record
        for record in records
        if (record is first and not _is_picture(record)) or record.cells["variant price"] or _has_option(record)
    ]
    gallery, alts = _read_gallery(records), _read_alts(records)
    is_shipped, is_counted = _read_kind(variants, handle=records[0].cells["handle"], firsts=firsts)
    for record in variants:
        try:
            row = _read_variant(
                record, first=first, gallery=gallery if record is first else (), marks=marks, currency=currency
            )
            named = [name for names in (row.images, row.gallery) if isinstance(names, tuple) for name in names]
            yield replace(
                row,
                product_class=name_class(row.product_class, is_shipped=is_shipped, is_counted=is_counted),
                image_alts=cut_alts([alts.get(name, "") for name in named]),
            )
        except UnreadableCell as error:
            yield error.at_line(record.line)


def _read_variant(
    record: Record, *, first: Record, gallery: tuple[str, ...], marks: Mapping[str, DecimalMark | None], currency: str
) -> ProductRow:
    shared, own = first.cells, record.cells
    handle = shared["handle"]
    if not handle:
        raise UnreadableCell(column="Handle", value="", reason="This row has no handle. Fill in the cell.")
    if not shared["title"]:
        raise UnreadableCell(
            column="Title", value="", reason=f"The first row of “{handle[:60]}” has no title. Fill in the cell."
        )
    if shared.get("gift card", "").casefold() == "true":
        reason = "A gift card is money and no product, and this shop sells none. Leave the row out."
        raise UnreadableCell(column="Gift Card", value=shared["gift card"], reason=reason)
    options = _read_options(own, shared)

    def amount(name: str) -> Decimal | None:
        text = own.get(NUMERIC[name].casefold(), "")
        return cells.read_money(text, column=NUMERIC[name], mark=marks[name], currency=currency) if text else None

    price, compare_at = amount("price"), amount("compare_at_price")
    sku = own.get("variant sku", "").lstrip("'") or "-".join([handle, *(make_handle(value) for _, value in options)])
    chosen = {make_code(name) for name, _ in options}
    type_name = cells.read_plain(shared.get("type", ""), column="Type", length=128)
    gtin, attributes = _read_barcode(own.get("variant barcode", ""))
    own_picture = own.get("variant image", "")
    grams, quantity = own.get("variant grams", ""), own.get("variant inventory qty", "")
    weight = cells.read_weight(grams, column="Variant Grams", mark=".", kilograms=GRAMS) if grams else None
    cost = own.get("cost per item", "")
    return ProductRow(
        line=record.line,
        handle=handle if re.fullmatch(r"[-\w]{1,255}", handle, re.ASCII) else make_handle(handle),
        sku=cells.read_sku(sku, column="Variant SKU"),
        title=cells.read_plain(shared["title"], column="Title", length=255),
        description=cells.clean_html(shared.get("body (html)", "")) or None,
        product_class=type_name or None,
        brand=cells.read_plain(shared.get("vendor", ""), column="Vendor", length=255) or None,
        categories=_read_categories(shared.get("product category", ""), type_name),
        tags=tuple(dict.fromkeys(tag.strip() for tag in shared.get("tags", "").split(",") if tag.strip())) or None,
        gtin=gtin,
        price=price,
        compare_at_price=compare_at if compare_at is not None and price is not None and compare_at > price else None,
        cost=cells.read_cost(cost, column="Cost per item", mark=marks["cost"]) if cost else None,
        tax_class="zero" if own.get("variant taxable", "").casefold() == "false" else None,
        weight_kg=weight or None,
        stock=_read_stock(quantity) if quantity else None,
        images=(own_picture,) if own_picture else (() if gallery and options else None if options else gallery or None),
        gallery=gallery if gallery and options else None,
        options=options,
        attributes=attributes | _read_metafields(shared, without=chosen),
        published=_read_published(shared),
        old_path=f"/products/{handle}",
    )


def _read_kind(variants: list[Record], *, handle: str, firsts: ParentIndex) -> tuple[bool, bool]:
    """(is sent, is counted): rows further down follow those further up, since one product is of one class."""
    if not variants:
        return True, True
    if known := firsts.get_fresh("kind", handle):
        return bool(known[0]), bool(known[1])
    is_shipped = any(record.cells.get("variant requires shipping", "").casefold() != "false" for record in variants)
    is_counted = any(record.cells.get(TRACKER, "unsaid") for record in variants)
    firsts.put("kind", handle, [is_shipped, is_counted])
    return is_shipped, is_counted


def _is_picture(record: Record) -> bool:
    """A row that only adds a picture to a product described elsewhere."""
    return not (record.cells["title"] or record.cells["variant price"]) and bool(record.cells.get("image src"))


def _has_option(record: Record) -> bool:
    return any(record.cells.get(f"option{number} value") for number in (1, 2, 3))


def _read_gallery(records: list[Record]) -> tuple[str, ...]:
    """Pictures in the order of Image Position, where given."""
    found = []
    for number, record in enumerate(records):
        address, position = record.cells.get("image src", ""), record.cells.get("image position", "")
        if address:
            found.append((int(position) if position.isascii() and position.isdigit() else 10_000, number, address))
    return tuple(dict.fromkeys(address for _, _, address in sorted(found)))


def _read_alts(records: list[Record]) -> dict[str, str]:
    """By address; a variant's picture is mostly one of the gallery's."""
    return {
        address: alt
        for record in reversed(records)
        if (address := record.cells.get("image src", "")) and (alt := record.cells.get("image alt text", ""))
    }


def _read_options(own: dict[str, str], shared: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """A product without choices has the one option Title with the value Default Title."""
    options = []
    for number in (1, 2, 3):
        name = own.get(f"option{number} name", "") or shared.get(f"option{number} name", "")
        value = own.get(f"option{number} value", "")
        if value and not name and value != "Default Title":
            reason = (
                f"The first row of this product does not say what “{value[:60]}” is. Fill in Option{number} Name there."
            )
            raise UnreadableCell(column=f"Option{number} Name", value="", reason=reason)
        if name and value and (name, value) != ("Title", "Default Title"):
            column = f"Option{number} Value"
            options.append(
                (cells.read_plain(name, column=column, length=60), cells.read_plain(value, column=column, length=255))
            )
    return tuple(options)


def _read_categories(taxonomy: str, type_name: str) -> tuple[tuple[str, ...], ...] | None:
    """Shopify's own taxonomy where the file has it, the product type else."""
    if taxonomy:
        return (cells.read_path(taxonomy.split(">"), column="Product Category", value=taxonomy),)
    return ((type_name,),) if type_name else None


def _read_barcode(text: str) -> tuple[str | None, dict[str, str]]:
    """A GTIN, or any other barcode as an attribute: Shopify takes whatever a scanner reads."""
    text = text.lstrip("'").strip()
    if not text:
        return None, {}
    if cells.SHORTENED.fullmatch(text) or (text.isascii() and text.isdigit() and len(text) in (8, 12, 13, 14)):
        return cells.read_gtin(text, column="Variant Barcode"), {}
    return None, {"barcode": cells.read_text(text, column="Variant Barcode", length=255)}


def _read_metafields(shared: dict[str, str], *, without: set[str]) -> dict[str, str]:
    """`Fabric (product.metafields.shopify.fabric)` is the attribute `fabric`; several values have `; ` between them."""
    found = {}
    for column, text in shared.items():
        if text and (named := METAFIELD.fullmatch(column)) and (code := make_code(named[1])) not in without:
            values = [cells.read_plain(part, column=column, length=10_000) for part in text.split("; ")]
            found[code] = "|".join(value.replace("|", "/") for value in values if value)
    return found


def _read_stock(text: str) -> int:
    return 0 if re.fullmatch(r"-\d+", text) else cells.read_count(text, column="Variant Inventory Qty")


def _read_published(shared: dict[str, str]) -> bool | None:
    published, status = shared.get("published", ""), shared.get("status", "").casefold()
    if status in ("draft", "archived", "unlisted"):
        return False
    return cells.read_yes_no(published, column="Published") if published else None
