"""The Spree sample gives the counts that a careful reader of the file finds.

Counted without our reader, by the csv module over products.csv (211 rows, 39 columns):
  products   len({row["slug"]})                          37, each with one row that has a name
  variants   rows with an option1_value                  174 = 87 SKUs, once in USD and once in EUR
  prices     sum of price of the 87 in EUR               15,919.17;  of the 87 in USD 16,949.13
  units      sum of inventory_count of the 87 in USD     435,000 (the EUR rows leave it empty)
  weights    weight of the first variant                 19.8 lb = 8.981 kg
"""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.importing.detect import read_rows
from catalog.importing.source import open_source

HEADER = "slug,sku,name,price,currency,status,available_on,option1_name,option1_value,option2_name,option2_value\n"


@pytest.mark.feature("IE08")
def test_the_sample_has_37_products_with_87_variants_priced_in_the_shops_currency(shared_data: Path, read_file) -> None:
    file = shared_data / "spree" / "products.csv"
    found = read_file(file)
    assert (found.format, len(found.rows), found.errors) == ("spree", 87, [])
    assert len({row.handle for row in found.rows}) == 37
    assert {row.currency for row in found.rows} == {"EUR"}
    assert sum(row.price for row in found.rows) == Decimal("15919.17")
    assert sum(row.stock for row in found.rows) == 435_000
    first = found.rows[0]
    assert (str(first.weight_kg), first.options, first.old_path) == (
        "8.981",
        (("Color", "Matte Black"),),
        "/products/automatic-espresso-machine",
    )
    assert first.categories == (("Kitchen", "Coffee Machines"),)
    assert (first.attributes["wattage"], first.attributes["width"]) == ("1400W", "13.8 in")
    assert (len(first.images), len(first.gallery)) == (1, 1)


def test_another_shops_currency_gets_the_other_rows(shared_data: Path) -> None:
    file = shared_data / "spree" / "products.csv"
    rows = list(read_rows(open_source(file), name="spree", currency="USD"))
    with file.open(newline="", encoding="utf-8") as text:
        counted = [row for row in csv.DictReader(text) if row["option1_value"] and row["currency"] == "USD"]
    assert {row.sku: row.price for row in rows} == {row["sku"]: Decimal(row["price"]) for row in counted}


def test_products_without_variants_drafts_and_two_options(read_bytes) -> None:
    found = read_bytes(
        HEADER
        + "mug,MUG,Mug,5,EUR,active,,,,,\n"
        + "hat,HAT,Hat,5,EUR,draft,,,,,\n"
        + "cup,CUP,Cup,5,EUR,active,2999-01-01,,,,\n"
        + "tee,,,9,EUR,,,Size,L,Colour,Red\n"
        + "tee,TEE,Tee,0,EUR,active,,,,,\n"
        + "cap,CAP-1,,9,EUR,,,Size,L,,\n"
    )
    assert [(row.sku, row.published, len(row.options)) for row in found.rows] == [
        ("MUG", True, 0),
        ("HAT", False, 0),
        ("CUP", False, 0),
        ("tee-l-red", True, 2),
    ]
    assert [(error.line, error.column) for error in found.errors] == [(7, "name")]


@pytest.mark.django_db
def test_the_sample_lands_again_unchanged(shared_data: Path, run_import) -> None:
    file = shared_data / "spree" / "products.csv"
    first = run_import(file)
    assert (first.created, first.products, first.failed) == (87, 37, 0)
    assert run_import(file).unchanged == 87
