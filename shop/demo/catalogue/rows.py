"""The catalogue in the shop's own file format: one row per SKU, rows of one handle together."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.importing.native import COLUMNS
from catalog.importing.picture_cells import write_alts
from shop.demo.catalogue.attributes import ATTRIBUTES
from shop.demo.catalogue.pictures import PictureOrder, gallery, own_picture
from shop.demo.catalogue.variants import Variant, demo_variants

MAIN, STUDIO = "main", "studio"
"""Codes of the two locations: the warehouse in Hamburg and the shop in Berlin."""

PRODUCT_COLUMNS = [*COLUMNS, *(f"attribute:{code}" for code in ATTRIBUTES)]

STOCK_COLUMNS = ["sku", "location", "quantity", "reason"]


def product_rows() -> Iterator[dict[str, str]]:
    """Rows with exactly `PRODUCT_COLUMNS`; an empty cell says nothing. Stock is that of the main location."""
    before = ""
    for variant in demo_variants():
        yield _row(variant, is_first=variant.product.handle != before)
        before = variant.product.handle


def _row(variant: Variant, *, is_first: bool) -> dict[str, str]:
    product = variant.product
    is_counted = not (product.inside or product.files)
    row = dict.fromkeys(PRODUCT_COLUMNS, "")
    row |= {
        "handle": product.handle,
        "sku": variant.sku,
        "title": product.title,
        "description": product.description,
        "product_class": product.product_class,
        "brand": product.brand,
        "categories": product.category,
        "tags": "|".join(product.tags),
        "gtin": variant.gtin,
        "price": f"{variant.price:.2f}",
        "compare_at_price": f"{variant.compare_at:.2f}" if variant.compare_at else "",
        "cost": f"{variant.cost:.2f}",
        "currency": "EUR",
        "tax_class": product.tax_class,
        "weight_kg": str(product.weight_kg) if is_counted else "",
        "stock": str(variant.stock_main) if is_counted else "",
        "location": MAIN if is_counted else "",
        "components": "|".join(f"{sku}*{units}" for sku, units in product.inside.items()),
        "kit_percent_off": "" if product.percent_off is None else str(product.percent_off),
        "images": _images(variant, is_first=is_first),
        "image_alts": write_alts(tuple(order.alt for order in _orders(variant, is_first=is_first))),
        "files": "|".join(product.files),
        "published": "true",
    }
    for number, (name, value) in enumerate(variant.options, start=1):
        row |= {f"option{number}_name": name, f"option{number}_value": value}
    row |= {f"attribute:{code}": value for code, value in _attributes(variant).items()}
    return row


def _images(variant: Variant, *, is_first: bool) -> str:
    """A single product lists all its pictures; a variant its own, and the first variant those of the product too."""
    whole = "|".join(order.file for order in gallery(variant.product, variant)) if is_first else ""
    if not variant.options:
        return whole
    own = own_picture(variant).file
    return f"{own}||{whole}" if whole else own


def _orders(variant: Variant, *, is_first: bool) -> list[PictureOrder]:
    """The pictures in the order of their cell."""
    own = [own_picture(variant)] if variant.options else []
    return own + (gallery(variant.product, variant) if is_first else [])


def _attributes(variant: Variant) -> dict[str, str]:
    """What is an option of the variant is not an attribute beside it."""
    found = dict(variant.product.attributes) | {"colour": variant.colour_family}
    options = {name.lower() for name, _ in variant.options}
    return {code: value for code, value in found.items() if code not in options}


def stock_rows() -> Iterator[dict[str, str]]:
    """The units in the Berlin shop, in the columns of a stock file."""
    for variant in demo_variants():
        if variant.product.inside or variant.product.files:
            continue
        yield {
            "sku": variant.sku,
            "location": STUDIO,
            "quantity": str(variant.stock_studio),
            "reason": "Opening count",
        }
