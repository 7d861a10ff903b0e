"""Rewrite every search document, batch by batch, while the shop is open."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from oscar.apps.catalogue.models import Product

from catalog.search.index import BATCH, refresh_documents
from catalog.search.records import SearchDocument
from catalog.search.tally import recount_lists

# Every remembered word stands in its documents' vectors as it is.
_COUNT_WORDS = """
WITH counted AS MATERIALIZED (SELECT word, ndoc FROM ts_stat('SELECT vector FROM catalog_searchdocument')),
forgotten AS (
    DELETE FROM catalog_searchword known WHERE NOT EXISTS (SELECT 1 FROM counted WHERE counted.word = known.word)
)
UPDATE catalog_searchword known SET documents = counted.ndoc
FROM counted WHERE counted.word = known.word AND known.documents <> counted.ndoc
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reindexed:
    products: int
    documents: int
    removed: int
    words: int


def count_products() -> int:
    return Product.objects.exclude(structure="child").count()


def reindex_products(*, advance: Callable[[int], None] = lambda _: None) -> Reindexed:
    """One transaction for each batch. May run at any time, twice, and beside writers and itself.

    `advance` is told how many products each batch had.
    """
    before = SearchDocument.objects.count()
    products = documents = last = 0
    while ids := list(
        Product.objects.exclude(structure="child")
        .filter(pk__gt=last)
        .order_by("pk")
        .values_list("pk", flat=True)[:BATCH]
    ):
        documents += refresh_documents(ids)
        products, last = products + len(ids), ids[-1]
        advance(len(ids))
    recount_lists()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_WORDS)
        cursor.execute("SELECT count(*) FROM catalog_searchword")
        words = cursor.fetchone()[0]
    return Reindexed(products=products, documents=documents, removed=max(before - documents, 0), words=words)
