"""Every product is on exactly one page under every sort, ties included; page numbers never fail."""

from collections.abc import Callable
from decimal import Decimal
from itertools import permutations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.apps.catalogue.models import Category, Product, ProductClass

from catalog.models import SearchDocument
from catalog.search.facet_values import number_facets
from catalog.search.query import SORTS, Query, find_products
from catalog.search.suggest import suggest
from catalog.search.vocabulary import remember_words

COLOURS = ("Moss", "Clay", "Oat")
_PRODUCTS = """
INSERT INTO catalogue_product (structure, title, slug, description, product_class_id, is_public, is_discountable,
                               date_created, date_updated, meta_title, priority)
SELECT 'standalone', 'Tied lamp ' || n, 'tied-' || n, '', %s, true, true,
       timestamptz '2026-01-01' + make_interval(hours => n / 100), now(), '', 0
FROM generate_series(1, %s) AS n RETURNING id
"""
_DOCUMENTS = """
INSERT INTO catalog_searchdocument (product_id, title, slug, brand, category_ids, facets, facet_ids, stock_record_ids, currency,
    price_min, price_max, rating, rating_count, popularity, published_at, card, text, vector)
SELECT id, title, slug, '', ARRAY[%s], ARRAY['colour:' || (ARRAY['Moss', 'Clay', 'Oat'])[1 + id %% 3]],
       (%s::int[])[1 + id %% 3 : 1 + id %% 3], '{}', 'EUR',
       CASE WHEN id %% 50 = 0 THEN NULL ELSE 10 + id %% 2 END, CASE WHEN id %% 50 = 0 THEN NULL ELSE 10 + id %% 2 END,
       CASE WHEN id %% 3 = 0 THEN NULL ELSE 4 END, id %% 2, id %% 2, date_created, '{}', lower(title),
       to_tsvector('simple', lower(title)) || to_tsvector('english', lower(title))
FROM catalogue_product WHERE id = ANY(%s)
"""


def add_tied_products(count: int) -> Category:
    """Documents written directly: prices, ratings, popularity and days all tie."""
    category = Category.objects.filter(slug="ties").first() or Category.add_root(name="Ties", slug="ties")
    product_class, _ = ProductClass.objects.get_or_create(name="Thing")
    numbers = number_facets(f"colour:{colour}" for colour in COLOURS)
    with connection.cursor() as cursor:
        cursor.execute(_PRODUCTS, (product_class.pk, count))
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute(_DOCUMENTS, (category.pk, [numbers[f"colour:{colour}"] for colour in COLOURS], ids))
    return category


@pytest.mark.django_db
@pytest.mark.feature("SF02")
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("text", ["", "lamp"])
def test_each_product_is_on_one_page(sort: str, text: str) -> None:
    category = add_tied_products(300)
    seen: list[int] = []
    for page in range(1, 14):
        results = find_products(Query(text=text, category_id=category.pk, sort=sort, page=page))
        assert (results.page, results.pages, results.total, results.sort) == (page, 13, 300, sort)
        seen += [document.pk for document in results.documents]
    assert sorted(seen) == sorted(SearchDocument.objects.values_list("pk", flat=True))


@pytest.mark.django_db
def test_sorts_order_as_they_say() -> None:
    add_tied_products(60)

    def column(sort: str, name: str) -> list:
        return [getattr(document, name) for document in find_products(Query(sort=sort, page_size=60)).documents]

    prices = [price for price in column("price", "price_min") if price is not None]
    assert prices == sorted(prices)
    for sort, name in (
        ("-price", "price_min"),
        ("rating", "rating"),
        ("newest", "published_at"),
        ("popular", "popularity"),
    ):
        values = column(sort, name)
        known = [value for value in values if value is not None]
        assert known == sorted(known, reverse=True)
        assert values[: len(known)] == known, "what has no value comes last"


@pytest.mark.django_db
@pytest.mark.feature("SF02")
@pytest.mark.parametrize(("asked", "answered"), [(0, 1), (-5, 1), (1, 1), (3, 3), (4, 3), (10**30, 3)])
def test_a_page_that_does_not_exist_answers_the_nearest(asked: int, answered: int) -> None:
    add_tied_products(60)
    results = find_products(Query(page=asked))
    assert (results.page, len(results.documents)) == (answered, 12 if answered == 3 else 24)


@pytest.mark.django_db
def test_an_unknown_sort_and_odd_page_sizes_are_answered() -> None:
    add_tied_products(3)
    assert find_products(Query(sort="'; --")).sort == "relevance"
    assert find_products(Query(page_size=0)).pages == 3
    assert len(find_products(Query(page_size=10**9)).documents) == 3
    assert find_products(Query(min_price=Decimal("1e300"))).total == 0
    assert find_products(Query(max_price=Decimal("-1"))).total == 0
    for odd in ("NaN", "sNaN", "Infinity", "-Infinity"):
        assert find_products(Query(min_price=Decimal(odd), max_price=Decimal(odd))).total == 3


@pytest.mark.django_db
def test_nothing_found_is_one_empty_page() -> None:
    results = find_products(Query(text="lamp"))
    assert (results.documents, results.total, results.page, results.pages) == ([], 0, 1, 1)


@pytest.mark.django_db
@pytest.mark.feature("SF02")
def test_ten_and_a_thousand_products_cost_the_same_queries() -> None:
    def count_queries() -> list[int]:
        counts = []
        for query in (
            Query(),
            Query(text="tied"),
            Query(text="teid lamp", facets={"colour": ("Moss", "Oat")}, max_price=Decimal(11), sort="price"),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert find_products(query).total or query.text.startswith("teid")
            counts.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            suggest("tied")
        return [*counts, len(queries)]

    add_tied_products(10)
    few = count_queries()
    add_tied_products(990)
    assert count_queries() == few
    assert max(few) <= 4


def test_a_refresh_costs_the_same_queries_for_one_and_for_many(make_product: Callable[..., Product]) -> None:
    from catalog.search.index import refresh_documents

    ids = [
        make_product(
            f"Mug {number}", axes=["colour"], variants=[{"colour": "Moss"}, {"colour": "Clay"}], index=False
        ).pk
        for number in range(20)
    ]
    refresh_documents(ids)
    with CaptureQueriesContext(connection) as one:
        refresh_documents(ids[:1])
    with CaptureQueriesContext(connection) as many:
        assert refresh_documents(ids) == 20
    assert len(many) == len(one) <= 15


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sort", "index"),
    [
        ("relevance", "catalog_doc_popular"),
        ("newest", "catalog_doc_newest"),
        ("price", "catalog_doc_price"),
        ("-price", "catalog_doc_dearest"),
        ("rating", "catalog_doc_rated"),
        ("popular", "catalog_doc_popular"),
    ],
)
def test_every_sort_has_an_index_behind_it(sort: str, index: str) -> None:
    add_tied_products(1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_searchdocument")
        cursor.execute(
            f"EXPLAIN SELECT product_id FROM catalog_searchdocument document ORDER BY {SORTS[sort]} LIMIT 24"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert index in plan
    assert "Sort" not in plan


@pytest.mark.django_db
def test_words_and_typing_errors_are_looked_up_in_indexes() -> None:
    add_tied_products(3000)
    remember_words("".join(letters) for letters in permutations("abcdefg", 5))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_searchword")
        cursor.execute("ANALYZE catalog_searchdocument")
        cursor.execute("SET LOCAL enable_seqscan = off")
        for condition, index in (
            ("vector @@ to_tsquery('simple', 'tied & 77:*')", "catalog_doc_vector"),
            ("category_ids @> ARRAY[5]", "catalog_doc_categories"),
            ("facet_ids @> ARRAY[5]", "catalog_doc_facet_ids"),
        ):
            cursor.execute(f"EXPLAIN SELECT 1 FROM catalog_searchdocument WHERE {condition}")
            assert index in "\n".join(row[0] for row in cursor.fetchall())
        for condition, index in (
            ("deletes && ARRAY['lam', 'amp']", "catalog_word_deletes"),
            ("word % 'lampe'", "catalog_word_trigram"),
        ):
            cursor.execute(f"EXPLAIN SELECT 1 FROM catalog_searchword WHERE {condition}")
            assert index in "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.feature("SF02")
@pytest.mark.parametrize("sort", SORTS)
def test_each_of_ten_thousand_products_is_on_one_page(sort: str) -> None:
    category = add_tied_products(10_000)
    seen: list[int] = []
    for page in range(1, 101):
        results = find_products(Query(category_id=category.pk, sort=sort, page=page, page_size=100))
        assert (results.page, results.pages, results.total) == (page, 100, 10_000)
        seen += [document.pk for document in results.documents]
    assert len(seen) == len(set(seen)) == 10_000
