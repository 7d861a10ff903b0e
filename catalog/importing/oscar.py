"""django-oscar's catalogue file, as its sandbox imports it: nine columns (or the first five) without a header line.

A file with these names as header line is read too. The UPC is the GTIN when its check digit says so, and kept as an
attribute else. Rows without partner SKU are sold under their UPC. The file knows no addresses of the old shop.
"""

from collections.abc import Iterator, Mapping

from catalog.importing import cells
from catalog.importing.headings import read_marks, read_plainly, require_columns
from catalog.importing.naming import make_handle
from catalog.importing.numbers import DecimalMark
from catalog.importing.parents import ParentIndex
from catalog.importing.rows import ProductRow, RowError, UnreadableCell
from catalog.importing.source import Record, Source

NAME = "oscar"
NEEDED = ("category", "upc", "title")
ALIASES = {
    "price": "price_excl_tax",
    "class": "product_class",
    "sku": "partner_sku",
    "stock": "num_in_stock",
    "partner": "partner_name",
}
NUMERIC = {"price": "price_excl_tax", "stock": "num_in_stock"}


def read(source: Source, *, currency: str) -> Iterator[ProductRow | RowError]:
    require_columns(source, needed=NEEDED, file_of="catalogue file of Oscar", aliases=ALIASES)
    marks = read_marks(source, numeric=NUMERIC, aliases=ALIASES)
    with ParentIndex() as known:
        for record in read_plainly(source, aliases=ALIASES):
            if isinstance(record, RowError):
                yield record
                continue
            try:
                yield _read_record(record, known=known, marks=marks, currency=currency)
            except UnreadableCell as error:
                yield error.at_line(record.line)


def _read_record(
    record: Record, *, known: ParentIndex, marks: Mapping[str, DecimalMark | None], currency: str
) -> ProductRow:
    own = record.cells
    sku, title = own.get("partner_sku") or own["upc"], cells.read_plain(own["title"], column="title", length=255)
    if not sku or not title:
        column = "title" if sku else "upc"
        raise UnreadableCell(column=column, value="", reason=f"Every row needs a {column}. Fill in the cell.")
    gtin, attributes = read_upc(own["upc"])
    price, stock = own.get("price_excl_tax", ""), own.get("num_in_stock", "")
    return ProductRow(
        line=record.line,
        handle=known.claim_handle(make_handle(title), sku),
        sku=cells.read_sku(sku, column="partner_sku"),
        title=title,
        description=cells.clean_html(own.get("description", "")) or None,
        product_class=cells.read_text(own.get("product_class", ""), column="product_class", length=128) or None,
        categories=_read_category(own["category"]),
        gtin=gtin,
        price=cells.read_money(price, column="price", mark=marks["price"], currency=currency) if price else None,
        stock=cells.read_count(stock, column="num_in_stock", mark=marks["stock"]) if stock else None,
        attributes=attributes,
        published=True,
    )


def read_upc(text: str) -> tuple[str | None, dict[str, str]]:
    """(GTIN, attributes): what is no GTIN is some other number of the same name."""
    if not text:
        return None, {}
    try:
        return cells.read_gtin(text, column="upc"), {}
    except UnreadableCell:
        if cells.SHORTENED.fullmatch(text):
            raise
        return None, {"upc": cells.read_text(text, column="upc", length=255)}


def _read_category(text: str) -> tuple[tuple[str, ...], ...] | None:
    return (cells.read_path(text.split(">"), column="category", value=text),) if text else None
