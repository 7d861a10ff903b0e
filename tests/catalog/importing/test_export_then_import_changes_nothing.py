"""The catalogue as a file, imported again: not one row changes, whatever kinds of product and attribute there are."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from oscar.apps.catalogue.models import (
    AttributeOption,
    AttributeOptionGroup,
    Product,
    ProductAttribute,
    ProductAttributeValue,
    ProductClass,
)

from catalog.importing.export import export_products, list_rows
from catalog.importing.undo import undo_import
from catalog.media.records import MediaFile, ProductMedia
from tests import shopfloor

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE05")]


def test_the_sample_catalogues_come_back_unchanged(shared_data: Path, run_import, tmp_path: Path) -> None:
    for name in ("shopify/packt_product_data.csv", "woocommerce/sample_products.csv"):
        run_import(shared_data / name)
    run_import(shared_data / "magento" / "simple" / "products_gear_bags.csv", images=shared_data / "magento" / "images")
    file = tmp_path / "export.csv"
    assert export_products(file) == 21 + 20 + 14
    report = run_import(file)
    assert (report.rows, report.unchanged, report.failed, report.notes) == (55, 55, 0, [])


RICH = (
    "handle,sku,title,description,product_class,brand,categories,tags,gtin,price,compare_at_price,cost,currency,tax_class,"
    "weight_kg,stock,option1_name,option1_value,option2_name,option2_value,option3_name,option3_value,attribute:care,published\n"
    'mug,MUG;1,"The ""old"" mug; _x000D_","<p>Line one</p>\n<p>two; | > \\</p>",Crockery,"A, B",Home > Mugs|Gifts > A\\|B,'
    '"x|y, z",4006381333931,5.05,8,2.1234,EUR,reduced,0.123,3,,,,,,,"=SUM(1)",true\n'
    "sock,SOCK-1,Sock,,Clothes,,Clothes,,,7,,,EUR,,0.1,4,Size,S,Colour,Red,Yarn,Wool,Wash,true\n"
    "sock,SOCK-2,Long sock,<p>Long</p>,Clothes,,Clothes,,,8,9,,EUR,,0.2,0,Size,M,Colour,Red,Yarn,Wool,Dry,false\n"
    "sock,007,Sock,,Clothes,,Clothes,,,1000,,,EUR,,0.2,,Size,L,Colour,1e5,Yarn,2024-01-01,Wash,true\n"
    "hat,HAT,Hat,,Clothes,,,,,9,,,EUR,,,,,,,,,,,false\n"
)


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "xlsx"])
def test_every_kind_of_product_and_every_column_comes_back(run_import, tmp_path: Path, suffix: str) -> None:
    assert run_import(RICH).created == 5
    shopfloor.make_location("second", priority=50)
    stock = "sku,location,quantity\nMUG;1,second,8\nSOCK-1,second,0\nSOCK-2,second,2\n"
    assert run_import(stock, kind="stock").updated == 2
    file = tmp_path / f"export.{suffix}"
    assert export_products(file) == 5
    before = list(list_rows())
    for _ in range(2):
        report = run_import(file)
        assert (report.rows, report.unchanged, report.failed, report.errors) == (5, 5, 0, [])
    assert list(list_rows()) == before


def test_an_export_fills_an_empty_shop_with_the_same(run_import, tmp_path: Path) -> None:
    report = run_import(RICH)
    file = tmp_path / "export.xlsx"
    export_products(file)
    before = [replace(row, stock=row.stock or None, location=None) for row in list_rows()]
    undo_import(report.import_id, actor_name="test", progress=lambda count: None)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalogue_product SET slug = 'old-' || slug, upc = NULL")
        cursor.execute("UPDATE partner_stockrecord SET partner_sku = 'old-' || partner_sku")
    assert run_import(file).created == 5
    after = [row for row in list_rows() if not row.handle.startswith("old-")]
    assert [replace(row, stock=row.stock or None, location=None) for row in after] == before


def test_text_that_a_file_would_read_differently_still_counts_as_unchanged(run_import, tmp_path: Path) -> None:
    run_import("handle,sku,title,price,brand,tags\nmug,-MUG,'=Mug,5,'-,@a|b\nsock,SO CK,Sock,5,,\n")
    Product.objects.filter(slug="mug").update(
        title="  =Big   mug ", description="Salt & pepper\n<b>5 < 6", upc="not-a-gtin"
    )
    Product.objects.filter(slug="sock").update(is_public=False)
    file = tmp_path / "export.csv"
    export_products(file)
    report = run_import(file)
    assert (report.rows, report.unchanged, report.failed) == (2, 2, 0)


def test_attributes_of_every_type_come_back(run_import, tmp_path: Path) -> None:
    run_import("handle,sku,title,price,product_class\nmug,MUG,Mug,5,Crockery\n")
    mug, crockery = Product.objects.get(slug="mug"), ProductClass.objects.get(name="Crockery")
    group = AttributeOptionGroup.objects.create(name="Colours")
    red, blue = (AttributeOption.objects.create(group=group, option=name) for name in ("red", "blue"))
    values = {
        "text": {"value_text": "a|b"},
        "richtext": {"value_richtext": "<p>Hi</p>"},
        "integer": {"value_integer": 7},
        "boolean": {"value_boolean": True},
        "float": {"value_float": 0.125},
        "date": {"value_date": "2026-01-31"},
        "option": {"value_option": red},
        "multi_option": {},
    }
    for kind, value in values.items():
        attribute = ProductAttribute.objects.create(
            product_class=crockery,
            code=f"a_{kind}",
            name=kind,
            type=kind,
            option_group=group if "option" in kind else None,
        )
        stored = ProductAttributeValue.objects.create(product=mug, attribute=attribute, **value)
        if kind == "multi_option":
            stored.value_multi_option.set([red, blue])
    file = tmp_path / "export.csv"
    export_products(file)
    assert run_import(file).unchanged == 1
    text = file.read_text(encoding="utf-8")
    changed = (
        text.replace("blue|red", "blue|green").replace("0.125", "0.5").replace(",7,", ",8,").replace(",Yes", ",no")
    )
    assert run_import(changed).updated == 1
    mug = Product.objects.get(slug="mug")
    assert (mug.attr.a_float, mug.attr.a_integer, mug.attr.a_boolean, mug.attr.a_option.option) == (
        0.5,
        8,
        False,
        "red",
    )
    assert sorted(option.option for option in mug.attr.a_multi_option) == ["blue", "green"]
    broken = run_import(text.replace(",7,", ",seven,"))
    assert "is not a whole number" in broken.errors[0].reason


def test_a_shop_without_the_pictures_gets_them_from_the_folder_of_the_export(
    shared_data: Path, run_import, tmp_path: Path, settings
) -> None:
    run_import(
        shared_data / "magento" / "simple" / "products_gear_watches.csv", images=shared_data / "magento" / "images"
    )
    call_command("export_products", str(tmp_path / "out" / "shop.csv"), "--images", str(tmp_path / "out" / "images"))
    assert len(list((tmp_path / "out" / "images").iterdir())) == 5
    settings.MEDIA_ROOT = tmp_path / "elsewhere"
    ProductMedia.objects.all().delete()
    MediaFile.objects.all().delete()
    report = run_import(tmp_path / "out" / "shop.csv")
    assert (report.updated, report.unchanged, report.failed, report.notes) == (5, 4, 0, [])
    assert MediaFile.objects.count() == 5
