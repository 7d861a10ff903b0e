"""Whatever is filtered: totals, counts and price bounds equal those of a plain recount, product by product."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oscar.apps.catalogue.models import Category, Product
from oscar.apps.partner.models import StockRecord

from catalog.search.query import Query, find_products

COLOURS = ("Moss", "Clay", "Oat", "Ink")
SIZES = ("9 cm", "10 cm", "24 cm")
MATERIALS = ("Linen", "Brass", "Stoneware")
BRANDS = ("Alba", "Bora")


@dataclass
class Known:
    """What the plain recount knows of one product."""

    title: str
    values: dict[str, set[str]]
    prices: list[Decimal]
    categories: set[str]


@pytest.fixture
def known(make_product: Callable[..., Product]) -> tuple[list[Known], dict[str, Category]]:
    dice = random.Random(7)
    top = Category.add_root(name="Top", slug="top")
    categories = {
        "top": top,
        "left": top.add_child(name="Left", slug="left"),
        "right": top.add_child(name="Right", slug="right"),
    }
    products = []
    for number in range(60):
        place = dice.choice(("top", "left", "right"))
        own = {"material": dice.choice(MATERIALS)} if dice.random() < 0.8 else {}
        own |= {"brand": dice.choice(BRANDS)} if dice.random() < 0.8 else {}
        values: dict[str, set[str]] = {code: {value} for code, value in own.items()}
        variants = []
        if dice.random() < 0.4:
            pairs = dice.sample([(colour, size) for colour in COLOURS for size in SIZES], dice.randint(1, 4))
            variants = [
                {"colour": colour, "size": size, "price": f"{dice.randint(5, 60)}.00"} for colour, size in pairs
            ]
            values["colour"] = {colour for colour, _ in pairs}
            values["size"] = {size for _, size in pairs}
            prices = [Decimal(variant["price"]) for variant in variants]
        else:
            prices = [Decimal(dice.randint(5, 60))]
        title = f"{dice.choice(('Lamp', 'Bowl'))} {number}"
        make_product(
            title,
            price=str(prices[0]),
            categories=[categories[place]],
            axes=["colour", "size"] if variants else [],
            variants=variants,
            **own,
        )
        products.append(Known(title, values, prices, {place, "top"}))
    return products, categories


def _recount(
    products: list[Known], query: Query, category: str | None
) -> tuple[set[str], dict[str, Counter[str]], tuple[Decimal, Decimal] | None]:
    existing = {(code, value) for one in products for code, values in one.values.items() for value in values}
    chosen = {
        code: kept
        for code, values in query.facets.items()
        if (kept := {value for value in values if (code, value) in existing})
    }

    def passes(one: Known, *, without: str = "") -> bool:
        if query.text and query.text.lower() not in one.title.lower():
            return False
        if category and category not in one.categories:
            return False
        if without != "price":
            if query.min_price is not None and max(one.prices) < query.min_price:
                return False
            if query.max_price is not None and min(one.prices) > query.max_price:
                return False
        return all(code == without or one.values.get(code, set()) & values for code, values in chosen.items())

    counts: dict[str, Counter[str]] = {}
    for code in {code for code, _ in existing}:
        counts[code] = Counter(
            value for one in products if passes(one, without=code) for value in one.values.get(code, ())
        )
    prices = [price for one in products if passes(one, without="price") for price in one.prices]
    return {one.title for one in products if passes(one)}, counts, (min(prices), max(prices)) if prices else None


FILTERS = st.fixed_dictionaries(
    {
        "text": st.sampled_from(("", "lamp", "bowl")),
        "category": st.sampled_from((None, "top", "left", "right")),
        "facets": st.dictionaries(
            st.sampled_from(("colour", "size", "material", "brand", "unknown")),
            st.lists(
                st.sampled_from((*COLOURS, *SIZES, *MATERIALS, *BRANDS, "Nonsense")),
                min_size=1,
                max_size=3,
                unique=True,
            ).map(tuple),
            max_size=4,
        ),
        "min_price": st.none() | st.integers(0, 65).map(Decimal),
        "max_price": st.none() | st.integers(0, 65).map(Decimal),
    }
)


@pytest.mark.feature("SF03")
def test_counts_equal_a_recount_for_random_filters(known: tuple[list[Known], dict[str, Category]]) -> None:
    products, categories = known

    @settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(FILTERS)
    def compare(filters: dict) -> None:
        category = filters.pop("category")
        query = Query(**filters, category_id=categories[category].pk if category else None, page_size=100)
        titles, counts, bounds = _recount(products, query, category)
        results = find_products(query)
        assert {document.title for document in results.documents} == titles
        assert results.total == len(titles)
        shown = {group.code: {value.value: value.count for value in group.values} for group in results.facet_groups}
        for code, counter in counts.items():
            if len(counter) > 1 or code in shown:
                assert Counter(shown[code]) == counter
        assert (results.price_bounds and (results.price_bounds.lowest, results.price_bounds.highest)) == bounds

    compare()


@pytest.mark.feature("SF03")
def test_choices_that_no_product_has_are_dropped_and_named(make_product: Callable[..., Product]) -> None:
    make_product("Mug", colour="Moss")
    make_product("Jug", colour="Clay")
    results = find_products(
        Query(facets={"colour": ("Moss", "Pink"), "nonsense": ("x",), "col\x00our": ("Moss",), "colour:Moss": ("",)})
    )
    assert [document.title for document in results.documents] == ["Mug"]
    assert sorted(results.dropped) == [
        ("col\x00our", "Moss"),
        ("colour", "Pink"),
        ("colour:Moss", ""),
        ("nonsense", "x"),
    ]
    [group] = results.facet_groups
    assert (group.code, group.name, group.is_chosen) == ("colour", "Colour", True)
    assert [(value.value, value.count, value.is_chosen) for value in group.values] == [
        ("Clay", 1, False),
        ("Moss", 1, True),
    ]


@pytest.mark.feature("SF03")
def test_one_attribute_may_hold_several_values(make_product: Callable[..., Product]) -> None:
    make_product("Basket", material="Willow|Cotton")
    make_product("Box", material="Cotton", care="x" * 61)
    results = find_products(Query(facets={"material": ("Willow",)}))
    assert [document.title for document in results.documents] == ["Basket"]
    assert [(value.value, value.count) for value in results.facet_groups[0].values] == [("Cotton", 2), ("Willow", 1)]
    assert [group.code for group in results.facet_groups] == ["material"]


def test_sizes_stand_in_their_natural_order(make_product: Callable[..., Product]) -> None:
    for size in ("24 cm", "9 cm", "10 cm"):
        make_product(f"Plate {size}", size=size)
    assert [value.value for value in find_products(Query()).facet_groups[0].values] == ["9 cm", "10 cm", "24 cm"]


def test_only_products_with_one_of_the_given_stock_records_are_kept(make_product: Callable[..., Product]) -> None:
    make_product("Mug", axes=["colour"], variants=[{"colour": "Moss", "sku": "A"}, {"colour": "Clay", "sku": "B"}])
    make_product("Jug", sku="C", colour="Moss")
    make_product("100% linen", sku="D%s", colour="Clay")
    found = find_products(Query(), restrict=StockRecord.objects.filter(partner_sku__in=["B", "D%s"]).order_by("pk"))
    assert {document.title for document in found.documents} == {"Mug", "100% linen"}
    found = find_products(Query(text="linen"), restrict=StockRecord.objects.extra(where=["partner_sku LIKE 'D%%'"]))
    assert found.total == 1
    assert find_products(Query(), restrict=StockRecord.objects.none()).total == 0


@pytest.mark.feature("SF03")
def test_the_number_of_queries_does_not_grow(make_product: Callable[..., Product]) -> None:
    for number in range(5):
        make_product(f"Mug {number}", colour=COLOURS[number % 4], material=MATERIALS[number % 3])
    for query in (
        Query(),
        Query(text="mug", facets={"colour": ("Moss",), "material": ("Brass",)}, min_price=Decimal(1)),
        Query(text="mugg lmap", facets={"colour": ("Moss",)}),
    ):
        with CaptureQueriesContext(connection) as queries:
            find_products(query, restrict=StockRecord.objects.all())
        assert len(queries) <= 4
