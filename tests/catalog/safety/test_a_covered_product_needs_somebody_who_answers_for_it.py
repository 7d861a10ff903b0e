"""GPSR: without a maker or importer in the EU who can be reached, a covered product is not in the shop by any way."""

import json
from pathlib import Path

import pytest
from django.test import Client
from oscar.apps.catalogue.models import Product

from catalog.importing.apply import import_file
from catalog.importing.import_work import ImportOptions
from catalog.kits.writing import KitRecipe, write_kits
from catalog.models import CoveredCategory, Party, ProductSafety, SearchDocument
from catalog.publication.obstacles import NO_CONTACT, publication_obstacles
from catalog.safety.writing import cover_category, set_safety
from catalog.search.index import refresh_documents
from shop.doctor.checks import run_checks
from shop.storefront.feeds.items import stream_items
from tests.backoffice.desk import staff_client
from tests.backoffice.test_a_product_is_kept_on_one_page import save
from tests.shopfloor import make_category, make_product, open_shop, record_of

pytestmark = pytest.mark.django_db

MAKER = {
    "name": "Brass Works", "postal_address": "Am Markt 1, 10115 Berlin", "country": "DE", "email": "hello@brass.example",
}  # fmt: skip


@pytest.fixture
def toys() -> object:
    open_shop()
    toys = make_category("Play", "Toys")
    CoveredCategory.objects.create(category=make_category("Play"))
    return toys


def bring(folder: Path, text: str) -> None:
    file = folder / "products.csv"
    file.write_text(text, encoding="utf-8")
    report = import_file(ImportOptions(path=file, format_name="native", actor_name="tests"), watch=lambda change: None)
    assert (report.updated, report.failed) == (1, 0)


def is_seen(product: Product) -> tuple[bool, bool, bool]:
    """Listed, has a page, can be put into a basket."""
    client = Client()
    refresh_documents([product.pk])
    client.post(f"/basket/add/{product.pk}/", {"quantity": "1"})
    return (
        SearchDocument.objects.filter(pk=product.pk).exists(),
        client.get(f"/p/{product.slug}/").status_code == 200,
        product.title in client.get("/basket/").content.decode(),
    )


@pytest.mark.feature("CA11")
@pytest.mark.parametrize(
    ("maker", "responsible", "is_shown"),
    [
        (None, None, False),
        ({"postal_address": ""}, None, False),
        ({"email": ""}, None, False),
        ({"email": "", "url": "https://brass.example/contact"}, None, True),
        ({}, None, True),
        ({"country": "CN"}, None, False),
        ({"country": "CN"}, {}, True),
        (None, {}, True),
        (None, {"postal_address": ""}, False),
    ],
)
def test_it_is_shown_only_with_a_postal_and_an_electronic_address_in_the_eu(
    toys: object, maker: dict[str, str] | None, responsible: dict[str, str] | None, is_shown: bool
) -> None:
    lamp = make_product("Lamp", category=toys)
    parties = [
        None if one is None else Party.objects.create(**MAKER | {"name": name} | one)
        for name, one in (("Brass Works", maker), ("Import House", responsible))
    ]
    set_safety(lamp.pk, maker=parties[0], responsible=parties[1], warnings="")
    assert is_seen(lamp) == (is_shown, is_shown, is_shown)
    assert (publication_obstacles([lamp.pk]) == {}) is is_shown
    assert [one.check.name for one in run_checks(examples=1) if one.violations] == []


@pytest.mark.feature("CA11")
def test_publishing_it_is_refused_with_what_to_do_at_the_form_and_held_back_after_a_file(
    toys: object, tmp_path: Path
) -> None:
    lamp = make_product("Lamp", category=toys)
    Product.objects.filter(pk=lamp.pk).update(is_public=False)
    client = staff_client()
    answer = save(client, Product.objects.get(pk=lamp.pk), is_public="on")
    assert NO_CONTACT in [str(one) for one in answer.context["forms"].product.non_field_errors()]
    assert not Product.objects.get(pk=lamp.pk).is_public
    row = {"handle": lamp.slug, "sku": record_of(lamp).partner_sku, "title": "Lamp", "price": "10", "published": "true"}
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(row) + "\n")
    import_file(ImportOptions(path=file, format_name="native", actor_name="tests"), watch=lambda change: None)
    assert Product.objects.get(pk=lamp.pk).is_public
    assert is_seen(lamp) == (False, False, False)
    maker = Party.objects.create(**MAKER)
    answer = save(client, Product.objects.get(pk=lamp.pk), is_public="on", facts__maker=maker.pk)
    assert answer.status_code == 303
    assert is_seen(lamp) == (True, True, True)


@pytest.mark.feature("CA11")
def test_a_kit_answers_for_each_thing_inside_it(toys: object) -> None:
    kit, cup, doll = make_product("Play box", stock=0), make_product("Cup"), make_product("Doll", category=toys)
    maker = Party.objects.create(**MAKER)
    set_safety(cup.pk, maker=maker, responsible=None, warnings="Not for the oven.")
    recipe = KitRecipe(stock_record_id=record_of(kit).pk, parts={record_of(cup).pk: 2, record_of(doll).pk: 1})
    write_kits([recipe], actor_name="tests", reason="a kit")
    assert is_seen(kit) == (False, False, False)
    assert NO_CONTACT in publication_obstacles([kit.pk])[kit.pk]
    Party.objects.filter(pk=maker.pk).update(country="CN")
    house = Party.objects.create(**MAKER | {"name": "Import House", "email": "safety@house.example"})
    set_safety(doll.pk, maker=maker, responsible=house, warnings="Not for children under 3.")
    assert is_seen(kit) == (True, True, True)
    page = Client().get(f"/p/{kit.slug}/").content.decode()
    button = page.index("Add to basket")
    told = next(item.safety for item in stream_items() if item.product_id == kit.pk)
    assert [block.warnings for block in told] == [("Not for the oven.",), ("Not for children under 3.",)]
    places = [page.find(words) for words in ("Inside: Cup", "Not for the oven.", "Inside: Doll", "Import House")]
    assert -1 < places[0] < places[1] < places[2] < places[3] < button
    assert page.find("Not for children under 3.") < button
    assert [one.check.name for one in run_checks(examples=1) if one.violations] == []


@pytest.mark.feature("CA11")
def test_a_file_that_names_the_maker_of_a_part_lets_its_kit_be_found_and_one_that_drops_it_does_not(
    toys: object, tmp_path: Path
) -> None:
    kit, doll = make_product("Play box", stock=0), make_product("Doll", sku="DOLL", category=toys)
    recipe = KitRecipe(stock_record_id=record_of(kit).pk, parts={record_of(doll).pk: 1})
    write_kits([recipe], actor_name="tests", reason="a kit")
    refresh_documents([kit.pk, doll.pk])
    Party.objects.create(**MAKER)
    head = "handle,sku,title,price,maker\n"
    for maker, is_listed in (("Brass Works", True), ("-", False), ("Brass Works", True)):
        bring(tmp_path, f"{head}{doll.slug},DOLL,,,{maker}\n")
        assert SearchDocument.objects.filter(pk=kit.pk).exists() == is_listed
    cover_category(make_category("Home"), is_covered=True)
    CoveredCategory.objects.exclude(category__name="Home").delete()
    bring(tmp_path, f"handle,sku,title,price,categories,maker\n{doll.slug},DOLL,,,Play > Toys,-\n")
    assert SearchDocument.objects.filter(pk=kit.pk).exists()
    bring(tmp_path, f"handle,sku,title,price,categories\n{doll.slug},DOLL,,,Home\n")
    assert not SearchDocument.objects.filter(pk=kit.pk).exists()


def test_a_product_of_another_category_needs_nobody() -> None:
    open_shop()
    assert is_seen(make_product("Lamp", category=make_category("Playground"))) == (True, True, True)


def test_covering_a_category_and_completing_a_contact_take_effect_at_once() -> None:
    client = staff_client()
    toys = make_category("Toys")
    lamp, jug = (make_product(title, category=toys) for title in ("Lamp", "Jug"))
    maker = Party.objects.create(**MAKER | {"email": ""})
    set_safety(jug.pk, maker=maker, responsible=None, warnings="")
    refresh_documents([lamp.pk, jug.pk])
    assert cover_category(toys, is_covered=True) == 2
    assert not SearchDocument.objects.exists()
    client.post(f"/admin/catalog/party/{maker.pk}/change/", MAKER | {"url": ""})
    assert list(SearchDocument.objects.values_list("title", flat=True)) == ["Jug"]
    form = {"name": "Toys", "slug": "toys", "is_public": "on"}
    client.post(f"/admin/catalogue/category/{toys.pk}/change/", form)
    assert SearchDocument.objects.count() == 2


@pytest.mark.feature("CA11")
def test_it_is_told_before_the_buy_button_and_as_plain_values_for_feeds(toys: object) -> None:
    lamp = make_product("Lamp", category=toys)
    maker = Party.objects.create(**MAKER | {"country": "CN"})
    house = Party.objects.create(**MAKER | {"name": "Import House", "email": "safety@house.example"})
    set_safety(
        lamp.pk, maker=maker, responsible=house, warnings="Not for children under 3.\nKeep dry.",
        documents=[("Manual", "https://brass.example/manual.pdf")],
    )  # fmt: skip
    page = Client().get(f"/p/{lamp.slug}/").content.decode()
    button = page.index("Add to basket")
    for words in (
        "Made by Brass Works, Am Markt 1, 10115 Berlin, CN",
        "Responsible in the EU: Import House",
        "safety@house.example",
        "Not for children under 3.",
        "Keep dry.",
        'href="https://brass.example/manual.pdf"',
    ):
        assert 0 < page.find(words) < button, words
    [block] = next(item.safety for item in stream_items() if item.product_id == lamp.pk)
    assert block.as_dict() == {
        "maker": {
            "name": "Brass Works", "postal_address": "Am Markt 1, 10115 Berlin", "country": "CN",
            "electronic": "hello@brass.example",
        },
        "responsible": {
            "name": "Import House", "postal_address": "Am Markt 1, 10115 Berlin", "country": "DE",
            "electronic": "safety@house.example",
        },
        "warnings": ("Not for children under 3.", "Keep dry."),
        "documents": ({"title": "Manual", "url": "https://brass.example/manual.pdf"},),
    }  # fmt: skip


def test_a_document_that_is_no_address_is_refused_in_words() -> None:
    lamp = make_product("Lamp")
    answer = save(staff_client(), lamp, facts__documents="Manual | javascript:alert(1)")
    assert "is not a document. Write its title" in answer.content.decode()
    assert not ProductSafety.objects.exists()
