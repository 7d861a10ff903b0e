"""The product as JSON-LD: the chosen variant's offer, pictures, rating; the same values as on the page."""

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString

from catalog.variant_choice import Variant
from shop.storefront.cards import ShownPrice, ShownRating
from shop.storefront.description import plain_words
from shop.storefront.pictures import Picture
from shop.storefront.product_record import ProductRecord
from shop.storefront.structured_data import full_url, write_data


def describe_product(
    record: ProductRecord,
    chosen: Variant | None,
    *,
    price: ShownPrice,
    pictures: Sequence[Picture],
    rating: ShownRating | None,
    can_buy: bool,
) -> SafeString:
    url = full_url(f"/p/{record.product.slug}/")
    thing: dict[str, Any] = {"@type": "Product", "name": record.product.title, "url": url}
    if text := plain_words(record.product.description):
        thing["description"] = text[:500]
    if pictures:
        thing["image"] = [full_url(picture.src) for picture in pictures]
    if record.brand:
        thing["brand"] = {"@type": "Brand", "name": record.brand}
    if chosen and chosen.sku:
        thing["sku"] = chosen.sku
    if record.product.upc:
        thing["gtin"] = record.product.upc
    if rating:
        thing["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": rating.average,
            "reviewCount": rating.count,
        }
    if price.now is not None and chosen is not None:
        thing["offers"] = {
            "@type": "Offer",
            "price": f"{price.now:f}",
            "priceCurrency": price.currency,
            "availability": f"https://schema.org/{'InStock' if can_buy else 'OutOfStock'}",
            "url": url,
        }
    return write_data(thing)
