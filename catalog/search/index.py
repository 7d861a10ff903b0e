"""Keep search documents true: every writer of products calls `refresh_documents` inside its own transaction."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from django.db import connection, transaction
from oscar.apps.catalogue.models import Category, ProductCategory

from catalog.search.documents import build_row, list_words
from catalog.search.facet_values import number_facets
from catalog.search.sources import list_parents, read_sources
from catalog.search.vectors import vector_sql
from catalog.search.vocabulary import remember_words

BATCH: Final = 500

# In key order, so that two writers of the same products follow each other instead of overwriting each other.
_LOCK = "SELECT product_id FROM catalog_searchdocument WHERE product_id = ANY(%s) ORDER BY product_id FOR UPDATE"
_REMOVE = "DELETE FROM catalog_searchdocument WHERE product_id = ANY(%s) AND NOT product_id = ANY(%s)"
_COLUMNS = (
    "product_id, title, slug, brand, category_ids, facets, facet_ids, stock_record_ids, currency, price_min, price_max,"
    " compare_at_price, rating, rating_count, published_at, publish_from, publish_to, card, text"
)
_WRITE = f"""
INSERT INTO catalog_searchdocument ({_COLUMNS}, popularity, vector, indexed_at)
SELECT {_COLUMNS}, 0,
       VECTOR,
       statement_timestamp()
FROM jsonb_to_recordset(%s::jsonb) AS row(
    product_id bigint, title text, slug text, brand text, category_ids int[], facets text[], facet_ids int[],
    stock_record_ids bigint[],
    currency text, price_min numeric, price_max numeric, compare_at_price numeric, rating numeric, rating_count int,
    published_at timestamptz, publish_from timestamptz, publish_to timestamptz, card jsonb, text text, words_a text, words_b text, words_c text, words_d text)
ORDER BY product_id
ON CONFLICT (product_id) DO UPDATE SET
    ({_COLUMNS.removeprefix("product_id, ")}, vector, indexed_at)
    = ROW ({", ".join("EXCLUDED." + name.strip() for name in _COLUMNS.split(",")[1:])},
           EXCLUDED.vector, EXCLUDED.indexed_at)
"""


def refresh_documents(product_ids: Iterable[int]) -> int:
    """Rewrite the documents of these products (children stand for their parents); returns how many are listed.

    What is no longer listed loses its document. At most fifteen queries for each 500 products, whatever they hold.
    """
    parents = list_parents(product_ids)
    with transaction.atomic():
        return sum(_refresh_batch(batch) for batch in _split(parents))


def refresh_category(category_id: int) -> int:
    """Rewrite the documents of everything in a category and below, after it was renamed or moved."""
    category = Category.objects.get(pk=category_id)
    links = ProductCategory.objects.filter(category__path__startswith=category.path)
    return refresh_documents(links.values_list("product_id", flat=True).distinct())


def _refresh_batch(parent_ids: Sequence[int]) -> int:
    ids = list(parent_ids)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, (ids,))
        sources = read_sources(ids)
        cursor.execute(_REMOVE, (ids, list(sources)))
        rows = [build_row(source) for source in sources.values()]
        numbers = number_facets(facet for row in rows for facet in row["facets"])
        for row in rows:
            row["facet_ids"] = sorted(numbers[facet] for facet in row["facets"])
        if rows:
            cursor.execute(_WRITE.replace("VECTOR,", f"{vector_sql()},"), (json.dumps(rows, default=str),))
    remember_words(word for source in sources.values() for word in list_words(source))
    return len(rows)


def _split(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
