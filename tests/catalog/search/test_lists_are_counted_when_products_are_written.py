"""The tally of lists equals a recount whatever writes documents, counts windows at read, and is folded without a change."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from oscar.apps.catalogue.models import Category, Product

from catalog.categories import find_category, sub_categories
from catalog.models import FacetValue, ListTally, Publication, SearchDocument
from catalog.search.index import refresh_documents
from catalog.search.query import Query, find_products
from catalog.search.tally import fold_tally, recount_lists
from shop.doctor.checks import registered_checks, run_check

CHECKS = ("The counts of lists are those of their products", "Search documents number the facets that they name")


def findings() -> list[int]:
    by_name = {check.name: check for check in registered_checks()}
    return [run_check(by_name[name]).violations for name in CHECKS]


def counts(category: Category | None = None) -> dict[str, int]:
    results = find_products(Query(category_id=category.pk if category else None))
    assert results.total == len(results.documents)
    return {value.value: value.count for group in results.facet_groups for value in group.values}


@pytest.fixture
def top(make_product: Callable[..., Product]) -> Category:
    top = Category.add_root(name="Top", slug="top")
    low = top.add_child(name="Low", slug="low")
    make_product("Mug", categories=[low], colour="Moss", material="Oak")
    make_product("Jug", categories=[low], colour="Clay")
    make_product("Cup", categories=[top], colour="Moss", material="Ash|Oak")
    return top


@pytest.mark.feature("SF03")
def test_whatever_writes_documents_is_counted(top: Category, make_product: Callable[..., Product]) -> None:
    assert counts(top) == {"Moss": 2, "Clay": 1, "Oak": 2, "Ash": 1}
    make_product("Pot", categories=[top], colour="Clay")
    SearchDocument.objects.filter(title="Jug").update(facet_ids=[], facets=[])
    SearchDocument.objects.filter(title="Mug").delete()
    assert counts(top) == {"Moss": 1, "Clay": 1, "Oak": 1, "Ash": 1}
    Product.objects.filter(title="Cup").update(is_public=False)
    refresh_documents(Product.objects.values_list("pk", flat=True))
    assert counts(top) == {"Moss": 1, "Clay": 2}
    assert [child.count for child in sub_categories(find_category("top"))] == [2]
    assert findings() == [0, 0]
    Product.objects.all().delete()
    assert counts() == {}
    assert findings() == [0, 0]


def test_what_a_transaction_takes_back_was_never_counted(top: Category) -> None:
    before = counts(top)
    with transaction.atomic():
        SearchDocument.objects.all().delete()
        assert counts(top) == {}
        transaction.set_rollback(True)
    assert counts(top) == before


def test_windows_are_judged_when_the_list_is_shown(top: Category) -> None:
    ids = list(Product.objects.values_list("pk", flat=True))
    mug = Product.objects.get(title="Mug")
    shown = Publication.objects.create(product=mug, publish_from=timezone.now() + timedelta(hours=1))
    refresh_documents(ids)
    assert counts(top) == {"Moss": 1, "Clay": 1, "Oak": 1, "Ash": 1}
    assert [child.count for child in sub_categories(find_category("top"))] == [1]
    SearchDocument.objects.filter(pk=mug.pk).update(
        publish_from=timezone.now() - timedelta(hours=1), indexed_at=timezone.now() - timedelta(hours=2)
    )
    assert counts(top) == {"Moss": 2, "Clay": 1, "Oak": 2, "Ash": 1}
    results = find_products(Query(category_id=top.pk, facets={"colour": ("Moss",), "material": ("Oak", "Pine")}))
    assert (results.total, results.dropped) == (2, [("material", "Pine")])
    shown.publish_from, shown.publish_to = None, timezone.now() - timedelta(minutes=1)
    shown.save()
    refresh_documents(ids)
    assert counts(top) == {"Moss": 1, "Clay": 1, "Oak": 1, "Ash": 1}
    assert findings() == [0, 0]


def test_folding_leaves_every_sum_as_it_is(top: Category) -> None:
    for _ in range(3):
        SearchDocument.objects.filter(title="Jug").update(category_ids=[])
        refresh_documents(Product.objects.values_list("pk", flat=True))
    before, rows = counts(top), ListTally.objects.count()
    assert fold_tally() is True
    assert counts(top) == before
    assert ListTally.objects.count() < rows
    assert fold_tally() is False
    assert findings() == [0, 0]


def test_the_doctor_finds_wrong_counts_and_reindexing_mends_them(top: Category) -> None:
    ListTally.objects.create(category_id=top.pk, facet_id=FacetValue.objects.get(value="Moss").pk, products=3)
    ListTally.objects.filter(category_id=0, facet_id=0).delete()
    SearchDocument.objects.filter(title="Jug").update(facets=["colour:Moss"])
    assert findings() == [2, 1]
    refresh_documents(Product.objects.values_list("pk", flat=True))
    recount_lists()
    assert findings() == [0, 0]


def test_the_sums_of_a_list_are_read_from_an_index(top: Category) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            f"EXPLAIN SELECT facet_id, sum(products) FROM catalog_listtally WHERE category_id = {top.pk} GROUP BY facet_id"
        )
        assert "catalog_tally_list" in "\n".join(row[0] for row in cursor.fetchall())
