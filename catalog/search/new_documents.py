"""Documents of products that are being made: written out first, at any time and on any connection, and added by COPY."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from django.db import connection

from catalog.importing.bulk import send_block, write_cells, write_list
from catalog.publication.openness import listed_sql
from catalog.search.documents import build_row, list_words
from catalog.search.facet_values import number_facets
from catalog.search.sources import Source
from catalog.search.vectors import weigh_words
from catalog.search.vocabulary import remember_words

_LISTED: Final = (
    f"SELECT product.id FROM catalogue_product product WHERE product.id = ANY(%s) AND {listed_sql('product')}"
)
_AS_BUILT: Final = (
    "product_id",
    "title",
    "slug",
    "brand",
    "category_ids",
    "facets",
    "stock_record_ids",
    "currency",
    "price_min",
    "price_max",
    "compare_at_price",
    "rating",
    "rating_count",
    "published_at",
    "publish_from",
    "publish_to",
    "text",
)
_COLUMNS: Final = (*_AS_BUILT, "card", "popularity", "vector", "facet_ids")


@dataclass(frozen=True, slots=True)
class NewDocument:
    """`cells` are those of its row but the last, the numbers of its facets: new ones are numbered when it is added."""

    product_id: int
    facets: list[str]
    cells: str


@dataclass(frozen=True, slots=True)
class NewDocuments:
    """`words` of all of them are worth proposing to somebody who mistyped."""

    rows: list[NewDocument] = field(default_factory=list)
    words: set[str] = field(default_factory=set)


def write_out_documents(sources: Collection[Source]) -> NewDocuments:
    """One query, which reads no table."""
    rows = [build_row(source) for source in sources]
    documents = NewDocuments()
    for row, vector in zip(rows, weigh_words(rows) if rows else (), strict=True):
        cells = [row[name] for name in _AS_BUILT]
        cells += [json.dumps(row["card"]), 0, vector]
        documents.rows.append(NewDocument(row["product_id"], row["facets"], write_cells(cells)))
    for source in sources:
        documents.words.update(list_words(source))
    return documents


def add_documents(documents: NewDocuments) -> None:
    """Of products that the caller's transaction made, so that nobody else can write them. Constant queries.

    What the law keeps out of the shop gets none.
    """
    if not documents.rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(_LISTED, ([row.product_id for row in documents.rows],))
        listed = {product_id for (product_id,) in cursor.fetchall()}
    rows = [row for row in documents.rows if row.product_id in listed]
    numbers = number_facets(facet for row in rows for facet in row.facets)
    lines = [f"{row.cells}\t{write_list(sorted(numbers[facet] for facet in row.facets))}\n" for row in rows]
    if lines:
        send_block("catalog_searchdocument", _COLUMNS, "".join(lines).encode())
    remember_words(documents.words)
