"""One page of documents in a chosen order. Every order ends with the product id, so that no tie can move."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from catalog.search.conditions import Conditions, where
from catalog.search.facets import match_text
from catalog.search.guidance import Guidance
from catalog.search.leading import lead_answers
from catalog.search.ranking import SALES, Part, Ranking, rank_words
from catalog.search.records import SearchDocument
from catalog.search.shown_documents import shown_documents
from catalog.search.sinking import Sinking, sinks
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
FROM {documents} document {fit} WHERE {conditions} ORDER BY {order} LIMIT {limit} OFFSET {offset}
"""
# The list is put in order (OFFSET 0: apart from the rest), then tested from its head on, only as far as the page; the
# array keeps the planner from walking along the index of the order to find the page again.
_FAR_PAGE = """document.product_id = ANY(ARRAY(SELECT document.product_id FROM (
    SELECT product_id, stock_record_ids, published_at, popularity, price_min, rating, rating_count
    FROM {documents} document WHERE {conditions} ORDER BY {order} OFFSET 0) AS document
WHERE {test} ORDER BY {order} LIMIT %(limit)s OFFSET %(far)s))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a document stands where it does: the addends (name, number) of its score, and what overrides the score."""

    parts: list[tuple[str, float]]
    total: float
    notes: list[str]


def read_page(
    conditions: Conditions,
    *,
    is_partial: bool,
    sort: str,
    offset: int,
    limit: int,
    leaders: Sequence[int] = (),
    is_far: bool = False,
    sinking: Sinking | None = None,
    explain: bool = False,
) -> list[SearchDocument]:
    """Documents with `is_new` judged by the database's clock; the long columns of matching are left out.

    A page that `is_far` is found by sorting the list, not by walking along the index of its order.

    Of more answers than are weighed the `leaders` fill the first pages, by score; the others follow as `leading` says.

    The documents are shared with whoever asks the same: to be shown, not to be changed. With `explain` and in the order
    of relevance each has `why`: what staff and score put it there. With `sinking` those that can be bought come first.
    """
    tests = [*conditions.base, *conditions.filters.values()]
    if conditions.strict:
        tests.append(match_text(conditions, is_partial=is_partial))
    params: dict[str, Any] = {**conditions.params, "limit": limit, "offset": offset}
    order, fit = SORTS[sort], ""
    parts: tuple[Part, ...] = ()
    if sort == "relevance":
        ranking = rank_documents(conditions, is_partial=is_partial)
        order, fit, parts = ranking.order, ranking.fit, ranking.parts
        params |= ranking.params
    weighed = list(leaders[: len(leaders) // limit * limit])
    if weighed and offset < len(weighed):
        tests, params["leaders"] = ["document.product_id = ANY(%(leaders)s)"], weighed
    elif weighed:
        lead = lead_answers(conditions)
        order = lead.order
        params |= lead.params
    columns = [f"document.{name.strip()}" for name in _COLUMNS.split(",")]
    if explain:
        columns += [f"({part.sql})::float8 AS why{place}" for place, part in enumerate(parts)]
    documents = shown_documents()
    page = partial(
        _PAGE.format, documents=documents, columns=", ".join(columns), days=NEW_FOR_DAYS, fit=fit, order=order
    )
    far = partial(_FAR_PAGE.format, documents=documents, order=order) if is_far and order == SORTS[sort] else None
    params |= {"far": offset} if far else {}
    if sinking is None or not sinks(conditions, sort=sort):
        tested = where(*tests)
        start = "0" if far else "%(offset)s"
        narrowed = far(conditions=tested, test="true") if far else tested
        sql = page(conditions=narrowed, limit="%(limit)s", offset=start)
    else:
        params |= sinking.params
        sql = sinking.write_page(page, tests, far=far)
    if not explain:
        return list(keep_answer((sql, freeze(params)), lambda: list(SearchDocument.objects.raw(sql, params))))
    explained = list(SearchDocument.objects.raw(sql, params))
    for document in explained:
        document.why = explain_place(document, parts, conditions.guidance)
    return explained


def rank_documents(conditions: Conditions, *, is_partial: bool) -> Ranking:
    """Pinned products first; then by the words, or without words by sales; boosts and burials are addends of the score.

    A list that nobody touched keeps the plain order, which has an index behind it.
    """
    guidance = conditions.guidance
    if conditions.strict:
        ranking = rank_words(
            conditions.words,
            shares=conditions.shares,
            beginning=conditions.beginning,
            is_open=conditions.is_open,
            is_partial=is_partial,
        )
    else:
        ranking = Ranking(fit="", parts=(SALES,), plain_order=conditions.order or SORTS["relevance"])
    extra = guidance.parts()
    return replace(
        ranking,
        parts=(*ranking.parts, *extra),
        first=guidance.pin_order(),
        plain_order="" if extra else ranking.plain_order,
    )


def explain_place(document: SearchDocument, parts: Sequence[Part], guidance: Guidance) -> Why:
    score = [(part.name, getattr(document, f"why{place}")) for place, part in enumerate(parts)]
    notes = ["sold out: below everything that can be bought, before any score"] if document.is_sunk else []
    if document.pk in guidance.pinned:
        notes.append(f"pinned by staff to place {guidance.pinned.index(document.pk) + 1}, before any score")
    if document.pk in guidance.sold_out:
        notes.append("pinned or boosted by staff, but sold out: that holds again with the first unit in stock")
    return Why(parts=[(name, value) for name, value in score if value], total=sum(v for _, v in score), notes=notes)
