"""What the wish list shows: today's price and stock of each thing. Eight queries for any number of them."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, ExpressionWrapper
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord

from catalog.pricing.current import prices_for
from catalog.publication.openness import is_published
from checkout.orders.line_pictures import NOTHING, pictures_of
from checkout.quote.items import labels_of, name_of
from inventory.promises import Wait, stock_for

FEW = 3


def show_wishes(product_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Rows of templates/wishlist/wishlist.html, the newest first. What left the shop stays listed, and says so."""
    products = (
        Product.objects.filter(pk__in=product_ids)
        .annotate(is_open=ExpressionWrapper(is_published(), output_field=BooleanField()))
        .select_related("parent")
        .in_bulk()
    )
    shown = [products[pk] for pk in reversed(product_ids) if pk in products]
    records = dict(StockRecord.objects.filter(product__in=shown).order_by("-pk").values_list("product_id", "pk"))
    prices, units = prices_for(records.values()), stock_for(records.values())
    labels = labels_of(product.pk for product in shown if product.parent_id)
    pictures = pictures_of({product.pk: product.parent_id or product.pk for product in shown})
    rows = []
    for product in shown:
        name, label = name_of(product, labels)
        record_id = records.get(product.pk)
        price = prices.get(record_id) if record_id else None
        left = units.get(record_id, 0) if record_id else 0
        picture = pictures.get(product.pk, NOTHING)
        is_parent = product.structure == Product.PARENT
        rows.append(
            {
                "id": product.pk,
                "name": name,
                "label": label,
                "url": picture.url,
                "picture": picture.picture,
                "price": {"now": price.amount, "was": price.compare_at, "currency": price.currency} if price else None,
                "must_choose": is_parent and product.is_open,
                "can_buy": bool(price and product.is_open and left != 0),
                "stock_words": _say_stock(
                    is_open=product.is_open,
                    is_parent=is_parent,
                    has_price=bool(price),
                    left=left,
                    wait=units.wait_for(record_id) if record_id else None,
                ),
                "add_url": f"/wishlist/to-basket/{product.pk}/",
                "remove_url": f"/wishlist/remove/{product.pk}/",
                "alert_url": _alert_url(product, kind="price" if left != 0 else "back") if price else "",
                "alert_words": "Tell me when it costs less" if left != 0 else "Tell me when it is back",
            }
        )
    return rows


def _alert_url(product: Product, *, kind: str) -> str:
    query = {"variant": product.pk, "kind": kind} if product.parent_id else {"kind": kind}
    return f"/alerts/ask/{product.parent_id or product.pk}/?{urlencode(query)}"


def _say_stock(*, is_open: bool, is_parent: bool, has_price: bool, left: int | None, wait: Wait | None) -> str:
    if not is_open:
        return "No longer in the shop"
    if is_parent:
        return ""
    if not has_price:
        return "Not for sale at the moment"
    if left == 0:
        return "Sold out"
    if wait is not None:
        return wait.words
    return f"{left} left" if left is not None and left <= FEW else "In stock"
