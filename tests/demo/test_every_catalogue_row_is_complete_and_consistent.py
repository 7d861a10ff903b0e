import re
from collections import Counter
from decimal import Decimal

import pytest
from stdnum import ean

from catalog.importing.native import COLUMNS
from shop.demo.catalogue import ATTRIBUTES, demo_categories, product_rows, stock_rows, swatch_colours
from shop.demo.catalogue.variants import VAT

MONEY = re.compile(r"\d+\.\d\d")


@pytest.fixture(scope="module")
def rows():
    return list(product_rows())


@pytest.fixture(scope="module")
def products(rows):
    """Handle to its rows."""
    found = {}
    for row in rows:
        found.setdefault(row["handle"], []).append(row)
    return found


def test_every_row_has_the_columns_of_the_native_format(rows):
    assert set(COLUMNS) < set(rows[0])
    assert all(row.keys() == rows[0].keys() for row in rows)


def test_skus_and_gtins_are_unique_and_gtins_are_valid(rows):
    assert len({row["sku"] for row in rows}) == len(rows)
    assert len({row["gtin"] for row in rows}) == len(rows)
    assert all(ean.is_valid(row["gtin"]) and 200 <= int(row["gtin"][:3]) <= 299 for row in rows)


def test_there_are_enough_products_in_enough_categories(products):
    per_category = Counter(variants[0]["categories"] for variants in products.values())
    assert len(products) >= 110
    assert len(per_category) >= 12
    assert min(per_category.values()) >= 5
    assert sum(len(variants) > 1 for variants in products.values()) >= 50
    assert max(len(variants) for variants in products.values()) <= 12


def test_every_category_has_a_sentence_and_its_parent_comes_first(products):
    paths = [category.path for category in demo_categories()]
    assert {variants[0]["categories"] for variants in products.values()} <= set(paths)
    for category in demo_categories():
        assert len(category.description) > 20
        parent = category.path.rpartition(" > ")[0]
        assert not parent or paths.index(parent) < paths.index(category.path)


def test_rows_of_one_handle_stand_together_and_agree(products, rows):
    seen = list(dict.fromkeys(row["handle"] for row in rows))
    assert [row["handle"] for row in rows] == [handle for handle in seen for _ in products[handle]]
    shared = ("title", "description", "product_class", "brand", "categories", "tags", "tax_class", "option1_name")
    for variants in products.values():
        for name in shared:
            assert len({row[name] for row in variants}) == 1
        combinations = {tuple(row[f"option{n}_value"] for n in (1, 2, 3)) for row in variants}
        assert len(combinations) == len(variants)


def test_prices_have_two_decimals_and_make_sense(rows):
    for row in rows:
        assert MONEY.fullmatch(row["price"])
        assert MONEY.fullmatch(row["cost"])
        price, cost = Decimal(row["price"]), Decimal(row["cost"])
        net = price / VAT[row["tax_class"]]
        assert Decimal("0.40") * net <= cost <= Decimal("0.60") * net
        if row["compare_at_price"]:
            assert MONEY.fullmatch(row["compare_at_price"])
            assert Decimal(row["compare_at_price"]) > price


def test_some_products_are_reduced_and_food_has_the_reduced_rate(products):
    reduced = [variants for variants in products.values() if variants[0]["compare_at_price"]]
    assert 15 <= len(reduced) <= 35
    for variants in products.values():
        is_tea = variants[0]["product_class"] == "Tea"
        assert variants[0]["tax_class"] == ("reduced" if is_tea else "standard")


def test_texts_say_enough_and_hold_no_markup(products):
    for variants in products.values():
        text = variants[0]["description"]
        assert len(text) > 100
        assert "\n\n" in text
        assert not set("<>&") & set(text + variants[0]["title"])
    brands = {variants[0]["brand"] for variants in products.values()}
    assert 5 <= len(brands) <= 10
    assert len({variants[0]["title"] for variants in products.values()}) == len(products)


def test_attributes_are_known_and_of_their_type(rows):
    for row in rows:
        for code, attribute in ATTRIBUTES.items():
            value = row[f"attribute:{code}"]
            if value and attribute.kind == "boolean":
                assert value in ("yes", "no")
            elif value and attribute.kind == "integer":
                int(value)
            elif value and attribute.kind == "float":
                Decimal(value)
        assert sum(bool(row[f"attribute:{code}"]) for code in ATTRIBUTES) >= 3
    options = {row[f"option{n}_name"].lower() for row in rows for n in (1, 2, 3)}
    assert {code for code in ATTRIBUTES if any(row[f"attribute:{code}"] for row in rows)} >= set(ATTRIBUTES) - options


def test_what_is_an_option_is_not_an_attribute_beside_it(rows):
    for row in rows:
        options = {row[f"option{n}_name"].lower() for n in (1, 2, 3)} - {""}
        assert not any(row.get(f"attribute:{name}") for name in options)


def test_stock_lies_in_two_places_some_short_some_gone(rows):
    counted = [row for row in rows if not (row["components"] or row["files"])]
    main = {row["sku"]: int(row["stock"]) for row in counted}
    studio = {row["sku"]: int(row["quantity"]) for row in stock_rows()}
    assert main.keys() == studio.keys()
    assert {row["location"] for row in counted} == {"main"}
    assert {row["location"] for row in stock_rows()} == {"studio"}
    gone = [sku for sku in main if main[sku] + studio[sku] == 0]
    short = [sku for sku in main if 0 < main[sku] <= 3]
    assert 3 <= len(gone) <= 30
    assert len(short) >= 10


def test_colours_to_choose_from_have_a_swatch(rows):
    swatches = swatch_colours()
    chosen = {row["option1_value"] for row in rows if row["option1_name"] in ("Colour", "Glaze", "Wood", "Frame")}
    assert chosen <= swatches.keys()
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in swatches.values())
