"""The variants of a product, and what a choice of values means; forged combinations get a sentence."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.apps.catalogue.models import Product

from catalog.variant_choice import ImpossibleChoice, choose_variant, variants_of


@pytest.fixture
def mug(make_product: Callable[..., Product]) -> Product:
    return make_product(
        "Mug",
        axes=["colour", "size"],
        variants=[
            {"colour": "Moss", "size": "10 cm", "price": "12.00", "sku": "M10"},
            {"colour": "Moss", "size": "9 cm", "price": "10.00", "sku": "M9"},
            {"colour": "Clay", "size": "9 cm", "price": "10.00", "sku": "C9"},
            {"colour": "Ink", "size": "9 cm", "is_public": False},
        ],
    )


def test_the_table_shows_axes_values_and_variants(mug: Product) -> None:
    table = variants_of(mug)
    assert [(axis.code, axis.name, axis.values) for axis in table.axes] == [
        ("colour", "Colour", ("Moss", "Clay")),
        ("size", "Size", ("9 cm", "10 cm")),
    ]
    assert sorted(variant.sku for variant in table) == ["C9", "M10", "M9"]
    found = table.find({"colour": "Moss", "size": "10 cm"})
    assert found is not None
    assert found.price is not None
    assert (found.sku, found.label, found.price.amount) == ("M10", "Moss / 10 cm", Decimal(12))
    assert table.possible_values(table.axes[1], chosen={"colour": "Clay"}) == {"9 cm"}
    assert table.possible_values(table.axes[0], chosen={"colour": "Clay"}) == {"Moss", "Clay"}


@pytest.mark.feature("SF07")
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"colour": "Clay", "size": "10 cm"}, "Mug does not come in Colour Clay, Size 10 cm"),
        ({"colour": "Ink", "size": "9 cm"}, "Mug does not come in Colour Ink, Size 9 cm"),
        ({"colour": "\x00'; --", "size": "9 cm"}, "does not come in"),
        ({"colour": "Moss"}, "Choose Size of Mug first"),
        ({}, "Choose Colour and Size of Mug first"),
        ({"colour": "", "size": ""}, "Choose Colour and Size of Mug first"),
    ],
)
def test_an_impossible_choice_is_refused_in_words(mug: Product, values: dict[str, str], words: str) -> None:
    with pytest.raises(ImpossibleChoice, match=words):
        choose_variant(mug, values=values)


def test_values_or_a_child_name_the_variant(mug: Product, make_product: Callable[..., Product]) -> None:
    chosen = choose_variant(mug, values={"colour": "Clay", "size": "9 cm", "other": "x"})
    assert chosen.sku == "C9"
    assert choose_variant(mug, child_id=chosen.product_id) == chosen
    hidden = Product.objects.get(parent=mug, is_public=False)
    for forged in (hidden.pk, make_product("Jug").pk, mug.pk, 10**12):
        with pytest.raises(ImpossibleChoice, match="Choose one that is listed"):
            choose_variant(mug, child_id=forged)


def test_a_product_of_its_own_needs_no_choice(make_product: Callable[..., Product]) -> None:
    jug = make_product("Jug", sku="JUG")
    assert choose_variant(jug).sku == "JUG"
    assert choose_variant(jug, child_id=jug.pk).sku == "JUG"


def test_variants_without_axes_are_chosen_by_their_titles(make_product: Callable[..., Product]) -> None:
    set_of_cups = make_product("Cups", variants=[{"title": "Two"}, {"title": "Four"}])
    assert [variant.label for variant in variants_of(set_of_cups)] == ["Two", "Four"]
    with pytest.raises(ImpossibleChoice, match="Choose a variant of Cups first"):
        choose_variant(set_of_cups)


def test_a_parent_whose_variants_are_all_hidden_cannot_be_chosen(make_product: Callable[..., Product]) -> None:
    mug = make_product("Mug", axes=["colour"], variants=[{"colour": "Moss", "is_public": False}])
    with pytest.raises(ImpossibleChoice):
        choose_variant(mug)


@pytest.mark.feature("SF07")
def test_512_variants_cost_the_same_queries_as_one(make_product: Callable[..., Product]) -> None:
    values = [f"V{number}" for number in range(8)]
    many = make_product(
        "Kit",
        axes=["a", "b", "c"],
        variants=[{"a": a, "b": b, "c": c} for a in values for b in values for c in values],
    )
    one = make_product("Kit", axes=["a"], variants=[{"a": "V0"}])
    with CaptureQueriesContext(connection) as few:
        variants_of(one)
    with CaptureQueriesContext(connection) as queries:
        assert len(variants_of(many)) == 512
    assert len(queries) == len(few) == 3
