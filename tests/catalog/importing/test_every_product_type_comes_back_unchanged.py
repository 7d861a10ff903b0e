"""One of every kind of product the shop knows, exported and imported again: nothing changes; taken elsewhere: the same."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from oscar.apps.catalogue.models import Product

from catalog.digital.records import DigitalFile, ProductFile
from catalog.digital.store import store_file
from catalog.importing.export import export_products, list_rows
from catalog.importing.undo import undo_import
from catalog.logistics import Logistics, set_logistics
from catalog.personal.records import TextRule
from catalog.personal.writing import write_rule
from catalog.publication.records import Publication
from catalog.safety.records import Party, ProductSafety, SafetyDocument
from tests.shopfloor import make_location

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE05")]

EVERY_TYPE = (
    "handle,sku,title,price,product_class,stock,option1_name,option1_value,components,kit_percent_off,files,publish_from,"
    "publish_to,maker,responsible_person,safety_warnings,safety_documents,personalisation,hs_code,origin,length_mm,"
    "width_mm,height_mm,published\n"
    # Stand-alone, with every fact.
    'vase,VASE,Vase,25,Ceramics,4,,,,,,2026-11-27 08:00,2027-01-06 00:00,"Olaria ""Sul""",Import & Co,'
    '"Breaks.\nDo not throw; | \\ either.",Manual=https://docs.example/v.pdf?a=b|Sheet \\| 2=https://docs.example/s.pdf,'
    "Card|Engraving,6912.00,PT,120,110,300,true\n"
    # Variants: facts of the product, one variant's own.
    "throw,THROW-S,Throw,60,Textiles,3,Size,S,,,,,,Weavery,,,,Engraving,630130,IE,400,300,80,true\n"
    "throw,THROW-L,Throw,90,Textiles,0,Size,L,,,,,,Weavery,,,,Engraving,630130,IE,500,300,90,true\n"
    # Kits: at a price of its own, and one that follows its parts.
    "set,SET,Set,80,Ceramics,,,,VASE*2|THROW-S,,,,,,,,,,,,,,,true\n"
    "pair,PAIR,Pair,45,Ceramics,,,,VASE*2,10,,,,,,,,,,,,,,true\n"
    # Digital: alone, and as variants with a file each beside the whole product's.
    "guide,GUIDE,Guide,9,Download,,,,,,guide.pdf|notes.txt,,,,,,,,,,,,,true\n"
    "book,BOOK-PDF,Book,12,Download,,Format,PDF,,,book.pdf||notes.txt,,,,,,,,,,,,,true\n"
    "book,BOOK-EPUB,Book,12,Download,,Format,EPUB,,,book.epub,,,,,,,,,,,,,false\n"
    # Hidden, with nothing beside the needed cells.
    "bare,BARE,Bare,5,,,,,,,,,,,,,,,,,,,,false\n"
)


@pytest.fixture
def names(settings: Any, tmp_path: Path) -> None:
    """What a file names and does not bring: files for sale, personalisations, a place."""
    settings.GOODS_ROOT = tmp_path / "goods"
    make_location()
    for name, content in {
        "guide.pdf": b"%PDF-1.7 guide", "book.pdf": b"%PDF-1.7 book", "book.epub": b"PK\x03\x04 book", "notes.txt": b"Hello",
    }.items():  # fmt: skip
        store_file(name=name, chunks=[content], actor=None)
    for name in ("Engraving", "Card"):
        write_rule(TextRule(), name=name, help_text="", is_required=False, product_ids=[])


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "xlsx"])
def test_nothing_changes_whatever_the_type(names: None, run_import: Any, tmp_path: Path, suffix: str) -> None:
    first = run_import(EVERY_TYPE)
    assert (first.created, first.errors) == (9, [])
    before = list(list_rows())
    file = tmp_path / f"export.{suffix}"
    assert export_products(file) == 9
    for _ in range(2):
        report = run_import(file)
        assert (report.rows, report.unchanged, report.errors) == (9, 9, [])
    assert list(list_rows()) == before


def test_every_fact_is_where_the_shop_reads_it(names: None, run_import: Any) -> None:
    run_import(EVERY_TYPE)
    vase = Product.objects.get(slug="vase")
    assert (vase.safety.maker.name, vase.safety.responsible.name) == ('Olaria "Sul"', "Import & Co")
    assert vase.safety.warnings == "Breaks.\nDo not throw; | \\ either."
    assert list(SafetyDocument.objects.order_by("position").values_list("title", "url")) == [
        ("Manual", "https://docs.example/v.pdf?a=b"), ("Sheet | 2", "https://docs.example/s.pdf"),
    ]  # fmt: skip
    assert (vase.publication.publish_from.isoformat(), str(vase.publication.publish_to.tzinfo)) == (
        "2026-11-27T07:00:00+00:00", "UTC",
    )  # fmt: skip
    assert sorted(option.name for option in vase.product_options.all()) == ["Card", "Engraving"]
    facts = Logistics.objects.get(product=vase)
    assert (facts.hs_code, facts.origin, facts.length_mm, facts.height_mm) == ("691200", "PT", 120, 300)
    placed = ProductFile.objects.values_list("product__stockrecords__partner_sku", "product__slug", "file__name")
    assert sorted((sku or slug, name) for sku, slug, name in placed) == [
        ("BOOK-EPUB", "book.epub"), ("BOOK-PDF", "book.pdf"), ("GUIDE", "guide.pdf"), ("GUIDE", "notes.txt"),
        ("book", "notes.txt"),
    ]  # fmt: skip
    kind = Product.objects.get(slug="guide").product_class
    assert (kind.requires_shipping, kind.track_stock) == (False, False)


def test_a_change_by_hand_is_seen_and_an_import_is_taken_back(names: None, run_import: Any, tmp_path: Path) -> None:
    run_import(EVERY_TYPE)
    file = tmp_path / "export.csv"
    export_products(file)
    assert run_import(file).unchanged == 9
    before = list(list_rows())
    throw = Product.objects.get(slug="throw")
    Publication.objects.filter(product__slug="vase").update(publish_to=None)
    ProductSafety.objects.filter(product=throw).update(maker=Party.objects.create(name="Mill"))
    set_logistics(Product.objects.get(stockrecords__partner_sku="THROW-L").pk, facts={"hs_code": "", "height_mm": "91"})
    throw.product_options.clear()
    ProductFile.objects.filter(file__name="book.epub").delete()
    report = run_import(file)
    assert (report.updated, report.unchanged) == (4, 5)
    assert list(list_rows()) == before
    undo_import(report.import_id, actor_name="test", progress=lambda count: None)
    assert ProductSafety.objects.get(product=throw).maker.name == "Mill"
    assert not ProductFile.objects.filter(file__name="book.epub").exists()
    assert Publication.objects.get(product__slug="vase").publish_to is None
    assert list(list_rows()) != before


def test_a_product_shares_its_customs_facts_with_its_variants(names: None, run_import: Any, tmp_path: Path) -> None:
    run_import("handle,sku,title,price,option1_name,option1_value\ncup,CUP-S,Cup,5,Size,S\ncup,CUP-L,Cup,6,Size,L\n")
    set_logistics(Product.objects.get(slug="cup").pk, facts={"hs_code": "691200", "origin": "PT"})
    file = tmp_path / "export.csv"
    export_products(file)
    assert file.read_text(encoding="utf-8").count("691200") == 2
    assert run_import(file).unchanged == 2
    assert Logistics.objects.count() == 1
    assert run_import("handle,sku,title,price,origin\ncup,CUP-L,,,IT\n").updated == 1
    assert sorted(Logistics.objects.values_list("origin", flat=True)) == ["IT", "PT"]
    assert run_import("handle,sku,title,price,origin\ncup,CUP-L,,,-\n").updated == 1
    assert sorted(Logistics.objects.values_list("origin", flat=True)) == ["", "PT"]


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        ("files", "nothing.pdf", "There is no file “nothing.pdf”. Upload it under Files for sale first"),
        ("files", "guide.pdf", "travels in parcels or counts units"),
        ("personalisation", "Tattoo", "There is no personalisation “Tattoo”"),
        ("hs_code", "12", "is not a tariff code"),
        ("origin", "Portugal", "Write PT."),
        ("length_mm", "12 cm", "is not a side in whole millimetres"),
        ("publish_from", "2026-03-29 02:30", "clocks are turned forward"),
        ("publish_to", "yesterday", "is not a date and time"),
        ("safety_documents", "Manual", "Expected Title=https://"),
    ],
)
def test_a_cell_that_cannot_be_is_refused_with_its_column(
    names: None, run_import: Any, column: str, text: str, words: str
) -> None:
    run_import("handle,sku,title,price,product_class\ncup,CUP,Cup,5,Ceramics\n")
    report = run_import(f"handle,sku,title,price,{column}\ncup,CUP,,,{text}\n")
    assert (report.failed, report.errors[0].column) == (1, column)
    assert words in report.errors[0].reason


def test_rows_of_one_product_agree_and_a_window_ends_after_it_begins(names: None, run_import: Any) -> None:
    head = "handle,sku,title,price,option1_name,option1_value,maker\n"
    report = run_import(head + "cup,CUP-S,Cup,5,Size,S,Mill\ncup,CUP-L,Cup,6,Size,L,Kiln\n")
    assert "Line 2 gives the same product another maker." in report.errors[0].reason
    report = run_import(
        "handle,sku,title,price,publish_from,publish_to\npot,POT,Pot,5,2026-05-02 08:00,2026-05-01 08:00\n"
    )
    assert "Move one of the two." in report.errors[0].reason
    assert DigitalFile.objects.count() == 4
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalog_publication")
        assert cursor.fetchone() == (0,)
