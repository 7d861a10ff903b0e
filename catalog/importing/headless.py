"""Files without a header line: Oscar's catalogue file is the one that is known by its shape."""

import re
from collections.abc import Sequence

OSCAR_COLUMNS = (
    "product_class",
    "category",
    "upc",
    "title",
    "description",
    "partner_name",
    "partner_sku",
    "price_excl_tax",
    "num_in_stock",
)
_PRICE = re.compile(r"\d+(?:[.,]\d+)?")
_CODE = re.compile(r"[0-9Xx-]{8,17}")


def name_columns(cells: Sequence[str]) -> tuple[str, ...] | None:
    """Oscar's column names when the first row is data: nine cells that end in price and count, or five with a UPC."""
    texts = [cell.strip() for cell in cells]
    while len(texts) > len(OSCAR_COLUMNS) and not texts[-1]:
        texts.pop()
    if len(texts) == 9 and texts[3] and _PRICE.fullmatch(texts[7]) and re.fullmatch(r"\d+", texts[8]):
        return OSCAR_COLUMNS
    if len(texts) == 5 and texts[3] and _CODE.fullmatch(texts[2]) and re.search(r"\d", texts[2]):
        return OSCAR_COLUMNS[:5]
    return None
