"""Which program wrote a file, told from the names of its columns."""

from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Literal

from catalog.importing import bagisto, headless, magento, native, oscar, shopify, sku_files, spree, woocommerce
from catalog.importing.rows import ProductRow, RowError, UnreadableFile
from catalog.importing.source import Source
from catalog.importing.woocommerce_words import translate

Kind = Literal["products", "prices", "stock", "customers", "redirects"]
Reader = Callable[..., Iterator[ProductRow | RowError]]

READERS: MappingProxyType[str, Reader] = MappingProxyType(
    {
        native.NAME: native.read,
        shopify.NAME: shopify.read,
        woocommerce.NAME: woocommerce.read,
        magento.NAME: magento.read,
        bagisto.NAME: bagisto.read,
        spree.NAME: spree.read,
        oscar.NAME: oscar.read,
    }
)
SIGNS = MappingProxyType(
    {
        shopify.NAME: (
            {"handle", "title", "variant price"},
            {"handle", "title", "option1 name", "variant sku"},
            {"url handle", "title", "price"},
        ),
        woocommerce.NAME: ({"type", "sku", "name", "regular price"}, {"type", "id", "name", "regular price"}),
        magento.NAME: (
            {"sku", "product_type", "attribute_set_code"},
            {"sku", "product_type", "product_websites"},
            {"sku", "product_type", "additional_attributes"},
            {"sku", "product_type", "url_key"},
            {"sku", "category", "attribute_set", "price"},
        ),
        bagisto.NAME: ({"sku", "type", "attribute_family_code"}, {"sku", "type", "url_key", "inventories"}),
        spree.NAME: (
            {"slug", "sku", "name", "price", "option1_name"},
            {"slug", "sku", "name", "price", "inventory_count"},
            {"slug", "sku", "name", "price", "category1"},
        ),
        oscar.NAME: (set(headless.OSCAR_COLUMNS[:5]), {"upc", "title", "partner_sku"}),
    }
)
PRICE_FILE = "This is a file of prices. Import it with import_prices."
STOCK_FILE = "This is a file of stock. Import it with import_stock."
OTHER_FILES = (
    (
        {"slug", "locale", "name"},
        "This is a file of translations. The shop holds each text in one language; leave the file out.",
    ),
    (
        {"sku", "_type", "_attribute_set"},
        "This is an export of Magento 1, which puts one product on several lines. Import it into Magento 2 and export it "
        "there, or name the columns as in a native file.",
    ),
    (
        {"sku", "tier_price"},
        "This is Magento's file of prices by quantity, which this shop does not keep. Leave it out.",
    ),
    ({"email"}, "This is a file of customers. Import it with import_customers."),
    ({"from_path", "to_path"}, "This is a file of redirects. Import it with import_redirects."),
    ({"sku", "quantity"}, STOCK_FILE),
)
WHOLE_LINE = (
    "Each line of this file stands in quotation marks as a whole, so that it has one column only. A program has quoted it "
    'twice: export it again, or take away the outer marks and write the doubled ones (“""”) once.'
)
ONE_CELL = "The first line has one cell only (“{}”). Expected a header line with the names of the columns; delete what stands above it."
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
    if any(sign <= names | set(translate(header).values()) for sign in SIGNS[woocommerce.NAME]):
        return woocommerce.NAME
    if any(signs <= names for signs, _ in sku_files.OTHER_SHOPS):
        raise UnreadableFile(STOCK_FILE)
    if {"sku", "price"} <= names <= {*sku_files.PRICE_COLUMNS, ""}:
        raise UnreadableFile(PRICE_FILE)
    if "handle" in names or len(names & set(native.COLUMNS)) >= NATIVE_NAMES:
        return native.NAME
    for columns, sentence in OTHER_FILES:
        if columns <= names:
            raise UnreadableFile(sentence)
    if len(header) == 1:
        raise UnreadableFile(WHOLE_LINE if "," in header[0] or ";" in header[0] else ONE_CELL.format(header[0][:60]))
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
