"""The Bagisto samples give the counts that a careful reader of the files finds.

Counted without our reader, by the csv module over products.csv (11 rows, 38 columns):
  types      Counter(row["type"])                                8 simple, 1 grouped, 1 bundle, 1 configurable
  so         8 sellable SKUs of 5 products (4 alone, 1 configurable with the 4 rows that have a parent_sku)
  units      sum of the numbers in inventories of the 8          800
  prices     sum of price of the 8                               146.00  (the special prices ended in 2024)
  pictures   names in images of the 8 and of the configurable    1-4, 6-8, 9-12: 11 different ones
"""

from decimal import Decimal
from pathlib import Path

import pytest
from oscar.apps.catalogue.models import Product

from shop.redirects.resolve import resolve_redirect

HEADER = (
    "sku,parent_sku,locale,attribute_family_code,type,name,price,url_key,inventories,configurable_variants,colour\n"
)


@pytest.mark.feature("IE08")
@pytest.mark.parametrize("ending", ["csv", "xls", "xlsx"])
def test_the_sample_has_8_skus_of_5_products_and_2_rows_that_cannot_be_sold(
    shared_data: Path, read_file, ending: str
) -> None:
    found = read_file(shared_data / "bagisto" / f"products.{ending}")
    assert (found.format, len(found.rows), len({row.handle for row in found.rows})) == ("bagisto", 8, 5)
    assert [(error.line, error.value) for error in found.errors] == [(6, "grouped"), (7, "bundle")]
    assert sum(row.stock for row in found.rows) == 800
    assert sum(row.price for row in found.rows) == Decimal("146.00")
    pictures = {name for row in found.rows for name in (*(row.images or ()), *(row.gallery or ()))}
    assert len(pictures) == 11
    jackets = [row for row in found.rows if row.options]
    assert {row.title for row in jackets} == {"OmniHeat Men's Solid Hooded Puffer Jacket"}
    assert [row.options for row in jackets] == [
        (("Color", colour), ("Size", size)) for colour in ("Yellow", "Green") for size in ("M", "L")
    ]
    assert {row.categories for row in found.rows} == {(("Men", "Winter Wear"),)}


def test_a_type_that_does_not_exist_is_refused_and_the_rest_read(shared_data: Path, read_file) -> None:
    found = read_file(shared_data / "bagisto" / "products-with-errors.csv")
    assert [row.sku for row in found.rows] == ["E2E-VALID-001"]
    assert [(error.line, error.column, error.value) for error in found.errors] == [(3, "type", "not-a-product-type")]


def test_a_translation_is_left_out_and_own_columns_are_attributes(read_bytes) -> None:
    found = read_bytes(
        HEADER
        + "A,,de,default,simple,Becher,5,becher,default=1,,\n"
        + 'A,,en,shoes,simple,Mug,5,mug,"default=1,north=2",,Blue\n'
        + "B,,en,default,booking,Room,5,room,,,\n"
        + "C,X,en,default,simple,Cap,5,cap,,,\n"
    )
    assert [(row.title, row.stock, row.product_class, dict(row.attributes)) for row in found.rows] == [
        ("Mug", 3, "shoes", {"colour": "Blue"})
    ]
    assert [error.column for error in found.errors] == ["type", "parent_sku"]


def test_variants_before_their_product_and_choices_that_are_missing(read_bytes) -> None:
    found = read_bytes(
        HEADER
        + "V1,P,en,default,simple,Shirt M,5,shirt-m,default=1,,\n"
        + "V2,P,en,default,simple,Shirt L,5,shirt-l,default=1,,\n"
        + 'P,,en,default,configurable,Shirt,,shirt,,"sku=V1,size=M|sku=V3,size=S",\n'
    )
    assert [(row.sku, row.handle, row.options) for row in found.rows] == [("V1", "shirt", (("Size", "M"),))]
    assert [error.column for error in found.errors] == ["configurable_variants", "configurable_variants"]
    assert "V3" in found.errors[1].reason


@pytest.mark.django_db
@pytest.mark.feature("IE08")
def test_the_sample_lands_again_unchanged_and_its_old_addresses_lead_on(shared_data: Path, run_import) -> None:
    file = shared_data / "bagisto" / "products.csv"
    first = run_import(file)
    assert (first.rows, first.created, first.failed, first.products) == (10, 8, 2, 5)
    assert Product.objects.filter(structure="parent").count() == 1
    assert resolve_redirect("/arctic-cozy-knit-unisex-beanie") == "/p/arctic-cozy-knit-unisex-beanie/"
    again = run_import(file)
    assert (again.unchanged, again.failed) == (8, 2)
