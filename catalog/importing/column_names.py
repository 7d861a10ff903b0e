"""What the columns of another shop's file are called where a row is refused only once its cells were read.

The plan knows our own column names; whoever repairs the file looks for theirs.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, TypeVar

from catalog.importing import shopify
from catalog.importing.headings import NO_ALIASES, plain_names
from catalog.importing.plan import Plan
from catalog.importing.rows import RowError
from catalog.importing.source import Source
from catalog.importing.woocommerce_words import translate

Item = TypeVar("Item")

THEIRS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "shopify": {
            "sku": ("variant sku", "handle"),
            "price": ("variant price",),
            "gtin": ("variant barcode",),
            "stock": ("variant inventory qty",),
            "option1_name": ("option1 name",),
            "option1_value": ("option1 value",),
            "categories": ("product category", "type"),
        },
        "woocommerce": {
            "handle": ("name",),
            "sku": ("sku", "id"),
            "title": ("name",),
            "price": ("regular price",),
            "gtin": ("gtin, upc, ean, or isbn",),
            "option1_name": ("attribute 1 name",),
            "option1_value": ("attribute 1 value(s)",),
        },
        "magento": {
            "handle": ("url_key", "name"),
            "title": ("name",),
            "stock": ("qty",),
            "option1_name": ("configurable_variations",),
            "option1_value": ("configurable_variations",),
        },
        "bagisto": {
            "handle": ("url_key", "name"),
            "title": ("name",),
            "stock": ("inventories",),
            "option1_name": ("configurable_variants",),
            "option1_value": ("configurable_variants",),
        },
        "spree": {"handle": ("slug",), "title": ("name",), "stock": ("inventory_count",), "gtin": ("barcode",)},
        "oscar": {
            "handle": ("title",),
            "sku": ("partner_sku", "upc"),
            "price": ("price_excl_tax",),
            "stock": ("num_in_stock",),
            "gtin": ("upc",),
            "categories": ("category",),
        },
    }
)
"""By format and column of ours: their plain names, the likeliest first."""


def spell_as_file(source: Source, *, format_name: str) -> Callable[[RowError], RowError]:
    """Gives an error the name that its column has in this very file; as it is where the file has no such column."""
    theirs = THEIRS.get(format_name, {})
    aliases = NO_ALIASES
    if format_name == "shopify":
        aliases = shopify.ALIASES
    elif format_name == "woocommerce":
        aliases = translate(source.header)
    spellings = {plain: name for name, plain in plain_names(source.header, aliases=aliases).items()}

    def spell(error: RowError) -> RowError:
        if error.column in spellings.values():
            return error
        names = (*theirs.get(error.column, ()), error.column)
        name = next((spellings[one] for one in names if one in spellings), error.column)
        return error if name == error.column else replace(error, column=name)

    return spell


def spell_refusals(plan: Plan, spell: Callable[[RowError], RowError]) -> Plan:
    if any(change.error is not None for change in plan.rows):
        plan.rows = [
            change if change.error is None else replace(change, error=spell(change.error)) for change in plan.rows
        ]
    return plan


def spell_items(items: Iterable[Item], spell: Callable[[RowError], RowError]) -> Iterator[Item | RowError]:
    for item in items:
        yield spell(item) if isinstance(item, RowError) else item
