"""Find products: text, category, facets, price and stock in, one page of documents with facet counts out.

Four queries at most, however much is asked and found: what staff said of it, prepare the words, count everything, read
one page; and one about the stock of products that staff pinned or boosted here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.db.models import QuerySet

from catalog.collections.rule import Within
from catalog.search.conditions import Conditions, build_conditions
from catalog.search.facets import FacetGroup, FacetValue, PriceBounds, Summary, summarise
from catalog.search.folding import fold_text
from catalog.search.guidance import Guidance, UnitsOf, read_guidance
from catalog.search.pages import SORTS, read_page
from catalog.search.records import SearchDocument
from catalog.search.sinking import Sinking
from catalog.search.spelling import spell
from catalog.search.wording import Wording, prepare_wording
from shop.written_once import Question

__all__ = ["SORTS", "FacetGroup", "FacetValue", "PriceBounds", "Query", "Results", "find_products"]

LARGEST_PAGE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a shopper asks. Prices in the shop's currency, both ends included.

    `facets` maps attribute codes to the chosen values: any of them inside one code, all codes together. `within` is a
    collection (`catalog.collections.rule.members_of`).
    """

    text: str = ""
    category_id: int | None = None
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    sort: str = "relevance"
    page: int = 1
    page_size: int = 24
    within: Within | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One page. `page` is the page answered: a number outside 1 … `pages` gets the nearest that exists.

    `did_you_mean` is a better spelling; with `is_corrected` the documents are already those of that spelling, since
    the words as typed found nothing. `is_partial`: these have some of the words, for none has all of
    them, or (`has_complete`) only those that come first. `dropped` lists
    facet choices (code, value) that no product of the shop has; they were ignored.
    """

    documents: list[SearchDocument]
    total: int
    page: int
    pages: int
    facet_groups: list[FacetGroup]
    price_bounds: PriceBounds | None
    did_you_mean: str | None
    is_corrected: bool
    is_partial: bool
    has_complete: bool
    dropped: list[tuple[str, str]]
    sort: str


def find_products(
    query: Query,
    *,
    restrict: QuerySet | Question | None = None,
    units_of: UnitsOf | None = None,
    sinking: Sinking | None = None,
    explain: bool = False,
) -> Results:
    """`restrict`, a query set of stock records or a question for their ids, keeps products that have one of them (for example: in stock).

    `units_of` tells what is sold out and so neither pinned nor boosted; `sinking` puts it below what can be bought.
    With `explain` each document says `why` it stands where it does.
    """
    guidance: Guidance = read_guidance(query.text, category_id=query.category_id, units_of=units_of)
    wording: Wording = prepare_wording(query.text, facets=query.facets, words=guidance.words)
    conditions: Conditions = build_conditions(
        wording=wording,
        guidance=guidance,
        category_id=query.category_id,
        min_price=query.min_price,
        max_price=query.max_price,
        restrict=restrict,
        within=query.within,
    )
    sort = query.sort if query.sort in SORTS else "relevance"
    summary: Summary = summarise(conditions, by_words=sort == "relevance")
    page_size = min(max(query.page_size, 1), LARGEST_PAGE)
    pages = max(1, -(-summary.total // page_size))
    page = min(max(query.page, 1), pages)
    documents = (
        read_page(
            conditions,
            is_partial=summary.is_partial,
            leaders=summary.leaders,
            # To the page by the index of its order means to pass as many products of other lists in between.
            is_far=(page - 1) * page_size * summary.shop_total > summary.total**2,
            sort=sort,
            offset=(page - 1) * page_size,
            limit=page_size,
            sinking=sinking,
            explain=explain,
        )
        if summary.total
        else []
    )
    return Results(
        documents=documents,
        total=summary.total,
        page=page,
        pages=pages,
        facet_groups=summary.facet_groups,
        price_bounds=summary.price_bounds,
        did_you_mean=_propose_spelling(wording, documents),
        is_corrected=wording.is_corrected,
        is_partial=summary.is_partial,
        has_complete=wording.has_few,
        dropped=wording.dropped,
        sort=sort,
    )


def _propose_spelling(wording: Wording, documents: Sequence[SearchDocument]) -> str | None:
    """Of several words that are equally near, the one that the best answer has."""
    if wording.better is None:
        return None
    best = documents[0] if wording.is_corrected and documents else None
    return spell(wording.better, best=fold_text(f"{best.title} {best.brand}").split() if best else ())
