"""The tree of categories: one query for the menu, addresses made of slugs, counts that include what lies below."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.apps.catalogue.models import Category, Product

from catalog.categories import category_tree, crumbs_of_product, find_category, sub_categories
from catalog.search.index import refresh_category
from catalog.search.query import Query, find_products
from catalog.search.suggest import suggest


@pytest.fixture
def tree(db: None) -> dict[str, Category]:
    home = Category.add_root(name="Home", slug="home")
    lamps = home.add_child(name="Lamps", slug="lamps")
    table = lamps.add_child(name="Table lamps", slug="table")
    secret = home.add_child(name="Secret", slug="secret", is_public=False)
    inner = secret.add_child(name="Inner", slug="inner")
    garden = Category.add_root(name="Garden", slug="garden")
    # The same slug in another branch must not be mistaken for this one.
    other = garden.add_child(name="Garden lamps", slug="lamps")
    inner.refresh_from_db()
    return {"home": home, "lamps": lamps, "table": table, "inner": inner, "garden": garden, "other": other}


@pytest.mark.feature("SF02")
def test_an_address_finds_its_category_in_one_query(tree: dict[str, Category]) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        place = find_category("home/lamps/table")
    assert place is not None
    assert len(queries) == 1
    assert place.category == tree["table"]
    assert [(crumb.name, crumb.address) for crumb in place.crumbs] == [
        ("Home", "home"),
        ("Lamps", "home/lamps"),
        ("Table lamps", "home/lamps/table"),
    ]
    other = find_category("/garden/lamps/")
    assert other is not None
    assert other.category == tree["other"]


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    "address",
    ["", "/", "lamps", "home/table", "garden/lamps/table", "home/secret", "home/secret/inner", "\x00", "a/" * 500],
)
def test_a_wrong_or_hidden_address_finds_nothing(address: str) -> None:
    assert find_category(address) is None


@pytest.mark.usefixtures("tree")
def test_the_menu_costs_one_query_and_shows_no_hidden_branch() -> None:
    with CaptureQueriesContext(connection) as queries:
        roots = category_tree()
    assert len(queries) == 1
    assert [(root.name, [child.address for child in root.children]) for root in roots] == [
        ("Home", ["home/lamps"]),
        ("Garden", ["garden/lamps"]),
    ]
    assert roots[0].children[0].children[0].address == "home/lamps/table"


def test_counts_include_what_lies_below(tree: dict[str, Category], make_product: Callable[..., Product]) -> None:
    make_product("Alba", categories=[tree["table"]])
    make_product("Bora", categories=[tree["lamps"], tree["table"]])
    make_product("Cyan", categories=[tree["garden"]])
    place = find_category("home")
    assert place is not None
    assert [(child.name, child.address, child.count) for child in sub_categories(place)] == [("Lamps", "home/lamps", 2)]
    assert find_products(Query(category_id=tree["home"].pk)).total == 2
    assert find_products(Query(category_id=tree["table"].pk)).total == 2


def test_a_product_knows_the_way_to_its_deepest_open_category(
    tree: dict[str, Category], make_product: Callable[..., Product]
) -> None:
    product = make_product("Alba", categories=[tree["home"], tree["inner"], tree["table"]])
    assert [crumb.address for crumb in crumbs_of_product(product.pk)] == ["home", "home/lamps", "home/lamps/table"]
    assert crumbs_of_product(make_product("Loose").pk) == []


def test_a_moved_category_takes_its_products_along(
    tree: dict[str, Category], make_product: Callable[..., Product]
) -> None:
    make_product("Alba", categories=[tree["table"]])
    tree["lamps"].move(tree["garden"], "last-child")
    tree["garden"].refresh_from_db()
    assert refresh_category(tree["garden"].pk) == 1
    assert find_products(Query(category_id=tree["garden"].pk)).total == 1
    assert find_products(Query(category_id=tree["home"].pk)).total == 0


def test_suggestions_name_categories_and_products(
    tree: dict[str, Category], make_product: Callable[..., Product]
) -> None:
    make_product("Lamp oil", brand="Noctiluca", price="4.50")
    suggestions = suggest("lam")
    assert [(category.name, category.path) for category in suggestions.categories] == [
        ("Lamps", "home/lamps"),
        ("Garden lamps", "garden/lamps"),
        ("Table lamps", "home/lamps/table"),
    ]
    assert [(product.title, product.brand) for product in suggestions.products] == [("Lamp oil", "Noctiluca")]
    assert suggest("lapm oil").products[0].title == "Lamp oil"
    assert suggest("  ").products == []
    assert suggest("\x00'\"%").products == []
