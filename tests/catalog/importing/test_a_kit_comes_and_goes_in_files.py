"""Kits in native files and in Magento's: read, refused with a reason, exported and read again, taken back."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from oscar.apps.partner.models import StockRecord

from catalog.importing.apply import import_file, preview_import
from catalog.importing.export import export_products
from catalog.importing.import_work import ImportOptions
from catalog.importing.undo import undo_import
from catalog.kits.contents import contents_of
from catalog.kits.writing import KitRecipe, write_kits
from catalog.models import Kit
from inventory.availability import saleable

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CA03")]

PARTS = "handle,sku,title,price,stock,components,kit_percent_off\ncup,CUP,Cup,10.00,9,,\npot,POT,Pot,40.00,4,,\n"


def bring(folder: Path, text: str, name: str = "products.csv", **how: object) -> object:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return import_file(ImportOptions(path=path, actor_name="test", **how), watch=lambda change: None)


def record(sku: str) -> StockRecord:
    return StockRecord.objects.get(partner_sku=sku)


def test_parts_above_the_kit_make_it_and_its_price_follows_them(tmp_path: Path) -> None:
    report = bring(tmp_path, PARTS + "tea,TEA,Tea for two,1.00,,CUP*2|POT,10\n")
    assert (report.created, report.failed) == (3, 0)
    kit = contents_of([record("TEA").pk])[record("TEA").pk]
    assert [(part.sku, part.quantity) for part in kit.parts] == [("CUP", 2), ("POT", 1)]
    assert record("TEA").price == Decimal("54.00")
    assert saleable(record("TEA").pk) == 4
    again = bring(tmp_path, PARTS + "tea,TEA,Tea for two,1.00,,CUP*2|POT,10\n", "again.csv")
    assert (again.unchanged, again.updated) == (3, 0)
    recipe = KitRecipe(stock_record_id=record("TEA").pk, parts={record("CUP").pk: 1}, percent_off=Decimal(10))
    write_kits([recipe], actor_name="staff", reason="smaller")
    third = bring(tmp_path, PARTS + "tea,TEA,Tea for two,1.00,,CUP*2|POT,10\n", "third.csv")
    assert (third.unchanged, third.updated) == (2, 1), "the file's kit is not the shop's any more"
    bring(tmp_path, "sku,price\nCUP,20.00\n", "prices.csv", kind="prices")
    assert record("TEA").price == Decimal("72.00")


def test_export_then_import_changes_nothing_even_into_an_order_of_its_own(tmp_path: Path) -> None:
    bring(tmp_path, PARTS)
    bring(tmp_path, "handle,sku,title,price,components\nfixed,FIX,Fixed,45.00,POT*1|CUP*1\n", "fixed.csv")
    bring(tmp_path, "handle,sku,title,price,components,kit_percent_off\na-set,SET,A set,0,CUP*6,12.5\n", "set.csv")
    target = tmp_path / "export.csv"
    export_products(target)
    rows = list(csv.DictReader(target.open(encoding="utf-8", newline="")))
    assert [(row["sku"], row["components"], row["kit_percent_off"]) for row in rows] == [
        ("CUP", "", ""),
        ("POT", "", ""),
        ("FIX", "POT*1|CUP*1", ""),
        ("SET", "CUP*6", "12.50"),
    ]
    report = bring(tmp_path, target.read_text(encoding="utf-8"), "again.csv")
    assert (report.unchanged, report.updated, report.created, report.failed) == (4, 0, 0, 0)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("tea,TEA,Tea,1,,CUP*2|GONE,", "There is no SKU GONE in the shop."),
        ("tea,TEA,Tea,1,,TEA*2,", "cannot be a part of itself"),
        ("tea,TEA,Tea,1,,CUP*0,", "is not a part of a kit. Expected SKU*units"),
        ("tea,TEA,Tea,1,,CUP|CUP*2,", "CUP is named twice"),
        ("tea,TEA,Tea,1,5,CUP*2,", "A kit has no stock of its own"),
        ("tea,TEA,Tea,1,,,10", "Only a kit has a percentage off"),
        ("tea,TEA,Tea,1,,CUP*2,120", "Expected a percentage from 0 to 100"),
        ("tea,TEA,Tea,1,,OLD*1,", "OLD is a kit itself"),
        ("cup,CUP,Cup,10,0,POT*1,", "is a part of another kit"),
    ],
)
def test_what_cannot_be_a_kit_gets_a_sentence_and_nothing_is_written(tmp_path: Path, row: str, reason: str) -> None:
    bring(tmp_path, PARTS + "old,OLD,Old kit,5.00,,CUP*3,\n")
    path = tmp_path / "bad.csv"
    path.write_text(PARTS.splitlines()[0] + "\n" + row + "\n", encoding="utf-8")
    report = import_file(ImportOptions(path=path, actor_name="test"), watch=lambda change: None)
    assert report.failed == 1
    assert reason in report.errors[0].reason
    assert list(Kit.objects.values_list("stock_record__partner_sku", flat=True)) == ["OLD"]


def test_a_kit_is_taken_back_and_taken_back_again(tmp_path: Path) -> None:
    bring(tmp_path, PARTS + "tea,TEA,Tea,30.00,,,\n")
    report = bring(tmp_path, PARTS.splitlines()[0] + "\ntea,TEA,Tea,,,CUP*2|POT*1,50\n", "kit.csv")
    assert record("TEA").price == Decimal("30.00")
    assert Kit.objects.count() == 1
    undo = undo_import(report.import_id, actor_name="test", progress=lambda number: None)
    assert (Kit.objects.count(), record("TEA").price, undo.left_alone) == (0, Decimal("30.00"), [])
    undo_import(undo.import_id, actor_name="test", progress=lambda number: None)
    assert contents_of([record("TEA").pk])[record("TEA").pk].percent_off == 50


def test_an_import_of_parts_that_a_kit_needs_by_now_is_not_torn_out(tmp_path: Path) -> None:
    parts = bring(tmp_path, "handle,sku,title,price\ncup,CUP,Cup,10.00\n", "parts.csv")
    bring(tmp_path, "handle,sku,title,price,components\ntea,TEA,Tea,30.00,CUP*2\n", "kit.csv")
    undone = undo_import(parts.import_id, actor_name="test", progress=lambda number: None)
    assert (undone.removed, undone.withdrawn) == (0, 1)
    assert Kit.objects.get().parts.count() == 1


MAGENTO = "sku,product_type,name,price,qty,bundle_price_type,bundle_values,url_key\n"
SIMPLE = "B1,simple,Ball,23.00,8,,,ball\nS1,simple,Strap,14.00,9,,,strap\n"


def test_a_magento_bundle_without_a_choice_is_a_kit(tmp_path: Path) -> None:
    bundle = (
        'KIT,bundle,Companion kit,,0,dynamic,"name=Ball,type=select,required=1,sku=B1,price=0,default_qty=1.0000|'
        'name=Strap,type=select,required=1,sku=S1,price=0,default_qty=2.0000",kit\n'
    )
    report = bring(tmp_path, MAGENTO + SIMPLE + bundle, format_name="magento")
    assert (report.created, report.errors) == (3, [])
    assert record("KIT").price == Decimal("51.00")
    assert saleable(record("KIT").pk) == 4


def test_a_magento_bundle_that_leaves_a_choice_is_refused_with_the_reason(tmp_path: Path, shared_data: Path) -> None:
    bundle = 'KIT,bundle,Kit,,0,dynamic,"name=Ball,required=1,sku=B1|name=Ball,required=1,sku=S1",kit\n'
    report = bring(tmp_path, MAGENTO + SIMPLE + bundle, format_name="magento")
    assert "“Ball” is a choice of 2 things" in report.errors[0].reason
    yoga = shared_data / "magento" / "bundle" / "yoga_bundle.csv"
    found = preview_import(ImportOptions(path=yoga, actor_name="test"), watch=lambda change: None)
    assert (found.rows, found.failed) == (1, 1)
    assert found.errors[0].reason.startswith("“Sprite Stasis Ball” is a choice of 3 things.")
    assert "make a kit for each combination" in found.errors[0].reason
