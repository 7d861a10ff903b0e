"""Which program wrote a file, told from the names of its columns."""

from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Literal

from catalog.importing import magento, native, shopify, sku_files, woocommerce
from catalog.importing.rows import ProductRow, RowError, UnreadableFile
from catalog.importing.source import Source

Kind = Literal["products", "prices", "stock"]
Reader = Callable[..., Iterator[ProductRow | RowError]]

READERS: MappingProxyType[str, Reader] = MappingProxyType(
    {
        native.NAME: native.read,
        shopify.NAME: shopify.read,
        woocommerce.NAME: woocommerce.read,
        magento.NAME: magento.read,
    }
)
SIGNS = MappingProxyType(
    {
        shopify.NAME: ({"handle", "title", "option1 name", "variant price"},),
        woocommerce.NAME: ({"type", "sku", "name", "regular price"},),
        magento.NAME: (
            {"sku", "product_type", "attribute_set_code"},
            {"sku", "category", "attribute_set", "price"},
        ),
    }
)
NATIVE_NAMES = 3
"""Column names of ours that make a file without handles a native one: then the missing columns are named."""


def detect_format(header: tuple[str, ...], *, kind: Kind = "products") -> str:
    """Name of the format. An empty header is JSON Lines, which is native. Raises UnreadableFile when none fits."""
    if not header or kind != "products":
        return native.NAME
    names = {name.casefold() for name in header}
    for name, signs in SIGNS.items():
        if any(sign <= names for sign in signs):
            return name
    if "handle" in names or len(names & set(native.COLUMNS)) >= NATIVE_NAMES:
        return native.NAME
    raise UnreadableFile(
        f"The columns ({', '.join(header[:6])[:200]}{', …' if len(header) > 6 else ''}) are not those of a product file that is "
        f"known here: {', '.join(READERS)}. A native file begins with the columns {', '.join(native.NEEDED)}."
    )


def read_rows(source: Source, *, name: str, currency: str, kind: Kind = "products") -> Iterator[ProductRow | RowError]:
    """Rows of the file in the named format. Files of prices and of stock exist in our own format only."""
    if kind == "prices":
        return sku_files.read_prices(source, currency=currency)
    if kind == "stock":
        return sku_files.read_stock(source)
    return READERS[name](source, currency=currency)
