"""The row below a basket: what is bought together with its things, then what sells best in their categories."""

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import QuerySet
from oscar.apps.catalogue.models import ProductCategory

from shop.storefront.cards import Card, units_of
from shop.storefront.related import find_beside, related_cards
from shop.written_once import any_of, written_once

MOST_CATEGORIES: Final = 4


def propose_cards(product_ids: Sequence[int]) -> list[Card]:
    """Nothing that is in the basket, sold out or not shown. Four queries, whatever the basket holds.

    The categories are those of the things that came in last.
    """
    near = find_beside(product_ids, nearest=_nearest_categories(product_ids), branches=())
    return related_cards(near, units=units_of(record for one in near for record in one.stock_record_ids))


def _nearest_categories(product_ids: Sequence[int]) -> list[int]:
    nearest = dict(_categories.ask(products=list(product_ids)))
    latest = [nearest[pk] for pk in reversed(product_ids) if pk in nearest]
    return list(dict.fromkeys(latest))[:MOST_CATEGORIES]


@written_once
def _categories() -> QuerySet[Any, Any]:
    """The deepest of a product comes last."""
    links = ProductCategory.objects.filter(any_of("catalogue_productcategory.product_id", "products"))
    return links.order_by("category__depth", "pk").values_list("product_id", "category_id")
