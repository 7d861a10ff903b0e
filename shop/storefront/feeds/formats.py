"""The formats of feeds: which fields an item gives, which it must have, and how rows become a file.

Sources: Google Merchant Center product data specification (XML: RSS 2.0 with the namespace `g`; text: tab-separated);
Meta commerce catalogue, CSV fields; OpenAI / Agentic Commerce Protocol product feed, "Field reference" (products.jsonl).
What the shop does not know is left out: no condition, no shipping cost, no taxonomy number is guessed.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from xml.sax.saxutils import escape

from django.conf import settings

from shop.storefront.feeds.items import FeedItem
from shop.storefront.feeds.safety import list_details, list_warnings, name_makers, name_responsible
from shop.storefront.promises import RETURN_DAYS
from shop.storefront.structured_data import full_url

Row = dict[str, Any]
LONGEST_TITLE: Final = 150
LONGEST_TEXT: Final = 5_000
SAFETY: Final = "Product safety"


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """`needs` maps fields to what an item lacks without them. `write` makes text of rows, piece by piece."""

    name: str
    file_name: str
    content_type: str
    needs: Mapping[str, str]
    fill: Callable[[FeedItem], Row]
    write: Callable[[Iterable[Row]], Iterator[str]]


def _money(item: FeedItem, *, regular: bool) -> str:
    """`12.90 EUR`; the regular price is the struck-through one where there is one."""
    if item.price is None:
        return ""
    amount = item.price.compare_at if regular and item.price.compare_at is not None else item.price.amount
    return f"{amount:.2f} {item.price.currency}"


def _sale_price(item: FeedItem) -> str:
    return _money(item, regular=False) if item.price is not None and item.price.compare_at is not None else ""


def _first_day(item: FeedItem, *, form: str = "") -> str:
    """The promised day of what is sold ahead, ISO 8601."""
    return f"{item.available_on.isoformat()}{form}" if item.available_on is not None else ""


_META_WORDS: Final = {
    "in_stock": "in stock",
    "out_of_stock": "out of stock",
    "preorder": "preorder",
    "backorder": "available for order",
}


def _in_a_detail(words: str) -> str:
    """Commas and colons stand between the parts of Google's details."""
    return words.replace(",", ";").replace(":", " ")


def _fill_google(item: FeedItem) -> Row:
    has_identifier = bool(item.gtin)
    return {
        "id": item.sku,
        "title": item.title[:LONGEST_TITLE],
        "description": item.description[:LONGEST_TEXT],
        "link": item.url,
        "image_link": item.pictures[0] if item.pictures else "",
        "additional_image_link": list(item.pictures[1:]),
        "availability": item.availability,
        "availability_date": _first_day(item, form="T00:00Z"),
        "price": _money(item, regular=True),
        "sale_price": _sale_price(item),
        "brand": item.brand,
        "gtin": item.gtin or "",
        "identifier_exists": "" if has_identifier else "no",
        "item_group_id": item.group_id,
        "product_type": " > ".join(item.category),
        "product_detail": [f"{SAFETY}:{name}:{_in_a_detail(words)}" for name, words in list_details(item.safety)],
        **_known_options(item),
        "shipping_weight": item.parcel.weight,
        **_sides(item),
    }


def _fill_meta(item: FeedItem) -> Row:
    return {
        "id": item.sku,
        "title": item.title[:LONGEST_TITLE],
        "description": item.description[:LONGEST_TEXT],
        "availability": _META_WORDS[item.availability],
        "price": _money(item, regular=True),
        "sale_price": _sale_price(item),
        "link": item.url,
        "image_link": item.pictures[0] if item.pictures else "",
        "additional_image_link": ",".join(item.pictures[1:]),
        "brand": item.brand,
        "gtin": item.gtin or "",
        "item_group_id": item.group_id,
        "product_type": " > ".join(item.category),
        "manufacturer_info": "; ".join(name_makers(item.safety)),
        "importer_name": "; ".join(name_responsible(item.safety)),
        "origin_country": item.parcel.origin,
        "shipping_weight": item.parcel.weight,
        "quantity_to_sell_on_facebook": "" if item.units is None else str(item.units),
    }


def _fill_acp(item: FeedItem) -> Row:
    """`is_eligible_checkout` is false: the shop takes its orders on its own pages."""
    row: Row = {
        "item_id": item.sku,
        "title": item.title[:LONGEST_TITLE],
        "description": item.description[:LONGEST_TEXT],
        "url": item.url,
        "brand": item.brand,
        "gtin": item.gtin,
        "image_url": item.pictures[0] if item.pictures else "",
        "additional_image_urls": ",".join(item.pictures[1:]),
        "price": _money(item, regular=True),
        "sale_price": _sale_price(item),
        "availability": "pre_order" if item.availability == "preorder" else item.availability,
        "availability_date": _first_day(item),
        "group_id": item.group_id,
        "listing_has_variations": bool(item.group_id),
        "variant_dict": dict(item.options),
        "product_category": " > ".join(item.category),
        "warning": " ".join(list_warnings(item.safety)),
        "warning_url": next((one.url for block in item.safety for one in block.documents), ""),
        "is_eligible_search": True,
        "is_eligible_checkout": False,
        "seller_name": settings.SHOP_NAME,
        "seller_url": full_url("/"),
        "seller_tos": full_url("/info/terms/"),
        "seller_privacy_policy": full_url("/info/privacy/"),
        "return_policy": full_url("/info/returns/"),
        "return_deadline_in_days": RETURN_DAYS,
        "accepts_returns": True,
        "store_country": settings.SHOP_COUNTRY,
        "target_countries": [settings.SHOP_COUNTRY],
    }
    if item.rating is not None and item.rating_count:
        row |= {"star_rating": f"{item.rating:.1f}", "review_count": item.rating_count}
    return {name: value for name, value in row.items() if value not in ("", None, {}, [])}


def _sides(item: FeedItem) -> dict[str, str]:
    """Google takes all three or none, in centimetres."""
    names = ("shipping_length", "shipping_width", "shipping_height")
    sides = item.parcel.sides or ()
    return {name: f"{(Decimal(side) / 10).normalize():f} cm" for name, side in zip(names, sides, strict=False)}


def _known_options(item: FeedItem) -> dict[str, str]:
    """Google's own fields for what sets variants apart, where the axis is called so."""
    names = {"colour": "color", "color": "color", "size": "size", "material": "material", "pattern": "pattern"}
    return {names[name.lower()]: value for name, value in item.options if name.lower() in names}


_GOOGLE_FIELDS: Final = (
    "id", "title", "description", "link", "image_link", "additional_image_link", "availability",
    "availability_date", "price", "sale_price", "brand", "gtin", "identifier_exists", "item_group_id", "product_type", "product_detail", "color", "size", "material", "pattern",
    "shipping_weight", "shipping_length", "shipping_width", "shipping_height",
)  # fmt: skip
_META_FIELDS: Final = (
    "id", "title", "description", "availability", "price", "sale_price", "link", "image_link", "additional_image_link",
    "brand", "gtin", "item_group_id", "product_type", "manufacturer_info", "importer_name", "origin_country", "shipping_weight", "quantity_to_sell_on_facebook",
)  # fmt: skip


def _write_xml(rows: Iterable[Row]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">\n<channel>\n'
    yield f"<title>{escape(settings.SHOP_NAME)}</title>\n<link>{escape(full_url('/'))}</link>\n"
    yield f"<description>{escape(settings.SHOP_TAGLINE)}</description>\n"
    for row in rows:
        parts = []
        for name, value in row.items():
            for one in value if isinstance(value, list) else [value]:
                if one and name == "product_detail":
                    parts.append(_write_detail(one))
                elif one:
                    parts.append(f"<g:{name}>{escape(_printable(one))}</g:{name}>")
        yield f"<item>{''.join(parts)}</item>\n"
    yield "</channel>\n</rss>\n"


def _write_detail(text: str) -> str:
    names = ("section_name", "attribute_name", "attribute_value")
    inner = "".join(
        f"<g:{name}>{escape(_printable(part))}</g:{name}>" for name, part in zip(names, text.split(":", 2), strict=True)
    )
    return f"<g:product_detail>{inner}</g:product_detail>"


def _write_jsonl(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"


def _write_table(fields: Sequence[str], *, delimiter: str) -> Callable[[Iterable[Row]], Iterator[str]]:
    def write(rows: Iterable[Row]) -> Iterator[str]:
        buffer = io.StringIO()
        table = csv.DictWriter(buffer, fields, delimiter=delimiter, lineterminator="\n", restval="")
        table.writeheader()
        for row in rows:
            flat = {name: ",".join(value) if isinstance(value, list) else value for name, value in row.items()}
            table.writerow({name: " ".join(_printable(value).split()) for name, value in flat.items()})
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
        yield buffer.getvalue()

    return write


def _printable(text: object) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(one for one in str(text) if one.isprintable() or one in "\n\t")


_NEEDED: Final = {"title": "a title", "description": "a description", "price": "a price"}
_GOOGLE_NEEDS: Final = {"id": "a SKU", **_NEEDED, "link": "an address", "image_link": "a picture"}
FORMATS: Final = {
    one.name: one
    for one in (
        Format(
            name="google.xml", file_name="google.xml", content_type="application/xml; charset=utf-8",
            needs=_GOOGLE_NEEDS, fill=_fill_google, write=_write_xml,
        ),
        Format(
            name="google.tsv", file_name="google.tsv", content_type="text/tab-separated-values; charset=utf-8",
            needs=_GOOGLE_NEEDS, fill=_fill_google, write=_write_table(_GOOGLE_FIELDS, delimiter="\t"),
        ),
        Format(
            name="meta.csv", file_name="meta.csv", content_type="text/csv; charset=utf-8",
            needs={**_GOOGLE_NEEDS, "brand": "a brand"}, fill=_fill_meta, write=_write_table(_META_FIELDS, delimiter=","),
        ),
        Format(
            name="products.jsonl", file_name="products.jsonl", content_type="application/x-ndjson; charset=utf-8",
            needs={"item_id": "a SKU", **_NEEDED, "brand": "a brand", "image_url": "a picture"}, fill=_fill_acp,
            write=_write_jsonl,
        ),
    )
}  # fmt: skip
