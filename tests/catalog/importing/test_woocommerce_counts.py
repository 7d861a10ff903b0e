"""The WooCommerce sample gives the counts that a careful reader of the file finds.

Counted without our reader:
  types       grep -oE '^[0-9]+,("[^"]*"|[a-z]+)' sample_products.csv | cut -d, -f2- | sort | uniq -c
              2 variable, 9 variation, 9 simple, 2 "simple, downloadable, virtual", 1 grouped, 1 external
  so          20 sellable SKUs (9 + 9 + 2) of 13 products (9 + 2 + 2 variable); 2 rows that are not sold here
  categories  grep -oE 'Clothing > [A-Za-z]+|,Music,' … | sort -u                Accessories, Hoodies, Tshirts, Music
  pictures    grep -oE 'https://classiccommerce[^,"]*' … | sort -u | wc -l       22, of which 2 only on the refused rows
  sales       read by eye: cc-beanie 18/20, cc-belt 55/65, cc-cap 16/18, cc-hoodie-with-pocket 35/45, cc-single 2/3,
              cc-hoodie-red 42/45
"""

from pathlib import Path

import pytest

SALES = {
    "cc-beanie": ("18.00", "20.00"),
    "cc-belt": ("55.00", "65.00"),
    "cc-cap": ("16.00", "18.00"),
    "cc-hoodie-with-pocket": ("35.00", "45.00"),
    "cc-single": ("2.00", "3.00"),
    "cc-hoodie-red": ("42.00", "45.00"),
}


@pytest.mark.feature("IE08")
def test_the_sample_has_13_products_20_skus_and_2_rows_that_cannot_be_sold(shared_data: Path, read_file) -> None:
    found = read_file(shared_data / "woocommerce" / "sample_products.csv")
    assert (found.format, len(found.rows)) == ("woocommerce", 20)
    assert len({row.handle for row in found.rows}) == 13
    assert [error.value for error in found.errors] == ["grouped", "external"]
    assert {path for row in found.rows for path in row.categories} == {
        ("Clothing", "Accessories"),
        ("Clothing", "Hoodies"),
        ("Clothing", "Tshirts"),
        ("Music",),
    }
    pictures = {name for row in found.rows for name in (*(row.images or ()), *(row.gallery or ()))}
    assert len(pictures) == 20
    sales = {row.sku: (str(row.price), str(row.compare_at_price)) for row in found.rows if row.compare_at_price}
    assert sales == SALES


def test_variations_take_title_categories_and_gallery_from_their_product(shared_data: Path, read_file) -> None:
    found = read_file(shared_data / "woocommerce" / "sample_products.csv")
    hoodies = [row for row in found.rows if row.handle == "hoodie"]
    assert len(hoodies) == 6
    assert {row.title for row in hoodies} == {"Hoodie"}
    assert {row.options for row in hoodies} == {
        (("Color", colour), ("Logo", logo)) for colour in ("Red", "Green", "Blue") for logo in ("Yes", "No")
    }
    assert {len(row.gallery) for row in hoodies} == {4}
    tees = [row for row in found.rows if row.handle == "t-shirt"]
    assert [row.options for row in tees] == [(("Color", colour),) for colour in ("Blue", "Green", "Red")]
    assert {row.attributes["size"] for row in tees} == {"Large|Medium|Small"}


def test_a_hidden_product_of_woocommerce_is_still_sold_and_a_draft_is_not(read_bytes) -> None:
    found = read_bytes(
        "ID,Type,SKU,Name,Published,Regular price,Parent\n1,simple,A,Mug,0,5,\n2,simple,B,Mug,1,5,\n3,variation,C,x,1,5,id:9\n"
    )
    assert [(row.sku, row.handle, row.published) for row in found.rows] == [("A", "mug", False), ("B", "mug-b", True)]
    assert "is not in the file" in found.errors[0].reason
