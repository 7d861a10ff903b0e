"""Which rows of other shops' files belong together: two rows are of one product when they share one of these names."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from catalog.importing import bagisto, magento, shopify, spree, woocommerce
from catalog.importing.woocommerce_words import translate

Names = Callable[[Mapping[str, str]], set[str]]


def _by_column(*columns: str) -> Names:
    def names_of(cells: Mapping[str, str]) -> set[str]:
        return {cell for name, cell in cells.items() if name.casefold() in columns and cell}

    return names_of


def _of_woocommerce(cells: Mapping[str, str]) -> set[str]:
    words = translate(cells)
    own = {words.get(name.casefold(), name.casefold()): cell for name, cell in cells.items()}
    return woocommerce.name_family(own)


def _of_magento(cells: Mapping[str, str]) -> set[str]:
    own = {name.casefold(): cell for name, cell in cells.items()}
    variations = own.get("configurable_variations", "").split("|") if own.get("configurable_variations") else []
    named = {magento.read_pairs(variation).get("sku", "") for variation in variations}
    return {name for name in (own.get("sku", ""), *named) if name}


FAMILIES: Mapping[str, Names] = MappingProxyType(
    {
        shopify.NAME: _by_column("handle", "url handle"),
        spree.NAME: _by_column("slug"),
        bagisto.NAME: _by_column("sku", "parent_sku"),
        woocommerce.NAME: _of_woocommerce,
        magento.NAME: _of_magento,
    }
)
