"""The search document folds variants, prices, categories, pictures and reviews of one product into one row."""

import json
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from unittest.mock import ANY

import pytest
from django.core.management import call_command
from django.utils import timezone
from oscar.apps.catalogue.models import AttributeOption, AttributeOptionGroup, Product, ProductAttribute, ProductClass
from oscar.apps.catalogue.reviews.models import ProductReview
from oscar.apps.partner.models import StockRecord

from catalog.models import SearchDocument, SearchWord
from catalog.search.index import refresh_documents
from catalog.search.popularity import set_popularity
from catalog.search.query import Query, find_products


def document_of(product: Product) -> SearchDocument:
    refresh_documents([product.pk])
    return SearchDocument.objects.get(product=product)


def test_variants_are_folded_into_their_parent(make_product: Callable[..., Product]) -> None:
    mug = make_product(
        "Mug",
        brand="Alba",
        axes=["colour"],
        variants=[
            {"colour": "Moss", "price": "12.00", "sku": "A"},
            {"colour": "Clay", "price": "9.00", "compare_at": "11.00", "sku": "B"},
            {"colour": "Ink", "price": "1.00", "sku": "C", "is_public": False},
        ],
    )
    document = document_of(mug)
    assert (document.title, document.brand, document.currency) == ("Mug", "Alba", "EUR")
    assert (document.price_min, document.price_max, document.compare_at_price) == (Decimal(9), Decimal(12), Decimal(11))
    assert (document.is_from_price, document.badge, document.swatches) == (True, "reduced", ["Moss", "Clay"])
    assert document.facets == ["brand:Alba", "colour:Moss", "colour:Clay"]
    records = StockRecord.objects.filter(partner_sku__in="AB").order_by("pk").values_list("pk", flat=True)
    assert document.stock_record_ids == list(records)


def test_a_child_refreshes_its_parent(make_product: Callable[..., Product]) -> None:
    mug = make_product("Mug", axes=["colour"], variants=[{"colour": "Moss"}, {"colour": "Clay"}])
    child = Product.objects.filter(parent=mug).order_by("pk").first()
    Product.objects.filter(parent=mug).exclude(pk=child.pk).update(is_public=False)
    assert refresh_documents([child.pk]) == 1
    assert SearchDocument.objects.get(product=mug).swatches == ["Moss"]
    Product.objects.filter(parent=mug).update(is_public=False)
    assert refresh_documents([child.pk]) == 0
    assert not SearchDocument.objects.exists()
    assert refresh_documents([]) == refresh_documents([10**9]) == 0


def test_every_kind_of_attribute_becomes_words_and_facets(make_product: Callable[..., Product]) -> None:
    mug = make_product("Mug")
    group = AttributeOptionGroup.objects.create(name="Feel")
    warm, cool = (AttributeOption.objects.create(group=group, option=name) for name in ("Warm", "Cool | fresh"))
    values = {"integer": 3, "float": 0.5, "boolean": True, "option": cool, "multi_option": [warm, cool]}
    product_class = ProductClass.objects.get()
    for kind in values:
        ProductAttribute.objects.create(
            product_class=product_class,
            code=f"a_{kind}",
            name=kind,
            type=kind,
            option_group=group if "option" in kind else None,
        )
    ProductAttribute.objects.create(product_class=product_class, code="q", name="Reserved", type="text")
    mug = Product.objects.get(pk=mug.pk)
    for kind, value in values.items():
        setattr(mug.attr, f"a_{kind}", value)
    mug.attr.q = "reserved"
    mug.attr.save()
    assert set(document_of(mug).facets) == {
        "a_integer:3",
        "a_float:0.5",
        "a_boolean:Yes",
        "a_option:Cool | fresh",
        "a_multi_option:Warm",
        "a_multi_option:Cool",
        "a_multi_option:fresh",
    }


def test_only_approved_reviews_count(make_product: Callable[..., Product]) -> None:
    mug = make_product("Mug")
    for score, status in ((5, 1), (4, 1), (1, 0), (1, 2)):
        ProductReview.objects.create(
            product=mug, score=score, status=status, title="T", body="B", name="N", email="a@b.example"
        )
    document = document_of(mug)
    assert (document.rating, document.rating_count) == (Decimal("4.5"), 2)


def test_new_is_judged_when_it_is_read(make_product: Callable[..., Product]) -> None:
    fresh, older = make_product("Fresh mug"), make_product("Older mug")
    Product.objects.filter(pk=older.pk).update(date_created=timezone.now() - timezone.timedelta(days=31))
    refresh_documents([fresh.pk, older.pk])
    documents = {document.title: document.badge for document in find_products(Query()).documents}
    assert documents == {"Fresh mug": "new", "Older mug": ""}


def test_what_sells_survives_a_refresh_and_orders_equals(make_product: Callable[..., Product]) -> None:
    quiet, loud = make_product("Mug"), make_product("Mug", axes=["colour"], variants=[{"colour": "Moss"}])
    child = Product.objects.get(parent=loud)
    assert set_popularity({child.pk: 7}) == 1
    assert set_popularity({child.pk: 7}) == 0
    refresh_documents([loud.pk])
    for query in (Query(), Query(text="mug"), Query(sort="popular")):
        assert [document.pk for document in find_products(query).documents] == [loud.pk, quiet.pk]
    assert set_popularity({}) == 1


def test_markup_and_hidden_characters_are_no_words(make_product: Callable[..., Product]) -> None:
    make_product("Mug", description="<p class='zebra'>Soft &amp; warm&nbsp;glaze</p><script>alert</script>")
    assert find_products(Query(text="glaze")).total == 1
    assert find_products(Query(text="zebra")).total == 0
    assert find_products(Query(text="nbsp")).total == 0


def test_texts_of_any_length_can_be_indexed(make_product: Callable[..., Product]) -> None:
    words = " ".join(f"word{number}" for number in range(100_000))
    make_product("Mug", description=words, notes=words, code="x" * 5_000)
    assert find_products(Query(text="mug word7")).total == 1


@pytest.mark.feature("SF04")
def test_reindex_repairs_everything_and_changes_nothing_the_second_time(make_product: Callable[..., Product]) -> None:
    make_product("Mug", index=False)
    gone = make_product("Gone forever")
    Product.objects.filter(pk=gone.pk).update(is_public=False)
    SearchWord.objects.create(word="stale", deletes=["stale"])

    def run() -> dict:
        out = StringIO()
        call_command("reindex", "--json", stdout=out)
        return json.loads(out.getvalue())

    assert run() == {"products": 2, "documents": 1, "removed": 0, "words": 1, "seconds": ANY}
    before = list(SearchDocument.objects.values_list("product_id", "facets", "vector", "card"))
    assert run()["documents"] == 1
    assert list(SearchDocument.objects.values_list("product_id", "facets", "vector", "card")) == before
    assert list(SearchWord.objects.values_list("word", "documents")) == [("mug", 1)]
    out = StringIO()
    call_command("reindex", stdout=out)
    assert "1 of 2 products are listed" in out.getvalue()
