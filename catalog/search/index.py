"""Keep search documents true: every writer of products calls `refresh_documents` inside its own transaction."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from django.db import connection, transaction
from oscar.apps.catalogue.models import Category, ProductCategory

from catalog.publication.openness import listed_sql
from catalog.search.documents import Document, Documents, build_documents
from catalog.search.facet_values import number_facets
from catalog.search.languages import text_configuration
from catalog.search.sources import list_parents, read_sources
from catalog.search.vocabulary import remember_words

BATCH: Final = 500

# In key order, so that two writers of the same products follow each other instead of overwriting each other.
_LOCK = "SELECT product_id FROM catalog_searchdocument WHERE product_id = ANY(%s) ORDER BY product_id FOR UPDATE"
_REMOVE = "DELETE FROM catalog_searchdocument WHERE product_id = ANY(%s) AND NOT product_id = ANY(%s)"
_LISTED = f"SELECT product.id FROM catalogue_product product WHERE product.id = ANY(%s) AND {listed_sql('product')}"
_COLUMNS = (
    "product_id, title, slug, brand, category_ids, facets, facet_ids, stock_record_ids, currency, price_min, price_max,"
    " compare_at_price, rating, rating_count, published_at, publish_from, publish_to, card, text"
)
_WRITE = f"""
INSERT INTO catalog_searchdocument ({_COLUMNS}, popularity, vector, indexed_at)
SELECT {_COLUMNS}, 0,
       setweight(to_tsvector('STEMS', words_a), 'A') || setweight(to_tsvector('simple', words_a), 'A')
    || setweight(to_tsvector('STEMS', words_b), 'B') || setweight(to_tsvector('simple', words_b), 'B')
    || setweight(to_tsvector('STEMS', words_c), 'C') || setweight(to_tsvector('simple', words_c), 'C')
    || setweight(to_tsvector('STEMS', words_d), 'D') || setweight(to_tsvector('simple', words_d), 'D'),
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


def add_documents(documents: Documents) -> None:
    """Of products that the caller's transaction made, so that nobody else can write them. Constant queries.

    What the law keeps out of the shop gets none.
    """
    if documents.rows:
        listed = _find_listed([row.product_id for row in documents.rows])
        _write([row for row in documents.rows if row.product_id in listed], words=documents.words)


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
    documents = build_documents(sources.values())
    _write(documents.rows, words=documents.words)
    return len(documents.rows)


def _write(rows: Sequence[Document], *, words: Collection[str]) -> None:
    numbers = number_facets(facet for row in rows for facet in row.facets)
    if rows:
        texts = (f'{row.json[:-1]}, "facet_ids": {sorted(numbers[facet] for facet in row.facets)}}}' for row in rows)
        with connection.cursor() as cursor:
            cursor.execute(_WRITE.replace("STEMS", text_configuration()), (f"[{','.join(texts)}]",))
    remember_words(words)


def _find_listed(product_ids: list[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(_LISTED, (product_ids,))
        return {row[0] for row in cursor.fetchall()}


def _split(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
