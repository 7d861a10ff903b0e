"""What goes with a product: what staff chose, then what is bought together with it, then what sells in its category and
branch; nothing that is sold out.
"""

from collections.abc import Sequence
from typing import Any, Final

from catalog.publication.openness import OPEN_DOCUMENT
from catalog.search.pages import NEW_FOR_DAYS
from catalog.search.records import SearchDocument
from catalog.search.shown_documents import shown_documents
from shop.storefront.cards import Card, build_cards_with
from shop.storefront.picker import Units
from shop.storefront.product_record import ProductRecord

CONSIDERED: Final = 14
SHOWN: Final = 8

_COLUMNS: Final = ", ".join(
    f"document.{field.column}"
    for field in SearchDocument._meta.concrete_fields
    if field.name not in {"facets", "facet_ids", "text", "vector"}
)
# The best of a category by the index of what sells, a handful of rows each; not everything that the branch holds.
_BEST_OF = f"""
    UNION ALL (SELECT document.product_id, NULL::smallint AS ranking, NULL::int AS orders,
        {{is_near}} AS is_near FROM catalog_searchdocument document
     WHERE document.category_ids @> ARRAY[%({{category}})s]::int[] AND document.price_min IS NOT NULL AND {OPEN_DOCUMENT}
     ORDER BY document.popularity DESC, document.product_id LIMIT %(considered)s + %(held)s)"""
_RELATED = f"""
WITH fitting AS (
    SELECT recommendation_id AS product_id, ranking, NULL::int AS orders, true AS is_near FROM catalogue_productrecommendation
    WHERE primary_id = ANY(%(products)s)
    UNION ALL SELECT other_id, NULL, orders, true FROM catalog_boughttogether WHERE product_id = ANY(%(products)s)
    {{best_of}}
), best AS (
    SELECT product_id, max(ranking) AS ranking, sum(orders) AS orders, bool_or(is_near) AS is_near FROM fitting
    WHERE product_id <> ALL(%(products)s) GROUP BY product_id
)
SELECT {_COLUMNS}, document.published_at > now() - make_interval(days => {NEW_FOR_DAYS}) AS is_new
FROM best JOIN {{documents}} document USING (product_id)
WHERE document.price_min IS NOT NULL AND {OPEN_DOCUMENT}
ORDER BY best.ranking DESC NULLS LAST, best.orders DESC NULLS LAST, best.is_near DESC, document.popularity DESC,
    document.product_id
LIMIT %(considered)s
"""


def related_documents(record: ProductRecord) -> list[SearchDocument]:
    """One query that reads a handful of rows, however much the shop sells."""
    nearest = [record.categories[-1].pk] if record.categories else []
    branches = [record.categories[0].pk] if record.categories else []
    return find_beside([record.product.pk], nearest=nearest, branches=branches)


def find_beside(product_ids: Sequence[int], *, nearest: Sequence[int], branches: Sequence[int]) -> list[SearchDocument]:
    """What goes with these listed products together, without them. One query; a handful of rows for each category."""
    params: dict[str, Any] = {"products": list(product_ids), "considered": CONSIDERED, "held": len(product_ids)}
    parts = []
    for name, categories in (("nearest", nearest), ("branch", branches)):
        for number, category in enumerate(categories):
            params[f"{name}{number}"] = category
            is_near = "true" if name == "nearest" else "false"
            parts.append(_BEST_OF.format(is_near=is_near, category=f"{name}{number}"))
    return list(
        SearchDocument.objects.raw(_RELATED.format(best_of="".join(parts), documents=shown_documents()), params)
    )


def related_cards(documents: Sequence[SearchDocument], *, units: Units) -> list[Card]:
    available = [document for document in documents if any(units.get(one, 0) != 0 for one in document.stock_record_ids)]
    return build_cards_with(available[:SHOWN], units=units)
