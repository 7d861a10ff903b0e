"""Lay a row's product columns over the product. Rows of one product have to agree in what they say about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.importing.cells import clean_html
from catalog.importing.merge_facts import KnownNames
from catalog.importing.merge_kit import KnownParts
from catalog.importing.naming import DEFAULT_CLASS, make_code
from catalog.importing.rows import CLEAR, ProductRow, UnreadableCell
from catalog.importing.states import BRAND, TAGS, ProductState
from catalog.importing.vocabulary import Vocabulary

Given = dict[str, tuple[Any, int]]
"""What the rows of a product said so far: value and line by column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeContext:
    """What merging needs to know beside the rows.

    `currency` is the shop's. `location_codes` has the default location first; None when nobody keeps stock.
    `pictures` maps names in the file to digests of pictures that can be had. With `makes_categories` False a row that
    names an unknown category is refused. `parts` knows the SKUs that rows name as parts of kits, `names` what else is named.
    """

    vocabulary: Vocabulary
    currency: str
    location_codes: Sequence[str] | None
    pictures: Mapping[str, str]
    makes_categories: bool = True
    parts: KnownParts | None = None
    names: KnownNames = field(default_factory=KnownNames)


def merge_product(row: ProductRow, *, product: ProductState, given: Given, context: MergeContext) -> None:
    """Changes `product` in place, and only when the whole row can be taken. Raises UnreadableCell."""
    _check_structure(row, product=product)
    said = {
        "product_class": row.product_class,
        "categories": row.categories,
        BRAND: row.brand,
        TAGS: row.tags,
    }
    if product.id is None and not product.skus and row.title is None:
        reason = "This handle is new to the shop, so that its first row needs a title. Fill in the cell."
        raise UnreadableCell(column="title", value="", reason=reason)
    for column, value in said.items():
        if value is not None and column in given and given[column][0] != value:
            reason = (
                f"Line {given[column][1]} gives the same product another {column}. "
                "Rows that share a handle are variants of one product; make them agree, or change the handle."
            )
            raise UnreadableCell(column=column, value=str(value), reason=reason)
    if row.categories and not context.makes_categories:
        for path in row.categories if isinstance(row.categories, tuple) else ():
            if not context.vocabulary.has_category(path):
                reason = (
                    f"There is no category {' > '.join(path)} in the shop. Correct the path, or allow new categories."
                )
                raise UnreadableCell(column="categories", value=" > ".join(path), reason=reason)
    for column, value in said.items():
        if value is not None:
            given.setdefault(column, (value, row.line))
            _take(product, column, value)
    if not product.product_class:
        product.product_class = DEFAULT_CLASS
    if product.id is None and not product.skus:
        product.is_parent = bool(row.options)
    if row.options and not product.axes:
        product.axes = tuple((make_code(name), name) for name, _ in row.options)


def _take(product: ProductState, column: str, value: Any) -> None:
    """Text that reads the same as what the shop holds (spacing, the form of its HTML) changes nothing."""
    if column in (BRAND, TAGS):
        if value is CLEAR or not value:
            product.attributes.pop(column, None)
        else:
            product.attributes[column] = value if isinstance(value, str) else "|".join(value)
    elif value is CLEAR:
        setattr(product, column, () if column == "categories" else "")
    elif not isinstance(value, str) or not reads_the_same(getattr(product, column), value):
        setattr(product, column, value)


def reads_the_same(held: str, read: str) -> bool:
    return held == read or " ".join(held.split()) == read or clean_html(held) == read


def _check_structure(row: ProductRow, *, product: ProductState) -> None:
    """A product has either one SKU without options, or variants that all have the same options."""
    if product.id is None and not product.skus:
        codes = [make_code(name) for name, _ in row.options]
        if len(set(codes)) < len(codes):
            reason = "Two options of this row have names that are too alike. Give each option a name of its own."
            raise UnreadableCell(column="option1_name", value=row.options[0][0], reason=reason)
        return
    others = [sku for sku in product.skus if sku != row.sku]
    if not product.is_parent:
        if row.options:
            known = ", ".join(product.skus) or "none"
            reason = (
                f"This product is sold without options (SKU {known[:120]}), so that it cannot get variants. "
                "Leave the options empty, or give the variants a handle of their own."
            )
            raise UnreadableCell(column="option1_name", value=row.options[0][0], reason=reason)
        if others and row.sku not in product.skus:
            reason = (
                f"The handle is already that of SKU {others[0][:120]}. Variants of one product need options "
                "(option1_name and option1_value); another product needs another handle."
            )
            raise UnreadableCell(column="handle", value=row.handle, reason=reason)
        return
    if not row.options and row.sku in product.skus:
        return
    axes = dict(product.axes)
    if axes and {make_code(name) for name, _ in row.options} != set(axes):
        reason = (
            f"The variants of this product differ by {', '.join(axes.values())}. Give this row exactly these options."
        )
        named = ", ".join(name for name, _ in row.options)
        raise UnreadableCell(column="option1_name", value=named, reason=reason)
    if not row.options:
        reason = "The other rows of this product have options. Give this row options too, or another handle."
        raise UnreadableCell(column="option1_name", value="", reason=reason)
