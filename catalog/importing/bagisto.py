"""Bagisto's product file: simple, virtual and downloadable products, and configurable ones with their variants.

A variant names its configurable product in `parent_sku`, which says in `configurable_variants` what tells its variants
apart. Grouped products and bundles only combine others and are refused. Rows in a second language translate a row and
are left out, as are links to other products and prices for customer groups. Weights are taken as kg. Columns that
Bagisto itself does not have are attributes.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Final

from django.conf import settings

from catalog.importing import cells
from catalog.importing.headings import read_each, read_marks, read_plainly, require_columns
from catalog.importing.naming import is_code, make_handle, name_class
from catalog.importing.numbers import DecimalMark
from catalog.importing.parents import ParentIndex
from catalog.importing.rows import ProductRow, RowError, UnreadableCell
from catalog.importing.sale_price import choose_price, read_day, today_in_utc
from catalog.importing.source import Record, Source

NAME = "bagisto"
NEEDED = ("sku", "type", "name", "price")
NUMERIC = {"price": "price", "special_price": "special_price", "weight": "weight", "cost": "cost"}
SOLD_TYPES = frozenset({"simple", "virtual", "downloadable"})
COMBINED = {
    "grouped": "A grouped product only lists others and cannot be sold. The products in it are imported by themselves.",
    "bundle": "A bundle combines other products and is not sold by itself here. Its parts are imported by themselves.",
    "booking": "A booking is sold by the hour or the day, which this shop does not do. Leave the row out.",
}
MEASURES = ("length", "width", "height")
OWN_COLUMNS: Final = frozenset(
    [
        "sku",
        "parent_sku",
        "locale",
        "channel",
        "attribute_family_code",
        "type",
        "categories",
        "images",
        "name",
        "description",
        "short_description",
        "status",
        "visible_individually",
        "new",
        "featured",
        "guest_checkout",
        "length",
        "width",
        "height",
        "weight",
        "tax_category_name",
        "price",
        "cost",
        "special_price",
        "special_price_from",
        "special_price_to",
        "customer_group_prices",
        "url_key",
        "meta_title",
        "meta_keywords",
        "meta_description",
        "manage_stock",
        "inventories",
        "related_skus",
        "cross_sell_skus",
        "up_sell_skus",
        "configurable_variants",
        "bundle_options",
        "associated_skus",
        "product_number",
        "id",
        "links",
        "samples",
    ]
)
Cells = dict[str, str]
Marks = Mapping[str, DecimalMark | None]


def read(source: Source, *, currency: str) -> Iterator[ProductRow | RowError]:
    require_columns(source, needed=NEEDED, file_of="Bagisto product file")
    marks = read_marks(source, numeric=NUMERIC)
    with ParentIndex() as parents:
        _learn_parents(source, parents=parents)
        read_record = partial(_read_record, parents=parents, marks=marks, currency=currency)
        yield from read_each(read_plainly(source), read_record)


def read_variants(text: str) -> dict[str, list[tuple[str, str]]]:
    """`sku=A,color=Yellow,size=M|sku=B,…` as choices by SKU."""
    found = {}
    for variant in text.split("|"):
        pairs = [(name.strip(), value.strip()) for name, mark, value in _pairs(variant) if mark]
        choices = [(name, value) for name, value in pairs if name != "sku" and value]
        found[dict(pairs).get("sku", "")] = choices
    return found


def _pairs(text: str) -> list[tuple[str, str, str]]:
    return [part.partition("=") for part in text.split(",")]


def _learn_parents(source: Source, *, parents: ParentIndex) -> None:
    """Configurable products, the choices of their variants, all SKUs that are sold, and which language of a SKU counts."""
    own_language = settings.LANGUAGE_CODE[:2]
    for record in read_plainly(source):
        if isinstance(record, RowError):
            continue
        own = record.cells
        sku, locale = own["sku"], own.get("locale", "")
        if parents.get_fresh("locale", sku) is None or locale[:2].casefold() == own_language:
            parents.replace("locale", sku, locale)
            if own["type"].casefold() == "configurable":
                parents.replace("parent", sku, own)
        kind = own["type"].casefold()
        if kind == "configurable":
            for variant, choices in read_variants(own.get("configurable_variants", "")).items():
                parents.put("choices", variant, choices)
        elif kind in SOLD_TYPES:
            parents.put("sold", sku, True)
            if own.get("parent_sku"):
                parents.put("has-variants", own["parent_sku"], True)
        if not own.get("parent_sku"):
            parents.put(
                "handle-of", sku, parents.claim_handle(make_handle(own.get("url_key") or own["name"] or sku), sku)
            )


def _read_record(record: Record, *, parents: ParentIndex, marks: Marks, currency: str) -> ProductRow | None:
    """None for a configurable product (its variants are what is sold) and for a translation."""
    own = record.cells
    kind = own["type"].casefold()
    if not own["sku"]:
        raise UnreadableCell(column="sku", value="", reason="Every row needs a sku. Fill in the cell.")
    if parents.get("locale", own["sku"]) != own.get("locale", ""):
        return None
    if kind in COMBINED:
        raise UnreadableCell(column="type", value=own["type"], reason=COMBINED[kind])
    if kind == "configurable":
        _check_variants(own, parents=parents)
        return None
    if kind not in SOLD_TYPES:
        reason = "This type of product is not known. Expected simple, configurable, virtual or downloadable."
        raise UnreadableCell(column="type", value=own["type"], reason=reason)
    if not own.get("parent_sku"):
        return _read_sold(record, shared=own, options=(), parents=parents, marks=marks, currency=currency)
    shared = parents.get("parent", own["parent_sku"])
    if shared is None:
        reason = "The configurable product that this variant belongs to is not in the file. Export it too."
        raise UnreadableCell(column="parent_sku", value=own["parent_sku"], reason=reason)
    options = tuple(
        (
            cells.read_plain(name.replace("_", " ").capitalize(), column="configurable_variants", length=60),
            cells.read_plain(value, column="configurable_variants", length=255),
        )
        for name, value in parents.get("choices", own["sku"]) or ()
    )
    if not options:
        reason = f"{own['parent_sku'][:60]} does not say in configurable_variants what tells this variant apart. Add it there."
        raise UnreadableCell(column="configurable_variants", value="", reason=reason)
    return _read_sold(record, shared=shared, options=options, parents=parents, marks=marks, currency=currency)


def _check_variants(own: Cells, *, parents: ParentIndex) -> None:
    named = [sku for sku in read_variants(own.get("configurable_variants", "")) if sku]
    gone = [sku for sku in named if not parents.get("sold", sku)]
    if gone or not (named or parents.get("has-variants", own["sku"])):
        which = ", ".join(gone[:3])[:120] or "none is named"
        reason = (
            f"Variants of this product are not in the file ({which}). Export them too; those in the file were read."
        )
        value = own.get("configurable_variants", "")
        raise UnreadableCell(column="configurable_variants", value=value, reason=reason)


def _read_sold(
    record: Record,
    *,
    shared: Cells,
    options: tuple[tuple[str, str], ...],
    parents: ParentIndex,
    marks: Marks,
    currency: str,
) -> ProductRow:
    own = record.cells
    title = cells.read_plain(shared["name"], column="name", length=255)
    if not title:
        raise UnreadableCell(column="name", value="", reason="Every product needs a name. Fill in the cell.")
    price, compare_at = _read_prices(own, marks=marks, currency=currency)
    weight, cost = own.get("weight", ""), own.get("cost", "")
    handle, family = parents.get("handle-of", shared["sku"]), shared.get("attribute_family_code", "")
    chosen = {name.casefold().replace(" ", "_") for name, _ in options}
    return ProductRow(
        line=record.line,
        handle=handle,
        sku=cells.read_sku(own["sku"], column="sku"),
        title=title,
        description=cells.clean_html(shared.get("description") or shared.get("short_description", "")) or None,
        product_class=_name_class(own, family=family, is_variant=bool(options)),
        categories=_read_categories(shared.get("categories", "")),
        price=price,
        compare_at_price=compare_at,
        cost=cells.read_cost(cost, column="cost", mark=marks["cost"]) if cost else None,
        tax_class=make_handle(own["tax_category_name"])[:32] if own.get("tax_category_name") else None,
        weight_kg=cells.read_weight(weight, column="weight", mark=marks["weight"]) if weight else None,
        stock=_read_stock(own),
        images=_read_images(own) or None,
        gallery=(_read_images(shared) or None) if options else None,
        options=options,
        attributes=_read_attributes(own, without=chosen),
        published=_is_on(own, "status") and _is_on(shared, "status") and _is_on(shared, "visible_individually"),
        old_path=f"/{shared.get('url_key') or handle}",
    )


def _name_class(own: Cells, *, family: str, is_variant: bool) -> str | None:
    """Bagisto's family; of what is sold by itself also whether it is sent and counted."""
    name = None if family in ("", "default") else cells.read_text(family, column="attribute_family_code", length=128)
    kind = own["type"].casefold()
    is_counted = own.get("manage_stock", "1") != "0" or kind == "downloadable"
    return (
        name
        if is_variant
        else name_class(name, is_shipped=kind not in ("virtual", "downloadable"), is_counted=is_counted)
    )


def _read_prices(own: Cells, *, marks: Marks, currency: str) -> tuple[Decimal | None, Decimal | None]:
    def amount(name: str) -> Decimal | None:
        text = own.get(name, "")
        return cells.read_money(text, column=name, mark=marks[name], currency=currency) if text else None

    starts, ends = "special_price_from", "special_price_to"
    return choose_price(
        regular=amount("price"),
        sale=amount("special_price"),
        starts=read_day(own.get(starts, ""), column=starts),
        ends=read_day(own.get(ends, ""), column=ends),
        today=today_in_utc(),
    )


def _read_stock(own: Cells) -> int | None:
    """The sum over Bagisto's inventory sources, whose codes are not our locations'. None where nothing is counted."""
    text = own.get("inventories", "")
    if not text or own.get("manage_stock", "1") == "0":
        return None
    total = 0
    for source, mark, count in _pairs(text):
        units = (count if mark else source).strip()
        total += 0 if units.startswith("-") else cells.read_count(units, column="inventories")
    return total


def _read_images(own: Cells) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in own.get("images", "").split(",") if name.strip()))


def _read_categories(text: str) -> tuple[tuple[str, ...], ...] | None:
    """Paths with slashes, several separated by commas."""
    parts = [part for part in cells.split_escaped(text, ",") if part]
    paths = [cells.read_path(part.split("/"), column="categories", value=text) for part in parts]
    return tuple(dict.fromkeys(paths)) or None


def _read_attributes(own: Cells, *, without: set[str]) -> dict[str, str]:
    names = [name for name in own if name in MEASURES or name not in OWN_COLUMNS]
    return {
        name: cells.read_plain(own[name], column=name, length=10_000)
        for name in names
        if own[name] and name not in without and is_code(name)
    }


def _is_on(own: Cells, column: str) -> bool:
    text = own.get(column, "")
    return cells.read_yes_no(text, column=column) if text else True
