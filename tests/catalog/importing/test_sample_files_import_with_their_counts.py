"""The sample files of three shops land in the database with the counts of their readers; again, nothing changes."""

from pathlib import Path

import pytest
from django.db import connection
from oscar.apps.catalogue.models import Category, Product, ProductAttributeValue, ProductClass
from oscar.apps.partner.models import StockRecord

from catalog.media.records import MediaFile, ProductMedia
from catalog.pricing.current import prices_for
from catalog.pricing.records import PriceChange
from catalog.search.records import SearchDocument
from catalog.variants import VariantAxis

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE08")]


def count_products() -> tuple[int, int, int]:
    """Stand-alone products, parents, variants."""
    return tuple(Product.objects.filter(structure=kind).count() for kind in ("standalone", "parent", "child"))


def test_shopify(shared_data: Path, run_import) -> None:
    file = shared_data / "shopify" / "packt_product_data.csv"
    first = run_import(file)
    assert (first.rows, first.products, first.created, first.failed) == (21, 20, 21, 0)
    assert count_products() == (19, 1, 2)
    assert Category.objects.count() == 2
    assert set(ProductClass.objects.values_list("name", "track_stock")) == {  # One product of the file has a tracker.
        ("Indoor (not counted)", False),
        ("Outdoor (not counted)", False),
        ("Outdoor", True),
    }
    assert SearchDocument.objects.count() == 20
    assert PriceChange.objects.count() == 21
    gloves = StockRecord.objects.get(partner_sku="gardening-gloves-yellow")
    assert (str(gloves.price), gloves.num_in_stock, gloves.product.parent.title) == ("15.99", 3, "Gardening Gloves")
    lamp = StockRecord.objects.get(partner_sku="floor-lamp")
    assert str(prices_for([lamp.pk])[lamp.pk].compare_at) == "85.00"
    assert SearchDocument.objects.get(slug="floor-lamp").brand == "Company 123"
    again = run_import(file)
    assert (again.rows, again.unchanged) == (21, 21)


def test_woocommerce(shared_data: Path, run_import) -> None:
    file = shared_data / "woocommerce" / "sample_products.csv"
    first = run_import(file)
    assert (first.rows, first.products, first.created, first.failed) == (22, 13, 20, 2)
    assert count_products() == (11, 2, 9)
    assert set(Category.objects.values_list("name", "depth")) == {
        ("Clothing", 1),
        ("Music", 1),
        ("Accessories", 2),
        ("Hoodies", 2),
        ("Tshirts", 2),
    }
    axes = VariantAxis.objects.filter(product__slug="hoodie").values_list("name", flat=True)
    assert list(axes) == ["Color", "Logo"]
    again = run_import(file)
    assert (again.unchanged, again.failed) == (20, 2)


def test_magento(shared_data: Path, run_import) -> None:
    file = shared_data / "magento" / "configurable_products_men.csv"
    first = run_import(file)
    assert (first.rows, first.products, first.created, first.failed) == (910, 72, 910, 0)
    assert count_products() == (0, 72, 910)
    # 12 paths name 12 leaves below Men, Men > Tops, Men > Bottoms, Collections and Promotions.
    assert Category.objects.count() == 12 + 5
    assert set(ProductClass.objects.values_list("name", flat=True)) == {"Top", "Bottom"}
    assert ProductAttributeValue.objects.filter(attribute__code="size").count() == 910
    assert ProductAttributeValue.objects.filter(attribute__code="material", product__structure="parent").count() == 72
    assert sum(StockRecord.objects.values_list("num_in_stock", flat=True)) == 91_000
    # Of the 326 pictures named, 45 lie in the images folder: comm -12 of both sorted lists of names.
    assert MediaFile.objects.count() == 45
    assert ProductMedia.objects.filter(product__structure="parent").exists()
    assert any("281 pictures are not in the images folder" in note for note in first.notes)
    again = run_import(file)
    assert (again.rows, again.unchanged) == (910, 910)


def test_the_files_of_magentos_sample_data(shared_data: Path, run_import) -> None:
    for name, products in (("bags", 14), ("fitness_equipment", 9), ("watches", 9)):
        file = shared_data / "magento" / "simple" / f"products_gear_{name}.csv"
        first = run_import(file)
        assert (first.created, first.products, first.failed) == (products, products, 0)
        assert run_import(file).unchanged == products
    assert count_products() == (32, 0, 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalogue_productattributevalue WHERE value_text LIKE '%%|%%'")
        assert cursor.fetchone()[0] > 100
