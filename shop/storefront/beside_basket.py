"""The row below a basket: what is bought together with its things, then what sells best in their categories."""

from collections.abc import Sequence
from typing import Final

from oscar.apps.catalogue.models import ProductCategory

from shop.storefront.cards import Card, units_of
from shop.storefront.related import find_beside, related_cards

MOST_CATEGORIES: Final = 4


def propose_cards(product_ids: Sequence[int]) -> list[Card]:
    """Nothing that is in the basket, sold out or not shown. Four queries, whatever the basket holds.

    The categories are those of the things that came in last.
    """
    near = find_beside(product_ids, nearest=_nearest_categories(product_ids), branches=())
    return related_cards(near, units=units_of(record for one in near for record in one.stock_record_ids))


def _nearest_categories(product_ids: Sequence[int]) -> list[int]:
    links = ProductCategory.objects.filter(product__in=product_ids).order_by("category__depth", "pk")
    nearest = dict(links.values_list("product_id", "category_id"))
    latest = [nearest[pk] for pk in reversed(product_ids) if pk in nearest]
    return list(dict.fromkeys(latest))[:MOST_CATEGORIES]
