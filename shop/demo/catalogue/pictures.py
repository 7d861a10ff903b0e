"""Which pictures a product has, what they are called, and what is drawn on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

from shop.demo.catalogue.reading import DemoProduct
from shop.demo.catalogue.variants import Variant, demo_variants

FRONT, CLOSE, HOME = 0, 1, 2
ALL_VIEWS = (FRONT, CLOSE, HOME)
_SEEN = {FRONT: "", CLOSE: ", close up", HOME: ", at home"}


@dataclass(frozen=True, slots=True)
class PictureOrder:
    """One picture to draw: a file name, the arguments of `render_product`, and what is seen on it."""

    file: str
    kind: str
    colour: str
    params: dict[str, Any]
    view: int
    alt: str


def own_picture(variant: Variant) -> PictureOrder:
    """The front view in the variant's colour; variants that differ in size alone share it."""
    product = variant.product
    ending = f"-{slugify(variant.paint)}" if variant.paint else ""
    return _order(product, variant, view=FRONT, ending=ending)


def gallery(product: DemoProduct, first: Variant) -> list[PictureOrder]:
    """The pictures of the whole product: front, close up where that tells more, at home."""
    orders = [own_picture(first)]
    if product.close:
        orders.append(_order(product, first, view=CLOSE, ending="-close"))
    orders.append(_order(product, first, view=HOME, ending="-at-home"))
    return orders


def _order(product: DemoProduct, variant: Variant, *, view: int, ending: str) -> PictureOrder:
    paint = variant.paint
    params = {name: _plain(value) for name, value in product.picture.items()}
    params |= {"field": product.field, "seed": product.handle}
    colour = product.colour
    if paint and product.paints:
        params[product.paints] = paint
    elif paint:
        colour = paint
    for part in ("shade", "frame"):
        if params.pop(f"match_{part}", None):
            params["shade_colour" if part == "shade" else "frame"] = colour
    alt = product.title + (f" in {paint.replace('_', ' ').lower()}" if paint else "") + _SEEN[view]
    return PictureOrder(f"{product.handle}{ending}.webp", product.kind, colour, params, view, alt)


def _plain(value: object) -> object:
    return value if isinstance(value, str | int) else str(value)


def picture_orders() -> list[PictureOrder]:
    """Every picture once, those of one category together (they share their backgrounds)."""
    orders: dict[str, PictureOrder] = {}
    seen: set[str] = set()
    for variant in demo_variants():
        wanted = [own_picture(variant)]
        if variant.product.handle not in seen:
            seen.add(variant.product.handle)
            wanted += gallery(variant.product, variant)
        orders |= {order.file: order for order in wanted}
    return list(orders.values())


def main_pictures() -> list[PictureOrder]:
    """One picture for each product: the front of its first variant, which lists show."""
    first: dict[str, PictureOrder] = {}
    for variant in demo_variants():
        first.setdefault(variant.product.handle, own_picture(variant))
    return list(first.values())
