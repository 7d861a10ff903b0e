"""The Shopify sample gives the counts that a careful reader of the file finds.

Counted without our reader:
  handles    awk -F, 'NR>1 && /^[a-z0-9-]+,/{print $1}' packt_product_data.csv | sort -u | wc -l        20
  variants   grep -c 'deny,manual' packt_product_data.csv  (every variant row has this policy and service)  21
  pictures   grep -o 'https://cdn[^?]*' packt_product_data.csv | sort -u | wc -l                        21
  types      grep -oE ',(Indoor|Outdoor),' packt_product_data.csv | sort | uniq -c                      13 and 7
  sale       grep -cE 'deny,manual,[0-9.]+,[0-9.]+,' packt_product_data.csv  (a compare-at price)       16
  units      sum of the numbers before ',deny,manual'                                                   65
"""

from pathlib import Path

import pytest


@pytest.mark.feature("IE08")
def test_the_sample_has_20_products_21_variants_and_21_pictures(shared_data: Path, read_file) -> None:
    found = read_file(shared_data / "shopify" / "packt_product_data.csv")
    assert (found.format, len(found.rows), found.errors) == ("shopify", 21, [])
    assert len({row.handle for row in found.rows}) == 20
    assert len({row.sku for row in found.rows}) == 21
    pictures = {name for row in found.rows for name in (*(row.images or ()), *(row.gallery or ()))}
    assert len(pictures) == 21
    firsts = {row.handle: row.categories for row in found.rows}.values()
    assert sorted(category[0][0] for category in firsts) == ["Indoor"] * 13 + ["Outdoor"] * 7
    assert sum(row.compare_at_price is not None for row in found.rows) == 16
    assert sum(row.stock for row in found.rows) == 65


def test_a_second_row_of_a_handle_is_a_variant_with_its_own_price(shared_data: Path, read_file) -> None:
    found = read_file(shared_data / "shopify" / "packt_product_data.csv")
    gloves = [row for row in found.rows if row.handle == "gardening-gloves"]
    assert [(row.options, str(row.price), row.title, row.stock) for row in gloves] == [
        ((("Color", "Green"),), "9.99", "Gardening Gloves", 1),
        ((("Color", "Yellow"),), "15.99", "Gardening Gloves", 3),
    ]
    assert [row.sku for row in gloves] == ["gardening-gloves-green", "gardening-gloves-yellow"]
    assert len(gloves[0].gallery) == 2
    assert gloves[0].old_path == "/products/gardening-gloves"
