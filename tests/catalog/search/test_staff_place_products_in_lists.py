"""Pin, boost, bury: staff place a product in one list; at once, and not while it is sold out."""

from collections.abc import Callable, Iterable

import pytest
from oscar.apps.catalogue.models import Category, Product
from oscar.apps.partner.models import StockRecord

from catalog.models import Placement
from catalog.search.placements import PlacementRefused, place_product
from catalog.search.query import Query, Results, find_products
from shop.audit.models import AuditEntry


@pytest.fixture
def lamps(make_product: Callable[..., Product]) -> tuple[Category, dict[str, Product]]:
    category = Category.add_root(name="Lamps", slug="lamps")
    names = ("Lamp", "Lamp of oak", "Reading lamp of oak and brass", "Mug")
    return category, {name: make_product(name, categories=[category]) for name in names}


def titles(results: Results) -> list[str]:
    return [document.title for document in results.documents]


@pytest.mark.feature("SF06")
def test_a_pinned_product_is_first_in_its_category_and_nowhere_else(
    lamps: tuple[Category, dict[str, Product]],
) -> None:
    category, products = lamps
    place_product(product=products["Mug"], kind=Placement.Kind.PIN, category=category, actor=None)
    listed = find_products(Query(category_id=category.pk))
    assert titles(listed)[0] == "Mug"
    assert sorted(titles(listed)) == sorted(products)
    assert titles(find_products(Query()))[0] == "Lamp"
    assert titles(find_products(Query(category_id=category.pk, sort="newest"))) == titles(
        find_products(Query(sort="newest"))
    )


@pytest.mark.feature("SF06")
def test_a_product_pinned_to_words_is_first_even_without_the_words(
    lamps: tuple[Category, dict[str, Product]], make_product: Callable[..., Product]
) -> None:
    products = lamps[1] | {"Vase": make_product("Vase")}
    before = titles(find_products(Query(text="lamp")))
    for position, name in ((2, "Lamp of oak"), (1, "Vase")):
        place_product(product=products[name], kind=Placement.Kind.PIN, words="LAMPS", position=position, actor=None)
    results = find_products(Query(text="lamp"))
    assert titles(results) == ["Vase", "Lamp of oak", *[title for title in before if title != "Lamp of oak"]]
    assert results.total == 5
    assert "Vase" not in titles(find_products(Query(text="oak lamp")))


@pytest.mark.feature("SF06")
def test_boosted_stands_higher_and_buried_last(lamps: tuple[Category, dict[str, Product]]) -> None:
    category, products = lamps
    for words, place in (("lamp", {"words": "lamp"}), ("", {"category": category})):
        query = Query(text=words, category_id=None if words else category.pk)
        place_product(product=products["Reading lamp of oak and brass"], kind=Placement.Kind.BOOST, actor=None, **place)
        assert titles(find_products(query))[0] == "Reading lamp of oak and brass"
        place_product(product=products["Lamp"], kind=Placement.Kind.BURY, actor=None, **place)
        assert titles(find_products(query))[-1] == "Lamp"


@pytest.mark.feature("SF06")
def test_a_pin_sinks_while_sold_out_and_rises_with_the_first_unit(
    lamps: tuple[Category, dict[str, Product]],
) -> None:
    category, products = lamps
    pinned = products["Reading lamp of oak and brass"]
    place_product(product=pinned, kind=Placement.Kind.PIN, category=category, actor=None)
    units = {StockRecord.objects.get(product=pinned).pk: 0}

    def units_of(records: Iterable[int]) -> dict[int, int | None]:
        return {record: units.get(record, 5) for record in records}

    query = Query(category_id=category.pk)
    sold_out = find_products(query, units_of=units_of, explain=True)
    assert titles(sold_out)[2] == pinned.title
    assert "sold out" in sold_out.documents[2].why.notes[0]
    units.clear()
    assert titles(find_products(query, units_of=units_of))[0] == pinned.title


@pytest.mark.feature("SF06", "M20")
@pytest.mark.parametrize("text", ["lamp", "oak lamp", "lmap", "brass mug", "lam"])
def test_the_parts_of_each_score_sum_to_it_and_order_the_list(
    lamps: tuple[Category, dict[str, Product]], text: str
) -> None:
    _, products = lamps
    place_product(product=products["Lamp of oak"], kind=Placement.Kind.BOOST, words="lamp", actor=None)
    documents = find_products(Query(text=text), explain=True).documents
    assert documents
    for document in documents:
        assert sum(value for _, value in document.why.parts) == pytest.approx(document.why.total)
    totals = [document.why.total for document in documents]
    assert totals == sorted(totals, reverse=True)
    assert [document.pk for document in find_products(Query(text=text)).documents] == [one.pk for one in documents]


def test_a_place_that_cannot_be_is_refused_in_words(
    lamps: tuple[Category, dict[str, Product]], make_product: Callable[..., Product]
) -> None:
    category, products = lamps
    stranger = make_product("Chair")
    for wrong, sentence in (
        ({"product": products["Mug"]}, "one of the two"),
        ({"product": products["Mug"], "category": category, "words": "mug"}, "one of the two"),
        ({"product": stranger, "category": category}, "is not in “Lamps”"),
    ):
        with pytest.raises(PlacementRefused, match=sentence):
            place_product(kind=Placement.Kind.PIN, actor=None, **wrong)
    place_product(product=products["Mug"], kind=Placement.Kind.PIN, words="mug", actor=None)
    with pytest.raises(PlacementRefused, match="has a place in this list already"):
        place_product(product=products["Mug"], kind=Placement.Kind.BURY, words="mugs", actor=None)
    assert Placement.objects.count() == 1
    assert AuditEntry.objects.filter(subject_type="placement").count() == 1
