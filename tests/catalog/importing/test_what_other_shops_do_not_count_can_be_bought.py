"""What another shop sells without a count, or without sending anything, is sold so here: by its product class."""

from pathlib import Path

import pytest
from django.test import Client
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord

from catalog.importing.export import export_products
from catalog.importing.undo import undo_import
from catalog.importing.vocabulary import Vocabulary
from inventory.availability import saleable

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE08")]

WOO = "ID,Type,SKU,Name,Published,In stock?,Stock,Regular price,Attribute 1 name,Attribute 1 value(s),Parent\n"
FILE = WOO + (
    '1,"simple, virtual",CALL,Advice by telephone,1,1,,50,,,\n'
    '2,"simple, downloadable, virtual",BOOK,Book as a file,1,1,,9,,,\n'
    "3,simple,MUG,Mug,1,1,,5,,,\n4,simple,CUP,Cup,1,1,7,5,,,\n5,simple,POT,Pot,1,0,,5,,,\n"
    '6,variable,TEE,Tee,1,1,,,Size,"S, M",\n7,variation,TEE-S,Tee,1,1,,5,Size,S,TEE\n8,variation,TEE-M,Tee,1,1,,5,Size,M,TEE\n'
)


def read_kinds() -> dict[str, tuple[bool, bool]]:
    """(is sent, is counted) by address."""
    kinds = Product.objects.exclude(structure="child").select_related("product_class")
    return {one.slug: (one.product_class.requires_shipping, one.product_class.track_stock) for one in kinds}


def test_a_product_is_sent_and_counted_as_it_was_in_the_other_shop(run_import, tmp_path: Path) -> None:
    report = run_import(FILE)
    assert (report.created, report.failed) == (7, 0)
    expected = {
        "advice-by-telephone": (False, False),
        "book-as-a-file": (False, True),
        "mug": (True, False),
        "cup": (True, True),
        "pot": (True, True),
        "tee": (True, False),
    }
    assert read_kinds() == expected
    client = Client()
    pages = {slug: client.get(f"/p/{slug}/").content.decode() for slug in expected}
    assert [slug for slug, page in pages.items() if "Add to basket" in page] == [
        "advice-by-telephone",
        "mug",
        "cup",
        "tee",
    ]
    assert run_import(FILE).unchanged == 7
    export_products(tmp_path / "again.csv")
    again = run_import(tmp_path / "again.csv")
    assert (again.unchanged, again.failed) == (7, 0)
    assert not undo_import(report.import_id, actor_name="test", progress=lambda count: None).left_alone


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            "sku,product_type,attribute_set_code,name,price,qty,manage_stock,use_config_manage_stock\n"
            "A,virtual,Services,A,5,0,0,0\nB,virtual,Services,B,5,3,1,1\nC,simple,Top,C,5,0,0,0\nD,downloadable,Top,D,5,,0,0\n",
            {"a": (False, False), "b": (False, True), "c": (True, False), "d": (False, True)},
        ),
        (
            "sku,type,attribute_family_code,name,price,manage_stock,inventories\n"
            "A,virtual,default,A,5,0,\nB,simple,default,B,5,1,default=4\nC,simple,default,C,5,0,\n",
            {"a": (False, False), "b": (True, True), "c": (True, False)},
        ),
        (
            "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Requires Shipping\n"
            "a,A,,,A,5,true\nb,B,,,B,5,FALSE\nc,C,Kind,Paper,C1,5,true\nc,,,File,C2,5,false\n",
            {"a": (True, True), "b": (False, True), "c": (True, True)},
        ),
        (
            "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Tracker,Variant Inventory Qty\n"
            "a,A,,,A,5,,0\nb,B,,,B,5,shopify,0\nc,C,Kind,Red,C1,5,shopify,1\nc,,,Blue,C2,5,,1\n"
            "d,D,Kind,Red,D1,5,,0\ne,E,,,E,5,shipwire,2\nd,,,Blue,D2,5,shopify,3\n",
            {"a": (True, False), "b": (True, True), "c": (True, True), "d": (True, False), "e": (True, True)},
        ),
        (
            "URL handle,Title,SKU,Price,Inventory tracker,Inventory quantity\na,A,A,5,,3\nb,B,B,5,shopify,3\n",
            {"a": (True, False), "b": (True, True)},
        ),
        (
            "slug,sku,name,price,inventory_count,track_inventory\na,A,A,5,0,false\nb,B,B,5,4,true\n",
            {"a": (True, False), "b": (True, True)},
        ),
    ],
)
def test_other_programs_say_it_in_other_columns(run_import, text: str, kinds: dict[str, tuple[bool, bool]]) -> None:
    report = run_import(text)
    assert (report.products, report.failed) == (len(kinds), 0)
    assert read_kinds() == kinds


def test_what_shopify_does_not_track_is_sold_beyond_its_count(shared_data: Path, run_import) -> None:
    assert run_import(shared_data / "shopify" / "packt_product_data.csv").failed == 0
    records = dict(StockRecord.objects.values_list("product__slug", "pk"))
    assert [saleable(records[slug]) for slug in ("watering-can", "sofa-pillows", "grey-wheelbarrow")] == [None, None, 8]
    assert "Add to basket" in Client().get("/p/watering-can/").content.decode()


def test_a_class_of_the_shop_stays_as_staff_made_it() -> None:
    words = Vocabulary()
    first = words.class_id("Mugs (not shipped)")
    assert words.class_id("Mugs (not shipped)") == first
    assert words.class_id("Mugs (red)") != first
    kinds = Product.product_class.field.related_model.objects
    assert kinds.get(name="Mugs (red)").track_stock
    kinds.filter(pk=first).update(requires_shipping=True)
    assert Vocabulary().class_id("Mugs (not shipped)") == first
    assert kinds.get(pk=first).requires_shipping
