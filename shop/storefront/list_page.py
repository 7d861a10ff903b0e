"""What a list page shows (templates/storefront/listing.html), from what was asked and what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from catalog.collections.rule import Within
from catalog.search.query import Query, Results, find_products
from catalog.search.sinking import sink_without
from inventory.availability import ids_in_stock, saleable_for, saleable_ids
from shop.storefront.cards import Card, build_cards
from shop.storefront.facet_panel import ActiveFilter, Facet, list_active, list_facets
from shop.storefront.list_address import ListRequest, write_address

PAGE_SIZE: Final = 24
WINDOW: Final = 1
SORT_LABELS: Final = {
    "relevance": "Recommended",
    "newest": "Newest",
    "price": "Price, low first",
    "-price": "Price, high first",
    "rating": "Best rated",
    "popular": "Most bought",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SortOption:
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """A page, or a gap between pages."""

    number: int = 0
    url: str = ""
    is_current: bool = False
    is_gap: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    number: int
    count: int
    first: int
    last: int
    previous_url: str
    next_url: str
    links: list[PageLink]


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenField:
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    total: int
    cards: list[Card]
    action_url: str
    keep: list[HiddenField]
    facets: list[Facet]
    active: list[ActiveFilter]
    clear_url: str
    sort_label: str
    sort_options: list[SortOption]
    pages: Pages
    notices: list[str]
    canonical_url: str
    is_indexed: bool
    results: Results = field(repr=False)


def build_listing(
    asked: ListRequest,
    *,
    path: str,
    category_id: int | None = None,
    within: Within | None = None,
    only_in_stock: bool = False,
    fixed: Mapping[str, tuple[str, ...]] | None = None,
    explain: bool = False,
) -> Listing:
    """Five queries: four to find, one for the units of the products on the page; and one when staff placed products here.

    `fixed` are facet values that the page itself stands for: they are no filter that a shopper could take away.
    """
    fixed = fixed or {}
    asked = asked.change(
        facets={code: asked.facets[code] for code in asked.facets if code not in fixed}, page=asked.page
    )
    results = find_products(
        Query(
            text=asked.text,
            category_id=category_id,
            facets={**asked.facets, **fixed},
            min_price=asked.min_price,
            max_price=asked.max_price,
            sort=asked.sort,
            page=asked.page,
            page_size=PAGE_SIZE,
            within=within,
        ),
        restrict=ids_in_stock if asked.in_stock or only_in_stock else None,
        units_of=saleable_for,
        sinking=None if asked.in_stock or only_in_stock or asked.text else sink_without(saleable_ids),
        explain=explain,
    )
    shown = _keep_known(asked, results)
    return Listing(
        total=results.total,
        cards=build_cards(results.documents),
        action_url=path,
        keep=_hidden_fields(shown),
        facets=[facet for facet in list_facets(results, asked=shown) if facet.code not in fixed],
        active=list_active(results, asked=shown, path=path),
        clear_url=write_address(path, ListRequest(text=shown.text, sort=shown.sort)),
        sort_label=_sort_label(shown.sort, text=shown.text),
        sort_options=[
            SortOption(
                label=_sort_label(sort, text=shown.text),
                url=write_address(path, shown.change(sort=sort)),
                is_current=sort == shown.sort,
            )
            for sort in SORT_LABELS
        ],
        pages=_page_links(shown, path=path, pages=results.pages, total=results.total),
        notices=[*asked.notices, *_name_dropped(results)],
        canonical_url=write_address(path, shown),
        is_indexed=not shown.is_filtered and shown.sort == "relevance" and not shown.text,
        results=results,
    )


def _keep_known(asked: ListRequest, results: Results) -> ListRequest:
    """The request as it was answered: unknown choices dropped, the page that exists."""
    dropped = set(results.dropped)
    facets = {
        code: kept
        for code, values in asked.facets.items()
        if (kept := tuple(value for value in values if (code, value) not in dropped))
    }
    return asked.change(facets=facets, page=results.page, sort=results.sort)


def _name_dropped(results: Results) -> list[str]:
    """Only for filters of this list: parameters of strangers (campaign codes) are passed over in silence."""
    names = {group.code: group.name for group in results.facet_groups}
    return [
        f"No product has {names[code]} “{value[:40]}”, so that filter was left out."
        for code, value in results.dropped
        if code in names
    ][:3]


def _hidden_fields(asked: ListRequest) -> list[HiddenField]:
    kept = [HiddenField(name="q", value=asked.text)] if asked.text else []
    return [*kept, HiddenField(name="sort", value=asked.sort)] if asked.sort != "relevance" else kept


def _sort_label(sort: str, *, text: str) -> str:
    return "Best match" if sort == "relevance" and text else SORT_LABELS[sort]


def _page_links(asked: ListRequest, *, path: str, pages: int, total: int) -> Pages:
    number = asked.page

    def url(page: int) -> str:
        return write_address(path, asked.change(page=page)) if 1 <= page <= pages else ""

    links: list[PageLink] = []
    for page in _shown_numbers(number, pages):
        if links and page > links[-1].number + 1:
            links.append(PageLink(is_gap=True, number=page - 1))
        links.append(PageLink(number=page, url=url(page), is_current=page == number))
    return Pages(
        number=number,
        count=pages,
        first=(number - 1) * PAGE_SIZE + 1 if total else 0,
        last=min(number * PAGE_SIZE, total),
        previous_url=url(number - 1),
        next_url=url(number + 1),
        links=links,
    )


def _shown_numbers(number: int, pages: int) -> Sequence[int]:
    near = range(max(1, number - WINDOW), min(pages, number + WINDOW) + 1)
    return sorted({1, pages, *near})
