"""A rule is judged at read; a change shows who joins and leaves before it is saved."""

import json
from decimal import Decimal
from time import perf_counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from oscar.apps.catalogue.models import Product, ProductAttribute, ProductAttributeValue, ProductClass

from catalog.collections.changing import save_collection
from catalog.collections.preview import preview_change
from catalog.collections.records import Collection
from catalog.collections.rule import WrongRule, members_of, read_rule
from catalog.pricing.change import NewPrice, change_prices
from catalog.search.index import refresh_documents
from catalog.search.query import Query, find_products
from shop.audit.models import AuditEntry
from shop.backoffice.collection_form import CollectionForm
from tests.backoffice.desk import staff_client
from tests.shopfloor import make_category, make_product, make_variants, open_shop, record_of

pytestmark = pytest.mark.django_db


def a_thing(title: str, *, tags: str = "", brand: str = "", **fields: Any) -> Product:
    product = make_product(title, **fields)
    for code, text in (("tags", tags), ("brand", brand)):
        if text:
            attribute, _ = ProductAttribute.objects.get_or_create(
                product_class=product.product_class, code=code, defaults={"name": code.title(), "type": "text"}
            )
            ProductAttributeValue.objects.create(product=product, attribute=attribute, value_text=text)
    refresh_documents([product.pk])
    return product


def titles(collection: Collection) -> list[str]:
    return sorted(one.title for one in find_products(Query(within=members_of(collection))).documents)


@pytest.fixture
def shelf() -> dict[str, Product]:
    open_shop()
    lamps = make_category("Lamps")
    return {
        "heron": a_thing("Heron", price="20.00", category=lamps, tags="gift|brass", brand="Nord"),
        "stork": a_thing("Stork", price="40.00", category=lamps, compare_at="60.00", brand="Nord"),
        "bowl": a_thing("Bowl", price="25.00", tags="gift", brand="Seeberg"),
    }


@pytest.mark.parametrize(
    ("conditions", "match", "expected"),
    [
        ([{"fact": "price", "most": "30"}], "all", ["Bowl", "Heron"]),
        ([{"fact": "price", "least": "22", "most": "30"}], "all", ["Bowl"]),
        ([{"fact": "tag", "values": ["gift"]}, {"fact": "brand", "values": ["Nord"]}], "all", ["Heron"]),
        ([{"fact": "tag", "values": ["brass"]}, {"fact": "brand", "values": ["Seeberg"]}], "any", ["Bowl", "Heron"]),
        ([{"fact": "brand", "values": ["Nord"], "not": True}], "all", ["Bowl"]),
        ([{"fact": "reduced"}], "all", ["Stork"]),
        ([{"fact": "new", "days": 7}], "all", ["Bowl", "Heron", "Stork"]),
        ([{"fact": "attribute", "code": "tags", "values": ["brass", "tin"]}], "all", ["Heron"]),
        ([{"fact": "category", "values": ["lamps"]}], "all", ["Heron", "Stork"]),
    ],
)
def test_each_condition_gathers_what_it_says(
    shelf: dict[str, Product], conditions: list[dict[str, Any]], match: str, expected: list[str]
) -> None:
    named = json.loads(json.dumps(conditions).replace('"lamps"', str(make_category("Lamps").pk)))
    assert titles(Collection(kind="rule", rule={"match": match, "conditions": named})) == expected


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({}, "without any it would hold the whole shop"),
        ({"conditions": [{"fact": "mood"}]}, "A condition names one of: category, brand"),
        ({"conditions": [{"fact": "price"}]}, "has a least or a most"),
        ({"conditions": [{"fact": "price", "most": "cheap"}]}, "“cheap” is not an amount"),
        ({"conditions": [{"fact": "brand", "values": []}]}, "needs 1 to 200 values"),
        ({"conditions": [{"fact": "category", "values": ["1; DROP TABLE"]}]}, "named by their numbers"),
        ({"conditions": [{"fact": "new", "days": 0}]}, "from 1 to 3650"),
        ({"match": "some", "conditions": [{"fact": "reduced"}]}, "Expected all or any"),
        ("price < 3", "A rule has “match”"),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused_in_words(rule: Any, words: str) -> None:
    with pytest.raises(WrongRule) as refused:
        read_rule(rule)
    assert words in str(refused.value)


def test_who_is_in_it_follows_a_price_at_once(shelf: dict[str, Product]) -> None:
    cheap = Collection.objects.create(
        name="Under 30", slug="under-30", is_public=True, rule={"conditions": [{"fact": "price", "most": "30"}]}
    )
    assert "Stork" not in Client().get("/collection/under-30/").content.decode()
    new = NewPrice(stock_record_id=record_of(shelf["stork"]).pk, price=Decimal("29.00"), compare_at=None)
    change_prices([new], actor_name="tests", reason="Sale")
    page = Client().get("/collection/under-30/").content.decode()
    assert "Stork" in page
    assert "3 products" in page
    assert "/collection/under-30/" in Client().get("/sitemap.xml?part=0").getvalue().decode()
    assert titles(cheap) == ["Bowl", "Heron", "Stork"]


def test_its_page_filters_sorts_and_hides_like_any_list(shelf: dict[str, Product]) -> None:
    Collection.objects.create(
        name="Gifts", slug="gifts", is_public=True, rule={"conditions": [{"fact": "tag", "values": ["gift"]}]}
    )
    page = Client().get("/collection/gifts/?brand=Nord").content.decode()
    assert "Heron" in page
    assert "/p/bowl" not in page
    assert Client().get("/collection/gifts/?page=999&sort=price").status_code == 200
    Collection.objects.update(is_public=False)
    assert Client().get("/collection/gifts/").status_code == 404
    assert Client().get("/collection/none/").status_code == 404


@pytest.mark.feature("CA13")
def test_staff_see_who_joins_and_leaves_before_it_is_saved(shelf: dict[str, Product]) -> None:
    client = staff_client("catalogue editor")
    form = {"name": "Under 30", "kind": "rule", "match": "all", "most": "30", "is_public": "on", "act": "save"}
    first = client.post("/admin/catalog/collection/add/", form)
    assert first.status_code == 200
    assert not Collection.objects.exists()
    assert "2 products in it: 2 join, 0 leave." in first.content.decode()
    saved = client.post("/admin/catalog/collection/add/", form | {"seen": first.context["seen"]})
    assert saved.status_code == 303
    collection = Collection.objects.get()
    assert (collection.slug, titles(collection)) == ("under-30", ["Bowl", "Heron"])

    other = form | {"slug": "under-30", "most": "", "least": "22", "seen": first.context["seen"]}
    second = client.post(saved["Location"], other)
    preview = second.context["preview"]
    assert (preview.joining, preview.leaving) == (["Stork"], ["Heron"])
    assert titles(Collection.objects.get()) == ["Bowl", "Heron"]
    assert client.post(saved["Location"], other | {"seen": second.context["seen"]}).status_code == 303
    assert titles(Collection.objects.get()) == ["Bowl", "Stork"]
    assert AuditEntry.objects.filter(subject_type="collection").count() == 2


def test_a_price_may_be_asked_of_every_variant(shelf: dict[str, Product]) -> None:
    cushion, _ = make_variants("Cushion", values=["Small"], price="12.00")
    make_product("Cushion, large", parent=cushion, price="63.00")
    refresh_documents([cushion.pk])
    cheapest = {"fact": "price", "most": "30"}
    assert titles(Collection(kind="rule", rule={"conditions": [cheapest]})) == ["Bowl", "Cushion", "Heron"]
    every = {**cheapest, "every_variant": True}
    assert titles(Collection(kind="rule", rule={"conditions": [every]})) == ["Bowl", "Heron"]
    upwards = {"fact": "price", "least": "20", "every_variant": True}
    assert titles(Collection(kind="rule", rule={"conditions": [upwards]})) == ["Bowl", "Heron", "Stork"]
    collection = Collection.objects.create(name="Gifts", slug="gifts", rule={"match": "all", "conditions": [every]})
    form = CollectionForm(collection)
    data = {name: form[name].value() or "" for name in form.fields if name not in ("reduced", "only_in_stock")}
    again = CollectionForm(collection, data={**data, "every_variant": "on"})
    assert again.is_valid(), again.errors
    assert again.rule == collection.rule


def test_a_collection_by_hand_keeps_its_order(shelf: dict[str, Product]) -> None:
    client = staff_client()
    form = {
        "name": "Ours", "kind": "manual", "is_public": "on", "act": "save",
        "members": f"{shelf['bowl'].slug}\n{record_of(shelf['stork']).partner_sku}\n{shelf['heron'].slug}",
    }  # fmt: skip
    seen = client.post("/admin/catalog/collection/add/", form).context["seen"]
    client.post("/admin/catalog/collection/add/", form | {"seen": seen})
    page = Client().get("/collection/ours/").content.decode()
    places = [page.index(f'href="/p/{shelf[name].slug}/"') for name in ("bowl", "stork", "heron")]
    assert places == sorted(places)
    refused = client.post("/admin/catalog/collection/add/", form | {"members": "nothing-such"})
    assert "No product has the SKU or handle nothing-such." in refused.content.decode()


def test_only_what_is_in_stock_is_asked_of_the_stock_room(shelf: dict[str, Product]) -> None:
    from inventory.availability import records_in_stock

    make_product("Gone", stock=0, price="5.00")
    refresh_documents(Product.objects.values_list("pk", flat=True))
    rule = {"conditions": [{"fact": "price", "most": "30"}]}
    cheap = save_collection(
        None,
        {
            "name": "A",
            "slug": "a",
            "description": "",
            "is_public": True,
            "kind": "rule",
            "rule": rule,
            "only_in_stock": True,
        },
        members=[],
        actor=None,
    )
    assert "Gone" not in Client().get("/collection/a/").content.decode()
    seen = preview_change(cheap, read_rule(rule, prefix="after"), saleable=records_in_stock())
    assert (seen.total, seen.joining, seen.leaving) == (3, ["Gone"], [])


@pytest.mark.feature("CA13")
def test_a_rule_over_fifty_thousand_products_is_judged_within_five_seconds() -> None:
    kind = ProductClass.objects.create(name="Many", slug="many")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO catalogue_product (structure, title, slug, description, product_class_id, is_public,
                is_discountable, date_created, date_updated, meta_title, meta_description, priority)
            SELECT 'standalone', 'Thing ' || n, 'thing-' || n, '', %s, true, true, now(), now(), '', '', 0
            FROM generate_series(1, 50000) AS n
            """,
            (kind.pk,),
        )
        cursor.execute(
            """
            INSERT INTO catalog_searchdocument (product_id, title, slug, brand, category_ids, facets, stock_record_ids,
                currency, price_min, price_max, rating_count, popularity, published_at, card, text)
            SELECT id, title, slug, '', '{}', ARRAY['colour:' || (id %% 7)], '{}', 'EUR', id %% 100, id %% 100, 0, 0,
                   now(), '{}', title FROM catalogue_product WHERE product_class_id = %s
            """,
            (kind.pk,),
        )
    old = Collection.objects.create(name="A", slug="a", rule={"conditions": [{"fact": "price", "most": "49"}]})
    begin = perf_counter()
    found = preview_change(old, read_rule({"conditions": [{"fact": "price", "least": "25"}]}, prefix="after"))
    took = perf_counter() - begin
    assert (found.total, found.joins, found.leaves) == (37_500, 25_000, 12_500)
    assert took < 5
    begin = perf_counter()
    assert find_products(Query(within=members_of(old))).total == 25_000
    assert perf_counter() - begin < 5
