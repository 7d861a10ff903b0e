"""The category tree as shoppers walk it: addresses of slugs, navigation, breadcrumbs, sub-categories with counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection
from oscar.apps.catalogue.models import Category

from catalog.publication.openness import OPEN_DOCUMENT
from catalog.search.tally import TIMED
from shop.page_cache.answers import keep_answer


@dataclass(slots=True, kw_only=True)
class CategoryNode:
    """`address` is the slugs from the root joined by `/`, without slashes at the ends."""

    id: int
    name: str
    address: str
    depth: int
    children: list["CategoryNode"] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crumb:
    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryPlace:
    """A category and the way to it; the last crumb is the category itself."""

    category: Category
    address: str
    crumbs: list[Crumb]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubCategory:
    """`count` listed products in it or anywhere below."""

    id: int
    name: str
    address: str
    count: int


_OPEN = "category.is_public AND category.ancestors_are_public"
_TREE = f"""
SELECT id, name, slug, depth, path, exclude_from_menu FROM catalogue_category category
WHERE {_OPEN} AND depth <= %s ORDER BY path
"""
_SUB_CATEGORIES = f"""
SELECT category.id, category.name, category.slug,
       (SELECT COALESCE(sum(products), 0) FROM catalog_listtally WHERE category_id = category.id AND facet_id = 0)
     + (SELECT count(*) FROM catalog_searchdocument document
        WHERE category_ids @> ARRAY[category.id::int] AND {TIMED} AND {OPEN_DOCUMENT})
FROM catalogue_category category
WHERE category.path LIKE %s AND category.depth = %s AND {_OPEN} ORDER BY category.path
"""
# The deepest category wins, then the one that stands first in the tree. Its ancestors follow from its path.
_CRUMBS_OF_PRODUCT = f"""
WITH home AS (
    SELECT category.path FROM catalogue_productcategory link
    JOIN catalogue_category category ON category.id = link.category_id
    WHERE link.product_id = %s AND {_OPEN} ORDER BY category.depth DESC, category.path LIMIT 1
)
SELECT ancestor.name, ancestor.slug FROM home
CROSS JOIN LATERAL generate_series(4, length(home.path), 4) AS step
JOIN catalogue_category ancestor ON ancestor.path = left(home.path, step) ORDER BY step
"""


def category_tree(*, levels: int = 3) -> list[CategoryNode]:
    """Public categories of the menu, in tree order; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_TREE, (levels,))
        rows = cursor.fetchall()
    roots: list[CategoryNode] = []
    known: dict[str, CategoryNode] = {}
    for category_id, name, slug, depth, path, is_left_out in rows:
        parent = known.get(path[: -Category.steplen])
        if is_left_out or (parent is None and depth > 1):
            continue
        address = f"{parent.address}/{slug}" if parent else slug
        known[path] = CategoryNode(id=category_id, name=name, address=address, depth=depth)
        (parent.children if parent else roots).append(known[path])
    return roots


def find_category(address: str) -> CategoryPlace | None:
    """The public category at `lamps/table-lamps`, with its crumbs; None when there is none. One query."""
    slugs = [slug for slug in address.split("/") if slug]
    if not slugs or "\x00" in address:
        return None
    rows = Category.objects.filter(
        slug__in=slugs, depth__lte=len(slugs), is_public=True, ancestors_are_public=True
    ).order_by("path")
    by_path = {category.path: category for category in rows}
    for category in by_path.values():
        if category.depth != len(slugs):
            continue
        way = [by_path.get(category.path[: step * Category.steplen]) for step in range(1, category.depth + 1)]
        if [one.slug if one else None for one in way] == slugs:
            crumbs = _make_crumbs([(one.name, one.slug) for one in way if one is not None])
            return CategoryPlace(category=category, address=crumbs[-1].address, crumbs=crumbs)
    return None


def sub_categories(place: CategoryPlace) -> list[SubCategory]:
    """Public children in tree order, empty ones included; one query, none while nothing has changed."""

    def count() -> list[SubCategory]:
        with connection.cursor() as cursor:
            cursor.execute(_SUB_CATEGORIES, (place.category.path + "%", place.category.depth + 1))
            return [
                SubCategory(id=category_id, name=name, address=f"{place.address}/{slug}", count=count)
                for category_id, name, slug, count in cursor.fetchall()
            ]

    return list(keep_answer((_SUB_CATEGORIES, place.address, place.category.path), count))


def crumbs_of_product(product_id: int) -> list[Crumb]:
    """The way to the product's deepest public category; empty when it has none. A child asks for its parent."""
    with connection.cursor() as cursor:
        cursor.execute(_CRUMBS_OF_PRODUCT, (product_id,))
        return _make_crumbs(cursor.fetchall())


def _make_crumbs(way: Sequence[tuple[str, str]]) -> list[Crumb]:
    return [
        Crumb(name=name, address="/".join(slug for _, slug in way[: index + 1])) for index, (name, _) in enumerate(way)
    ]
