"""One page of documents in a chosen order. Every order ends with the product id, so that no tie can move."""

from typing import Any, Final

from catalog.search.conditions import Conditions, where
from catalog.search.facets import match_text
from catalog.search.ranking import rank_words
from catalog.search.records import SearchDocument
from shop.page_cache.answers import freeze, keep_answer

# Each has an index of the same columns in the same order.
SORTS: Final = {
    "relevance": "document.popularity DESC, document.product_id",
    "newest": "document.published_at DESC, document.product_id",
    "price": "document.price_min, document.product_id",
    "-price": "document.price_min DESC NULLS LAST, document.product_id",
    "rating": "document.rating DESC NULLS LAST, document.rating_count DESC, document.product_id",
    "popular": "document.popularity DESC, document.product_id",
}
NEW_FOR_DAYS: Final = 30

_COLUMNS: Final = (
    "product_id, title, slug, brand, category_ids, stock_record_ids, currency, price_min, price_max, compare_at_price,"
    " rating, rating_count, popularity, published_at, card"
)
_PAGE = """
SELECT {columns}, document.published_at > now() - make_interval(days => {days}) AS is_new
FROM catalog_searchdocument document {fit} WHERE {conditions} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
"""


def read_page(conditions: Conditions, *, is_partial: bool, sort: str, offset: int, limit: int) -> list[SearchDocument]:
    """Documents with `is_new` judged by the database's clock; the long columns of matching are left out.

    The documents are shared with whoever asks the same: to be shown, not to be changed.
    """
    tests = [*conditions.base, *conditions.filters.values()]
    params: dict[str, Any] = {**conditions.params, "limit": limit, "offset": offset}
    order, fit = (conditions.order if sort == "relevance" and conditions.order else SORTS[sort]), ""
    if conditions.strict:
        tests.append(match_text(conditions, is_partial=is_partial))
        if sort == "relevance":
            ranking = rank_words(
                conditions.words,
                shares=conditions.shares,
                beginning=conditions.beginning,
                is_open=conditions.is_open,
                is_partial=is_partial,
            )
            order, fit = ranking.order, ranking.fit
            params |= ranking.params
    columns = ", ".join(f"document.{name.strip()}" for name in _COLUMNS.split(","))
    sql = _PAGE.format(columns=columns, days=NEW_FOR_DAYS, fit=fit, conditions=where(*tests), order=order)
    return list(keep_answer((sql, freeze(params)), lambda: list(SearchDocument.objects.raw(sql, params))))
