"""The shelves as they are written: one TOML file per top category, read into typed products."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.text import slugify

FOLDER = Path(__file__).parent / "shelves"


class UnreadableShelf(ValueError):
    """A shelf file says something that no product can be; the message names the product and the field."""


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """A product as written. `options` maps an option's name to its values: a palette name (it is a colour) or a
    surcharge in EUR (it is not). `inside` makes it a kit: units by SKU, at the sum of their prices less `percent_off`.
    `paints` names the part of the picture that a colour option paints. With `files` nothing is sent or counted."""

    handle: str
    code: str
    title: str
    brand: str
    description: str
    category: str
    product_class: str
    price: Decimal
    compare_at: Decimal | None
    weight_kg: Decimal
    tax_class: str
    tags: tuple[str, ...]
    attributes: Mapping[str, str]
    kind: str
    field: str
    colour: str
    picture: Mapping[str, Any]
    paints: str
    options: Mapping[str, Mapping[str, str]]
    close: bool
    inside: Mapping[str, int] = dataclasses.field(default_factory=dict)
    percent_off: Decimal | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """A category with the sentence above its list; `path` is `Parent > Child` or the parent alone."""

    path: str
    description: str
    field: str = ""


@cache
def demo_products() -> tuple[DemoProduct, ...]:
    """Every product, in the order of the files and of the shelves in them."""
    products: list[DemoProduct] = []
    for file in sorted(FOLDER.glob("*.toml")):
        for shelf in _read(file)["shelf"]:
            products += [
                _product(shelf, entry, number=number) for number, entry in enumerate(shelf["product"], start=1)
            ]
    return tuple(products)


def _read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)


def _product(shelf: dict[str, Any], entry: dict[str, Any], *, number: int) -> DemoProduct:
    title = entry["title"]
    picture = dict(entry.get("picture", {}))
    if isinstance(entry.get("close"), str):
        picture["close"] = entry["close"]
    options = {name: {v: str(what) for v, what in values.items()} for name, values in entry.get("options", {}).items()}
    colours = [what for values in options.values() for what in values.values() if what.isalpha()]
    colour = entry.get("colour") or (colours[0] if colours else "")
    if not colour:
        raise UnreadableShelf(f"“{title}” has neither a colour nor an option that is one. Add `colour`.")
    if len(options) > 3:
        raise UnreadableShelf(f"“{title}” has {len(options)} options; a product can have three.")
    return DemoProduct(
        handle=slugify(title.replace(":", " ")),
        code=f"{shelf['code']}{number:02d}",
        title=title,
        brand=entry["brand"],
        description=entry["description"].strip(),
        category=shelf["category"],
        product_class=entry.get("product_class", shelf["product_class"]),
        price=_money(entry["price"]),
        compare_at=_money(entry["compare_at"]) if "compare_at" in entry else None,
        weight_kg=Decimal(str(entry["weight_kg"])),
        tax_class=shelf.get("tax_class", "standard"),
        tags=tuple(dict.fromkeys([*entry.get("tags", shelf["tags"])])),
        attributes={name: str(v) for name, v in {**shelf["attributes"], **entry.get("attributes", {})}.items()},
        kind=entry.get("kind", shelf["kind"]),
        field=entry.get("field", shelf["field"]),
        colour=colour,
        picture=picture,
        paints=entry.get("option_paints", ""),
        options=options,
        close=bool(entry.get("close")),
        inside=entry.get("inside", {}),
        percent_off=Decimal(entry["percent_off"]) if "percent_off" in entry else None,
        files=tuple(entry.get("files", ())),
    )


def _money(amount: Decimal | int) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.01"))


@cache
def demo_categories() -> tuple[Category, ...]:
    """Parents before their children, with a sentence each."""
    texts = _read(FOLDER.parent / "voices" / "categories.toml")["category"]
    return tuple(Category(path=text["path"], description=text["description"], field=text["field"]) for text in texts)
