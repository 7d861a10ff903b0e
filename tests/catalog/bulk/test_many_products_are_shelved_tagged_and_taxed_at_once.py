"""Publishing, archiving, categories, tax classes and tags go the way of prices: preview, rows, undo."""

from typing import Any

import pytest
from oscar.apps.catalogue.models import Product, ProductCategory

from catalog.bulk.edit import apply_edit, begin_edit, preview_edit, undo_edit
from catalog.bulk.kinds import BulkRefused
from catalog.models import CoveredCategory, PriceDetail, SearchDocument
from catalog.publication.archive import archive_products
from catalog.search.index import refresh_documents
from tests.shopfloor import make_category, make_product, make_tax, make_variants, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CA07")]


def run(products: list[Product], kind: str, **choices: Any) -> Any:
    edit = begin_edit([product.pk for product in products], actor=None)
    preview_edit(edit.pk, kind=kind, choices=choices, reason="Test")
    apply_edit(edit.pk)
    return edit


def standing(product: Product) -> tuple[bool, bool]:
    product.refresh_from_db()
    found = Product.objects.filter(pk=product.pk, publication__archived_at__isnull=False).exists()
    return product.is_public, found


def test_products_are_shown_hidden_and_archived_and_stand_again_as_before() -> None:
    shown, hidden = make_product("Shown"), make_product("Hidden")
    Product.objects.filter(pk=hidden.pk).update(is_public=False)
    refresh_documents([shown.pk, hidden.pk])
    edit = run([shown, hidden], "standing", standing="archived")
    assert standing(shown) == standing(hidden) == (False, True)
    assert not SearchDocument.objects.exists()
    undo_edit(edit.pk)
    assert (standing(shown), standing(hidden)) == ((True, False), (False, False))
    assert list(SearchDocument.objects.values_list("title", flat=True)) == ["Shown"]


def test_what_may_not_be_published_is_left_out_with_its_reason() -> None:
    toys = make_category("Toys")
    CoveredCategory.objects.create(category=toys)
    toy, lamp, gone = make_product("Toy", category=toys), make_product("Lamp"), make_product("Gone")
    archive_products([gone.pk])
    Product.objects.update(is_public=False)
    edit = run([toy, lamp, gone], "standing", standing="shown")
    assert {row.label: row.outcome for row in edit.rows.all()} == {
        "Toy": "refused", "Gone": "refused", "Lamp": "applied",
    }  # fmt: skip
    assert "law on product safety" in edit.rows.get(label="Toy").reason


def test_products_come_into_a_category_and_out_again() -> None:
    gifts, lamps = make_category("Gifts"), make_category("Lamps")
    lamp, jug = make_product("Lamp", category=lamps), make_product("Jug")
    edit = run([lamp, jug], "category", category=gifts.pk, act="add")
    assert ProductCategory.objects.filter(category=gifts).count() == 2
    assert gifts.pk in SearchDocument.objects.get(pk=jug.pk).category_ids
    undo_edit(edit.pk)
    assert list(ProductCategory.objects.values_list("product", "category")) == [(lamp.pk, lamps.pk)]


def test_a_tax_class_reaches_every_variant() -> None:
    make_tax()
    cushion, children = make_variants("Cushion")
    edit = run([cushion], "tax_class", tax_class="reduced", known=["reduced", "standard"])
    assert set(PriceDetail.objects.values_list("tax_class", flat=True)) == {"reduced"}
    PriceDetail.objects.filter(stock_record=record_of(children["red"])).update(tax_class="books")
    undo_edit(edit.pk)
    assert sorted(PriceDetail.objects.values_list("tax_class", flat=True)) == ["books", "standard"]
    assert edit.rows.get(outcome="left alone").reason == "It is books now."
    with pytest.raises(BulkRefused, match="Choose one of the tax classes"):
        run([cushion], "tax_class", tax_class="invented", known=["reduced"])


def test_tags_are_added_once_and_taken_away() -> None:
    lamp, jug = make_product("Lamp"), make_product("Jug")
    run([lamp], "tags", tags=["gift"], act="add")
    edit = run([lamp, jug], "tags", tags=["gift", "new"], act="add")
    facets = {one.title: set(one.facets) for one in SearchDocument.objects.all()}
    assert facets == {"Lamp": {"tags:gift", "tags:new"}, "Jug": {"tags:gift", "tags:new"}}
    undo_edit(edit.pk)
    assert {one.title: one.facets for one in SearchDocument.objects.all()} == {"Lamp": ["tags:gift"], "Jug": []}
    run([lamp], "tags", tags=["gift"], act="remove")
    assert SearchDocument.objects.get(pk=lamp.pk).facets == []
