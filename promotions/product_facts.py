"""What ranges need to know about the products of a basket, in two queries."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F
from django.db.models.functions import Coalesce
from oscar.apps.catalogue.models import Product, ProductCategory


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFacts:
    """A variant has its parent's class and categories."""

    product_id: int
    parent_id: int | None
    product_class_id: int | None
    category_ids: frozenset[int]
    is_discountable: bool


def facts_of_products(product_ids: Collection[int]) -> dict[int, ProductFacts]:
    """By product id; unknown ids are left out."""
    rows = Product.objects.filter(pk__in=product_ids).order_by()
    rows = rows.annotate(class_id=Coalesce(F("product_class_id"), F("parent__product_class_id")))
    products = list(rows.values_list("pk", "parent_id", "class_id", "is_discountable"))
    owners = {parent_id or pk for pk, parent_id, _, _ in products}
    categories: dict[int, set[int]] = {}
    links = ProductCategory.objects.filter(product_id__in=owners).order_by()
    for product_id, category_id in links.values_list("product_id", "category_id"):
        categories.setdefault(product_id, set()).add(category_id)
    return {
        pk: ProductFacts(
            product_id=pk,
            parent_id=parent_id,
            product_class_id=class_id,
            category_ids=frozenset(categories.get(parent_id or pk, ())),
            is_discountable=is_discountable,
        )
        for pk, parent_id, class_id, is_discountable in products
    }
