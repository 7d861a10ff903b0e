"""The product as JSON-LD: the chosen variant's offer, pictures, rating; the same values as on the page.

What the shop does not know is left out: no condition, no end of a price, no cost of sending back is guessed.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString

from catalog.gtin import WrongGtin, read_gtin
from catalog.variant_choice import Variant
from inventory.promises import PRE_ORDER, Wait
from shipping.rates.quote import Rate
from shop.storefront.cards import ShownPrice, ShownRating
from shop.storefront.description import plain_words
from shop.storefront.pictures import Picture
from shop.storefront.product_record import ProductRecord
from shop.storefront.promises import RETURN_DAYS, Delivery
from shop.storefront.structured_data import full_url, write_data


def describe_product(
    record: ProductRecord,
    chosen: Variant | None,
    *,
    price: ShownPrice,
    pictures: Sequence[Picture],
    rating: ShownRating | None,
    can_buy: bool,
    wait: Wait | None,
    delivery: Delivery,
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
    if gtin := find_gtin(record.product.upc):
        thing["gtin"] = gtin
    if rating:
        thing["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": rating.average,
            "reviewCount": rating.count,
        }
    if price.now is not None and chosen is not None:
        thing["offers"] = _describe_offer(price, url=url, can_buy=can_buy, wait=wait, delivery=delivery)
    return write_data(thing)


def find_gtin(upc: str | None) -> str | None:
    """The number when it is a GTIN; old rows and other shops' files hold numbers of their own there."""
    try:
        return read_gtin(upc) if upc else None
    except WrongGtin:
        return None


def _describe_offer(
    price: ShownPrice, *, url: str, can_buy: bool, wait: Wait | None, delivery: Delivery
) -> dict[str, Any]:
    ahead = ("PreOrder" if wait.kind == PRE_ORDER else "BackOrder") if wait is not None else "InStock"
    offer: dict[str, Any] = {
        "@type": "Offer",
        "price": f"{price.now:f}",
        "priceCurrency": price.currency,
        "availability": f"https://schema.org/{ahead if can_buy else 'OutOfStock'}",
        "url": url,
        "seller": {"@type": "Organization", "name": settings.SHOP_NAME},
        "priceSpecification": _describe_prices(price),
        "hasMerchantReturnPolicy": describe_returns(),
    }
    if can_buy and wait is not None:
        offer["availabilityStarts"] = wait.on.isoformat()
    if delivery.rate is not None:
        offer["shippingDetails"] = _describe_delivery(delivery.rate)
    return offer


def _describe_prices(price: ShownPrice) -> list[dict[str, Any]]:
    """What is asked now, and the price that is struck through beside it."""
    tax = {"priceCurrency": price.currency, "valueAddedTaxIncluded": settings.PRICES_INCLUDE_TAX}
    asked = {"@type": "UnitPriceSpecification", "price": f"{price.now:f}", **tax}
    if price.was is None:
        return [asked]
    former = {"@type": "UnitPriceSpecification", "price": f"{price.was:f}", **tax}
    return [asked, former | {"priceType": "https://schema.org/StrikethroughPrice"}]


def describe_returns() -> dict[str, Any]:
    return {
        "@type": "MerchantReturnPolicy",
        "applicableCountry": settings.SHOP_COUNTRY,
        "returnPolicyCategory": "https://schema.org/MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": RETURN_DAYS,
        "merchantReturnLink": full_url("/info/returns/"),
    }


def _describe_delivery(rate: Rate) -> dict[str, Any]:
    """The working days that the page's arrival dates are counted from."""
    return {
        "@type": "OfferShippingDetails",
        "shippingRate": {
            "@type": "MonetaryAmount",
            "value": f"{rate.price:f}",
            "currency": settings.SHOP_CURRENCY,
        },
        "shippingDestination": {"@type": "DefinedRegion", "addressCountry": settings.SHOP_COUNTRY},
        "deliveryTime": {
            "@type": "ShippingDeliveryTime",
            "transitTime": {
                "@type": "QuantitativeValue",
                "minValue": rate.days_min,
                "maxValue": rate.days_max,
                "unitCode": "DAY",
            },
        },
    }
