"""The Magento samples give the counts that a careful reader of the files finds.

Counted without our reader, in configurable_products_men.csv:
  variants    grep -cE '^M[A-Z]+[0-9]+(-[^,]*)?,,(Top|Bottom),simple,'                              910
  products    grep -cE ',,(Top|Bottom),configurable,'                                               72
  pictures    grep -oE '/m/[a-z]/[a-z0-9_-]+\\.jpg' | sort -u | wc -l                                326
  categories  grep -oE 'Default Category(/[A-Za-z& ]+)+' | sort -u | wc -l                          12
  every variant is in one configurable_variations list and every list names only rows of the file: csv module,
  splitting that cell at | and = (910 names, 910 distinct, no difference to the simple rows)
  attributes  names before = in additional_attributes of the configurable rows, without has_options and
              required_options: 10 (csv module); style_general 35 rows, style_bottom 24 rows
In simple/: grep -oE ',24-[A-Z0-9]+,' | sort -u | wc -l: 14 bags, 9 pieces of fitness equipment, 9 watches;
images_gear_bags.csv has 18 lines below its header, images_gear_watches.csv 10. bundle/ has one bundle.
"""

from collections import Counter
from pathlib import Path

import pytest


@pytest.mark.feature("IE08")
def test_the_export_has_72_products_with_910_variants(shared_data: Path, read_file) -> None:
    found = read_file(shared_data / "magento" / "configurable_products_men.csv")
    assert (found.format, len(found.rows), found.errors) == ("magento", 910, [])
    assert len({row.handle for row in found.rows}) == 72
    assert all(len(row.options) == 2 for row in found.rows)
    assert len({(row.handle, row.options) for row in found.rows}) == 910
    pictures = {name for row in found.rows for name in (*(row.images or ()), *(row.gallery or ()))}
    assert len(pictures) == 326
    assert len({path for row in found.rows for path in row.categories}) == 12
    by_product = {row.handle: row.attributes for row in found.rows}
    counted = Counter(code for attributes in by_product.values() for code in attributes)
    assert len(counted) == 10
    assert (counted["style_general"], counted["style_bottom"], counted["material"]) == (35, 24, 72)
    assert {row.stock for row in found.rows} == {100}
    assert all(row.published for row in found.rows)


def test_a_variant_of_the_export_reads_as_a_careful_reader_would(shared_data: Path, read_file) -> None:
    found = read_file(shared_data / "magento" / "configurable_products_men.csv")
    row = next(row for row in found.rows if row.sku == "MH01-XS-Gray")
    assert (row.handle, row.title, str(row.price)) == ("chaz-kangeroo-hoodie", "Chaz Kangeroo Hoodie", "52.00")
    assert row.options == (("Size", "XS"), ("Color", "Gray"))
    assert row.categories == (("Men", "Tops", "Hoodies & Sweatshirts"), ("Collections", "Eco Friendly"))
    assert row.images == ("/m/h/mh01-gray_main.jpg", "/m/h/mh01-gray_alt1.jpg", "/m/h/mh01-gray_back.jpg")
    assert row.attributes["climate"] == "All-weather|Cool|Indoor|Spring|Windy"
    assert "•" in row.description
    assert "&bull;" not in row.description


@pytest.mark.parametrize(
    ("name", "products", "pictures"), [("bags", 14, 18), ("fitness_equipment", 9, 0), ("watches", 9, 10)]
)
def test_the_fixture_files_find_their_pictures_and_categories_beside_them(
    shared_data: Path, read_file, name: str, products: int, pictures: int
) -> None:
    found = read_file(shared_data / "magento" / "simple" / f"products_gear_{name}.csv")
    assert (found.format, len(found.rows), found.errors) == ("magento", products, [])
    assert len({row.handle for row in found.rows}) == products
    assert sum(len(row.images or ()) for row in found.rows) == pictures
    assert all(row.categories[0] == ("Gear", name.replace("_", " ").title()) for row in found.rows)


def test_a_walk_down_the_category_tree_starts_again_after_a_leaf(shared_data: Path, read_file) -> None:
    found = read_file(shared_data / "magento" / "simple" / "products_gear_fitness_equipment.csv")
    grips = next(row for row in found.rows if row.sku == "24-UG05")
    assert grips.categories == (
        ("Gear", "Fitness Equipment"),
        ("Promotions", "Erin Recommends New"),
        ("Collections", "New Luma Yoga Collection"),
        ("Collections", "Erin Recommends"),
    )
    assert grips.attributes["material"] == "Plastic|Rubber"
    assert grips.attributes["new"] == "Yes"


def test_an_entity_in_a_name_becomes_its_character(shared_data: Path, read_file) -> None:
    found = read_file(shared_data / "magento" / "simple" / "products_gear_fitness_equipment.csv")
    assert "Pursuit Lumaflex™ Tone Band" in {row.title for row in found.rows}


def test_a_sale_price_is_the_price_only_when_it_is_lower(shared_data: Path, read_file) -> None:
    found = read_file(shared_data / "magento" / "simple" / "products_gear_bags.csv")
    prices = {row.sku: (str(row.price), row.compare_at_price and str(row.compare_at_price)) for row in found.rows}
    assert prices["24-WB05"] == ("24.00", "32.00")
    assert prices["24-MB04"] == ("32.00", None)


def test_a_bundle_is_refused_with_a_sentence(shared_data: Path, read_file) -> None:
    found = read_file(shared_data / "magento" / "bundle" / "yoga_bundle.csv")
    assert not found.rows
    assert "is a choice of 3 things" in found.errors[0].reason
