import pytest
from oscar.apps.catalogue.models import Category, Product
from oscar.apps.offer.models import Range

from promotions.apply import apply_offers
from promotions.offers import load_offers
from tests.promotions.merchant import ids_of, make_offer, make_product, make_range, priced

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PO01")]


def discounted(of: Range, *products: Product) -> list[str]:
    make_offer(of=of)
    lines = priced(*products)
    given = apply_offers(lines, load_offers(product_ids=ids_of(lines)), "EUR")
    return [product.get_title() for product in products if given.line_discounts[product.pk]]


def test_products_that_are_listed_and_no_others() -> None:
    listed, other = make_product("Listed"), make_product("Other")
    of = make_range()
    of.add_product(listed)
    assert discounted(of, listed, other) == ["Listed"]


def test_all_products_but_the_excluded_ones() -> None:
    kept_out, other = make_product("Kept out"), make_product("Other")
    of = make_range(includes_all_products=True)
    of.excluded_products.add(kept_out)
    assert discounted(of, kept_out, other) == ["Other"]


def test_a_category_with_everything_below_it_less_an_excluded_one() -> None:
    home = Category.add_root(name="Home")
    textiles = home.add_child(name="Textiles")
    sale = textiles.add_child(name="Sale")
    garden = Category.add_root(name="Garden")
    products = {}
    for category in (home, textiles, sale, garden):
        products[category.name] = make_product(category.name)
        products[category.name].categories.add(category)
    of = make_range()
    of.included_categories.add(home)
    of.excluded_categories.add(sale)
    assert discounted(of, *products.values()) == ["Home", "Textiles"]


def test_a_product_class() -> None:
    candle, lamp = make_product("Candle", kind="Candles"), make_product("Lamp", kind="Lamps")
    of = make_range()
    of.classes.add(candle.product_class)
    assert discounted(of, candle, lamp) == ["Candle"]


@pytest.mark.parametrize("way", ["listed", "category", "class", "excluded"])
def test_a_variant_is_in_the_range_with_its_parent(way: str) -> None:
    parent = make_product("Throw", kind="Textiles")
    variant = make_product("Throw, green", parent=parent)
    category = Category.add_root(name="Textiles")
    parent.categories.add(category)
    of = make_range(includes_all_products=way == "excluded")
    if way == "listed":
        of.add_product(parent)
    elif way == "category":
        of.included_categories.add(category)
    elif way == "class":
        of.classes.add(parent.product_class)
    else:
        of.excluded_products.add(parent)
    assert discounted(of, variant) == ([] if way == "excluded" else ["Throw, green"])


def test_a_range_of_a_custom_class_gives_nothing() -> None:
    product = make_product("Any")
    of = make_range(includes_all_products=True, proxy_class="somewhere.Else")
    assert discounted(of, product) == []
