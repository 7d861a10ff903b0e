"""A new product's search document is made from its rows, and is the one that is made from the database."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oscar.apps.catalogue.models import AttributeOptionGroup, Category, Product, ProductAttribute, ProductClass

from catalog.attributes.records import AttributeRule
from catalog.importing import write_plan
from catalog.models import SearchDocument
from catalog.safety.records import CoveredCategory
from catalog.search.index import refresh_documents

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE06"), pytest.mark.feature("SF03")]

HEADER = (
    "handle,sku,title,description,product_class,brand,categories,tags,gtin,price,compare_at_price,stock,"
    "option1_name,option1_value,attribute:size_x,attribute:warm,attribute:length,attribute:feel,attribute:feels,"
    "attribute:since,attribute:note,published"
)
GTINS = ("4006381333931", "4012345678901", "")


@pytest.fixture
def typed_class() -> None:
    """A class with an attribute of every type that a file can hold."""
    thing = ProductClass.objects.create(name="Thing")
    group = AttributeOptionGroup.objects.create(name="Feel")
    for code, kind in {
        "size_x": "integer", "warm": "boolean", "length": "text", "feel": "option", "feels": "multi_option",
        "since": "date", "note": "text",
    }.items():  # fmt: skip
        attribute = ProductAttribute.objects.create(
            product_class=thing, code=code, name=code, type=kind, option_group=group if "feel" in code else None
        )
        if code == "length":
            AttributeRule.objects.create(attribute=attribute, kind="measurement", unit="m")


def documents() -> list[tuple[Any, ...]]:
    names = [field.column for field in SearchDocument._meta.fields if field.name != "indexed_at"]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM catalog_searchdocument ORDER BY product_id")
        return cursor.fetchall()


def refuse_to_read(ids: Any) -> int:
    assert not list(ids), "a new product was read back"
    return 0


words = st.sampled_from(["", "Warm", "Wool | silk", "C'est l'été", "Wi-Fi 64GB", "for lamps", "x\\ty"])
product = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["Mug", "Shade for table lamps", "Ångström"]),
        "description": words,
        "class": st.sampled_from(["Thing", "Other"]),
        "brand": words,
        "categories": st.sampled_from(["", "Kitchen > Mugs", "kitchen > Cups|Sale", "Sale > Mugs|Kitchen"]),
        "values": st.tuples(
            st.sampled_from(["", "3", "-"]),
            st.sampled_from(["", "yes", "no"]),
            st.sampled_from(["", "150 cm", "2 m"]),
            st.sampled_from(["", "Soft", "Hard"]),
            st.sampled_from(["", "Soft|Hard", "Hard|Bright|Soft"]),
            st.sampled_from(["", "2020-02-02"]),
            words,
        ),
        "variants": st.lists(
            st.tuples(
                st.sampled_from(["5", "7.50"]), st.sampled_from(["", "9"]), st.sampled_from(["true", "false", ""])
            ),
            max_size=3,
        ),
    }
)


def write_file(products: list[dict[str, Any]]) -> str:
    lines = []
    for number, one in enumerate(products):
        values = list(one["values"])
        if one["class"] == "Other":
            values[:6] = [""] * 6
        for place, (price, compare_at, published) in enumerate(one["variants"] or [("3", "", "")]):
            option = f"Size,{place}" if one["variants"] else ","
            gtin = GTINS[number] if number < len(GTINS) and place == 0 else ""
            cells = [f"p{number}", f"P{number}-{place}", one["title"], one["description"], one["class"], one["brand"]]
            cells += [
                one["categories"],
                "a|b" if place else "",
                gtin,
                price,
                compare_at,
                "2",
                option,
                *values,
                published,
            ]
            lines.append(",".join(cells))
    return "\n".join([HEADER, *lines])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(products=st.lists(product, min_size=1, max_size=6))
@pytest.mark.usefixtures("typed_class")
def test_both_ways_make_the_same_document(run_import: Callable[..., Any], products: list[dict[str, Any]]) -> None:
    with transaction.atomic():
        report = run_import(write_file(products))
        assert not report.errors
        told = documents()
        refresh_documents(Product.objects.values_list("pk", flat=True))
        assert documents() == told
        transaction.set_rollback(True)


def test_nothing_of_a_new_product_is_read_back(run_import, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_plan, "refresh_documents", refuse_to_read)
    run_import("handle,sku,title,price,categories\nmug,MUG,Mug,5,Kitchen > Mugs\n")
    assert SearchDocument.objects.get().category_ids == list(
        Category.objects.order_by("pk").values_list("pk", flat=True)
    )


def test_what_the_law_keeps_out_of_the_shop_gets_no_document(run_import) -> None:
    run_import("handle,sku,title,price,categories\nmug,MUG,Mug,5,Kitchen\n")
    CoveredCategory.objects.create(category=Category.objects.get())
    run_import("handle,sku,title,price,categories\npot,POT,Pot,5,Kitchen > Pots\nhat,HAT,Hat,5,Clothes\n")
    assert set(SearchDocument.objects.values_list("slug", flat=True)) == {"mug", "hat"}


def test_an_attribute_that_changed_its_unit_meanwhile_is_told_in_the_new_one(
    run_import, typed_class: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rules that rows are read by are as old as the import; those of documents are as old as the batch."""
    whole = write_plan.write_products

    def change_unit(*args: Any, **more: Any) -> None:
        AttributeRule.objects.update(unit="cm")
        whole(*args, **more)

    monkeypatch.setattr(write_plan, "write_products", change_unit)
    run_import("handle,sku,title,price,product_class,attribute:length\nrope,ROPE,Rope,5,Thing,2 m\n")
    assert SearchDocument.objects.get().facets == ["length:200 cm"]
