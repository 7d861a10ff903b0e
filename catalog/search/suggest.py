"""Suggestions while somebody types: categories and products."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from catalog.media.sources import PictureSources, build_sources
from catalog.publication.openness import OPEN_DOCUMENT
from catalog.search.folding import read_words
from catalog.search.guidance import read_guidance
from catalog.search.languages import text_configuration
from catalog.search.matching import Matcher
from catalog.search.ranking import rank_words
from catalog.search.shown_documents import shown_documents
from catalog.search.spelling import spell
from catalog.search.wording import prepare_wording

MOST_CATEGORIES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSuggestion:
    title: str
    slug: str
    brand: str
    price_min: Decimal | None
    currency: str
    picture: PictureSources | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategorySuggestion:
    """`path` is the slugs from the root, joined by `/`."""

    name: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    products: list[ProductSuggestion]
    categories: list[CategorySuggestion]
    did_you_mean: str | None = None


_PRODUCTS = f"""
SELECT title, slug, brand, price_min, currency, card->'picture' FROM {{documents}} document {{fit}}
WHERE vector @@ ({{match}}) AND {OPEN_DOCUMENT}
ORDER BY {{order}} LIMIT %(limit)s
"""
_CATEGORIES = """
SELECT category.name, (
    SELECT string_agg(ancestor.slug, '/' ORDER BY ancestor.depth)
    FROM generate_series(4, length(category.path), 4) AS step
    JOIN catalogue_category ancestor ON ancestor.path = left(category.path, step))
FROM catalogue_category category
WHERE category.is_public AND category.ancestors_are_public
  AND (to_tsvector('{configuration}', unaccent(category.name)) || to_tsvector('simple', unaccent(category.name))) @@ ({match})
ORDER BY category.depth, category.path LIMIT %(limit)s
"""


def suggest(text: str, limit: int = 8) -> Suggestions:
    """At most `limit` lines, up to three of them categories; four queries. Nothing typed suggests nothing."""
    if not read_words(text):
        return Suggestions(products=[], categories=[])
    guidance = read_guidance(text)
    wording = prepare_wording(text, facets={}, words=guidance.words)
    matcher = Matcher(words=wording.words, is_open=True)
    match = matcher.all_words()
    ranking = rank_words(wording.words, shares=wording.shares, beginning=spell(wording.words), is_open=True)
    with connection.cursor() as cursor:
        categories_sql = _CATEGORIES.format(match=match, configuration=text_configuration())
        cursor.execute(categories_sql, {**matcher.params, "limit": min(MOST_CATEGORIES, limit)})
        categories = [CategorySuggestion(name=name, path=path) for name, path in cursor.fetchall()]
        products_sql = _PRODUCTS.format(documents=shown_documents(), match=match, order=ranking.order, fit=ranking.fit)
        params = {**matcher.params, **ranking.params, "limit": max(limit - len(categories), 0)}
        cursor.execute(products_sql, params)
        products = [_read_product(row) for row in cursor.fetchall()]
    return Suggestions(
        products=products, categories=categories, did_you_mean=spell(wording.better) if wording.better else None
    )


def _read_product(row: tuple[Any, ...]) -> ProductSuggestion:
    title, slug, brand, price_min, currency, facts = row
    picture = json.loads(facts) if facts else None
    return ProductSuggestion(
        title=title,
        slug=slug,
        brand=brand,
        price_min=price_min,
        currency=currency,
        picture=build_sources(picture) if picture else None,
    )
