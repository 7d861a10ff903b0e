"""Magento 2's product export: simple products, and configurable ones with their variations.

A bundle whose parts leave no choice is a kit. A simple product that a configurable one names becomes its variant: choices from `configurable_variations`, title,
description and categories from the configurable product. Category paths lose Magento's root. Weights have no unit in
the file and are taken as kg. Rows of a store view only translate and are left out. The older layout of Magento's
sample data (a `category` and an `attribute_set` column) is read by `magento_fixture`.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import partial

from catalog.importing import cells, magento_fixture
from catalog.importing.headings import read_each, read_marks, read_plainly, require_columns
from catalog.importing.magento_bundle import DYNAMIC, read_bundle_values
from catalog.importing.naming import make_code, make_handle, name_class
from catalog.importing.numbers import DecimalMark
from catalog.importing.parents import ParentIndex
from catalog.importing.picture_cells import cut_alts
from catalog.importing.rows import ProductRow, RowError, UnreadableCell
from catalog.importing.sale_price import choose_price, read_day, today_in_utc
from catalog.importing.source import Record, Source
from shop.money import ZERO

NAME = "magento"
NEEDED = ("sku", "product_type", "name", "price")
SEPARATOR = re.compile(r"\|(?=[^/|]+/)")
NUMERIC = {"price": "price", "special_price": "special_price", "weight_kg": "weight", "stock": "qty", "cost": "cost"}
SOLD_TYPES = frozenset({"simple", "virtual", "downloadable"})
UNSENT = frozenset({"virtual", "downloadable"})
OWN_FLAGS = frozenset({"has_options", "required_options"})
PAIR = re.compile(r"""\s*"?(\w+)=(?:"((?:[^"]|"")*)"(?=\s*(?:[,|]|$))|(.*?))(?:[,|](?=\s*"?[A-Za-z_]\w*=)|$)""", re.S)
TAX_CLASSES = {"none": "zero", "0": "zero", "": "standard", "taxable goods": "standard"}
Cells = dict[str, str]


def read(source: Source, *, currency: str) -> Iterator[ProductRow | RowError]:
    if "product_type" not in {name.casefold() for name in source.header}:
        yield from magento_fixture.read(source, currency=currency)
        return
    require_columns(source, needed=NEEDED, file_of="Magento product file")
    marks = read_marks(source, numeric=NUMERIC)
    with ParentIndex() as parents:
        _learn_parents(source, parents=parents)
        read_record = partial(_read_record, parents=parents, marks=marks, currency=currency)
        yield from read_each(read_plainly(source), read_record)


def read_pairs(text: str) -> dict[str, str]:
    """`a=1,b=2|3` as a dict, `a="1"|b=2` too; a comma or bar inside a value is part of it, in quotes a pair as well."""
    found, place = {}, 0
    while match := PAIR.search(text, place):
        code, quoted, plain = match.groups()
        found[code] = (quoted.replace('""', '"') if quoted is not None else plain.strip().strip('"')).strip()
        place = match.end()
    return found


def _type(own: Cells) -> str:
    return own["product_type"].casefold()


def _learn_parents(source: Source, *, parents: ParentIndex) -> None:
    """Configurable products by SKU, the parent and choices of each of their variations, and all SKUs that are sold."""
    for record in read_plainly(source):
        if isinstance(record, RowError) or record.cells.get("store_view_code"):
            continue
        own = record.cells
        handle = parents.claim_handle(make_handle(own.get("url_key") or own["name"] or own["sku"]), own["sku"])
        parents.put("handle-of", own["sku"], handle)
        if _type(own) in SOLD_TYPES or _type(own) == "bundle":
            parents.put("sold", own["sku"], True)
        elif _type(own) == "configurable":
            parents.put("parent", own["sku"], own)
            labels = read_pairs(own.get("configurable_variation_labels", ""))
            for variation in own.get("configurable_variations", "").split("|"):
                choices = read_pairs(variation)
                sku = choices.pop("sku", "")
                named = [
                    (code, labels.get(code, code.replace("_", " ").capitalize()), choices[code]) for code in choices
                ]
                parents.put("child", sku, [own["sku"], named])


def _read_record(
    record: Record, *, parents: ParentIndex, marks: Mapping[str, DecimalMark | None], currency: str
) -> ProductRow | None:
    """None for a configurable product (its variants are what is sold) and for a translation."""
    own = record.cells
    if own.get("store_view_code"):
        return None
    if not own["sku"]:
        raise UnreadableCell(column="sku", value="", reason="Every row needs a sku. Fill in the cell.")
    if _type(own) == "configurable":
        _check_variations(own, parents=parents)
        return None
    if _type(own) not in SOLD_TYPES and _type(own) != "bundle":
        kind = own["product_type"] or "without type"
        raise UnreadableCell(
            column="product_type",
            value=own["product_type"],
            reason=f"A product {kind if kind.startswith('w') else f'of type {kind}'} is not sold by itself "
            "here. Expected simple, configurable, virtual or downloadable.",
        )
    parent_sku, choices = parents.get("child", own["sku"]) or (None, [])
    shared = parents.get("parent", parent_sku) if parent_sku else own
    return _read_sold(record, shared=shared, choices=choices, parents=parents, marks=marks, currency=currency)


def _check_variations(own: Cells, *, parents: ParentIndex) -> None:
    skus = [read_pairs(variation).get("sku", "") for variation in own.get("configurable_variations", "").split("|")]
    gone = [sku for sku in skus if not parents.get("sold", sku)]
    if gone:
        named = ", ".join(sku for sku in gone[:3] if sku) or "none is named"
        raise UnreadableCell(
            column="configurable_variations",
            value=own.get("configurable_variations", ""),
            reason=f"{len(gone)} variations of this product are not in the file ({named[:120]}). Export them too; "
            "the variations that are in the file were read.",
        )


def _read_sold(
    record: Record,
    *,
    shared: Cells,
    choices: list[tuple[str, str, str]],
    parents: ParentIndex,
    marks: Mapping[str, DecimalMark | None],
    currency: str,
) -> ProductRow:
    own = record.cells
    price, compare_at = _read_prices(own, marks=marks, currency=currency, today=today_in_utc())
    parts = read_bundle_values(own.get("bundle_values", "")) if _type(own) == "bundle" else None
    if _type(own) == "bundle" and parts is None:
        reason = "This bundle names no parts, and nothing can be sold of it. Export it with its bundle_values."
        raise UnreadableCell(column="bundle_values", value="", reason=reason)
    follows = parts is not None and own.get("bundle_price_type", DYNAMIC) == DYNAMIC
    weight, quantity, cost = own.get("weight", ""), own.get("qty", ""), own.get("cost", "")
    handle = parents.get("handle-of", shared["sku"])
    images, gallery = _read_images(own), _read_images(shared) if choices else ()
    alts = [_read_labels(own).get(name, "") for name in images] + [
        _read_labels(shared).get(name, "") for name in gallery
    ]
    column = "configurable_variations"
    tax_class = own.get("tax_class_name", "")
    return ProductRow(
        line=record.line,
        handle=handle,
        sku=cells.read_sku(own["sku"], column="sku"),
        title=cells.read_plain(shared["name"], column="name", length=255) or None,
        description=cells.clean_html(shared.get("description") or shared.get("short_description", "")) or None,
        product_class=_name_class(shared, own),
        categories=read_categories(shared.get("categories", "")),
        price=ZERO if follows and price is None else price,
        compare_at_price=compare_at,
        cost=cells.read_cost(cost, column="cost", mark=marks["cost"]) if cost else None,
        tax_class=TAX_CLASSES.get(tax_class.casefold(), make_handle(tax_class)[:32]),
        weight_kg=cells.read_weight(weight, column="weight", mark=marks["weight_kg"]) if weight else None,
        stock=_read_stock(own, mark=marks["stock"])
        if quantity and parts is None and not (shared is own and _is_uncounted(own))
        else None,
        components=parts,
        kit_percent_off=ZERO if follows else None,
        images=images or None,
        gallery=gallery or None,
        image_alts=cut_alts(alts),
        options=tuple(
            (cells.read_plain(name, column=column, length=60), cells.read_plain(value, column=column, length=255))
            for _, name, value in choices
        ),
        attributes=_read_attributes(shared, own, without=frozenset(code for code, _, _ in choices)),
        published=_is_shown(shared, own),
        old_path=f"/{shared.get('url_key') or handle}.html",
    )


def _name_class(shared: Cells, own: Cells) -> str | None:
    """The attribute set; of what is sold by itself also whether it is sent and counted."""
    name = cells.read_text(shared.get("attribute_set_code", ""), column="attribute_set_code", length=128) or None
    if shared is not own:
        return name
    return name_class(name, is_shipped=_type(own) not in UNSENT, is_counted=not _is_uncounted(own))


def _is_uncounted(own: Cells) -> bool:
    """A shop counts unless the product says otherwise; a file that nobody has uploaded here yet is not sold."""
    is_own_rule = own.get("use_config_manage_stock", "0") == "0"
    return is_own_rule and own.get("manage_stock") == "0" and _type(own) != "downloadable"


def read_categories(text: str) -> tuple[tuple[str, ...], ...] | None:
    """Paths without the root category, `Default Category` or however the shop named it."""
    paths = []
    for path in cells.split_escaped(SEPARATOR.sub(",", text), ","):
        names = [name.replace("\\/", "/") for name in re.split(r"(?<!\\)/", path)][1:]
        if names:
            paths.append(cells.read_path(names, column="categories", value=text))
    return tuple(dict.fromkeys(paths)) or None


def _read_prices(
    own: Cells, *, marks: Mapping[str, DecimalMark | None], currency: str, today: date
) -> tuple[Decimal | None, Decimal | None]:
    def amount(name: str) -> Decimal | None:
        text = own.get(name, "")
        return cells.read_money(text, column=name, mark=marks[name], currency=currency) if text else None

    starts, ends = "special_price_from_date", "special_price_to_date"
    return choose_price(
        regular=amount("price"),
        sale=amount("special_price"),
        starts=read_day(own.get(starts, ""), column=starts),
        ends=read_day(own.get(ends, ""), column=ends),
        today=today,
    )


def _read_stock(own: Cells, *, mark: DecimalMark | None) -> int:
    """A count below zero, which Magento keeps for backorders, is 0 on hand; so is one that Magento calls out of stock."""
    text = own.get("qty", "")
    return (
        0 if text.startswith("-") or own.get("is_in_stock") == "0" else cells.read_count(text, column="qty", mark=mark)
    )


def _read_images(own: Cells) -> tuple[str, ...]:
    named = [own.get("base_image", ""), *own.get("additional_images", "").split(",")]
    return tuple(dict.fromkeys(name.strip() for name in named if name.strip() not in ("", "no_selection")))


def _read_labels(own: Cells) -> dict[str, str]:
    """By picture. The labels of the further ones stand between commas: where their number differs nobody knows whose they are."""
    names, labels = (own.get(column, "").split(",") for column in ("additional_images", "additional_image_labels"))
    pairs = list(zip(names, labels, strict=True)) if len(names) == len(labels) else []
    pairs += [
        (own.get(f"{kind}_image", ""), own.get(f"{kind}_image_label", "")) for kind in ("thumbnail", "small", "base")
    ]
    return {name.strip(): label.strip() for name, label in pairs if label.strip()}


def _read_attributes(shared: Cells, own: Cells, *, without: frozenset[str]) -> dict[str, str]:
    found = read_pairs(shared.get("additional_attributes", ""))
    if shared is not own:
        found |= read_pairs(own.get("additional_attributes", ""))
    return {
        make_code(code): cells.read_plain(value, column="additional_attributes", length=10_000)
        for code, value in found.items()
        if value and code not in OWN_FLAGS and code not in without
    }


def _is_shown(shared: Cells, own: Cells) -> bool:
    """Enabled, and not hidden from the catalogue (a variant is shown with its parent)."""
    is_enabled = own.get("product_online", "1") == "1" and shared.get("product_online", "1") == "1"
    return is_enabled and shared.get("visibility", "") != "Not Visible Individually"
