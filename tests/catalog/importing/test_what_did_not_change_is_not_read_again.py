"""The same file again costs a look per product, yet whatever staff changed since is noticed."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.apps.catalogue.models import Category, Product, ProductAttributeValue, ProductCategory, ProductClass
from oscar.apps.partner.models import StockRecord

from catalog.importing import native
from catalog.importing.states import PRODUCT_FIELDS, SKU_FIELDS
from catalog.kits.records import Kit, KitPart
from catalog.logistics import set_logistics
from catalog.media.records import MediaFile, ProductMedia
from catalog.pricing.change import NewPrice, change_prices
from catalog.pricing.records import PriceDetail
from catalog.publication.instants import read_instant
from catalog.publication.schedule import schedule_products
from catalog.variants import VariantAxis
from inventory.ledger import Entry, count_stock

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE06")]

FILE = (
    "handle,sku,title,description,product_class,categories,gtin,price,compare_at_price,cost,currency,tax_class,weight_kg,"
    "stock,option1_name,option1_value,attribute:material,published\n"
    "sock,SOCK-S,Sock,<p>Warm</p>,Clothing,Clothes > Socks,4006381333931,7,9,3,EUR,standard,0.1,5,Size,S,Wool,true\n"
    "sock,SOCK-M,Sock,<p>Warm</p>,Clothing,Clothes > Socks,,8,,3,EUR,standard,0.1,6,Size,M,Wool,true\n"
    "mug,MUG,Mug,<p>Blue</p>,Crockery,Kitchen,,5,,2,EUR,reduced,0.3,4,,,Clay,true\n"
)


def sku(name: str = "SOCK-S") -> StockRecord:
    return StockRecord.objects.get(partner_sku=name)


def product() -> Product:
    return Product.objects.get(slug="sock")


def price(amount: str, *, compare_at: str | None) -> None:
    new = NewPrice(
        stock_record_id=sku().pk, price=Decimal(amount), compare_at=Decimal(compare_at) if compare_at else None
    )
    change_prices([new], actor_name="staff", reason="sale")


def count(quantity: int) -> None:
    count_stock(Entry(stock_record_id=sku().pk, actor_name="staff", idempotency_key="count:1"), quantity=quantity)


def give_picture(pk: int) -> None:
    file = MediaFile.objects.create(digest="a" * 64, width=1, height=1)
    ProductMedia.objects.create(product_id=pk, file=file)


def change_value(code: str, *, owner: int) -> None:
    ProductAttributeValue.objects.filter(attribute__code=code, product_id=owner).update(value_text="Other")


OF_PRODUCT: dict[str, Callable[[], object]] = {
    "title": lambda: Product.objects.filter(slug="sock").update(title="Stocking"),
    "description": lambda: Product.objects.filter(slug="sock").update(description="<p>Cold</p>"),
    "product_class": lambda: ProductClass.objects.filter(name="Clothing").update(name="Apparel"),
    "published": lambda: Product.objects.filter(slug="sock").update(is_public=False),
    "is_parent": lambda: Product.objects.filter(slug="sock").update(structure=Product.STANDALONE),
    "categories": lambda: ProductCategory.objects.filter(product=product()).delete(),
    "attributes": lambda: change_value("material", owner=product().pk),
    "pictures": lambda: give_picture(product().pk),
    "facts": lambda: schedule_products([product().pk], publish_from=None, publish_to=read_instant("2030-01-01 08:00")),
    "axes": lambda: VariantAxis.objects.filter(product=product()).update(name="Length"),
}
OF_SKU: dict[str, Callable[[], object]] = {
    "handle": lambda: Product.objects.filter(slug="sock").update(slug="stocking"),
    "title": lambda: Product.objects.filter(pk=sku().product_id).update(title="Short sock"),
    "description": lambda: Product.objects.filter(pk=sku().product_id).update(description="<p>Short</p>"),
    "published": lambda: Product.objects.filter(pk=sku().product_id).update(is_public=False),
    "gtin": lambda: Product.objects.filter(pk=sku().product_id).update(upc=None),
    "options": lambda: change_value("size", owner=sku().product_id),
    "attributes": lambda: ProductAttributeValue.objects.create(
        product_id=sku().product_id,
        attribute=product().product_class.attributes.get(code="material"),
        value_text="Silk",
    ),
    "pictures": lambda: give_picture(sku().product_id),
    "price": lambda: price("6", compare_at="9"),
    "compare_at_price": lambda: price("7", compare_at=None),
    "cost": lambda: PriceDetail.objects.filter(stock_record=sku()).update(cost=1),
    "currency": lambda: StockRecord.objects.filter(pk=sku().pk).update(price_currency="USD"),
    "tax_class": lambda: PriceDetail.objects.filter(stock_record=sku()).update(tax_class="reduced"),
    "weight_kg": lambda: PriceDetail.objects.filter(stock_record=sku()).update(weight_kg=2),
    "stock": lambda: count(3),
    "facts": lambda: set_logistics(sku().product_id, facts={"origin": "PT"}),
}


OF_KIT: dict[str, Callable[[], object]] = {
    "components": lambda: KitPart.objects.filter(component=sku("CUP")).update(quantity=4),
    "kit_percent_off": lambda: Kit.objects.filter(stock_record=sku("SET")).update(percent_off=10),
}


OF_PICTURES = {"alts"}


@pytest.fixture
def read_rows(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """SKUs of the rows whose cells are read."""
    read: list[str] = []
    whole = native._read_record

    def note(record, **more):
        read.append(record.cells["sku"])
        return whole(record, **more)

    monkeypatch.setattr(native, "_read_record", note)
    return read


@pytest.fixture
def imported(run_import) -> None:
    run_import("handle,sku,title,price,stock\nfirst,FIRST,First,1,1\n")
    assert run_import(FILE).created == 3


@pytest.mark.usefixtures("imported")
def test_nothing_is_read_when_nothing_changed(run_import, read_rows: list[str]) -> None:
    with CaptureQueriesContext(connection) as queries:
        report = run_import(FILE)
    assert (report.rows, report.unchanged, report.products, read_rows) == (3, 3, 2, [])
    assert len(queries) <= 17
    assert run_import(FILE, dry_run=True).unchanged == 3
    assert not read_rows


@pytest.mark.usefixtures("imported")
def test_only_the_product_whose_rows_differ_is_read(run_import, read_rows: list[str]) -> None:
    report = run_import(FILE.replace("EUR,standard,0.1,6", "EUR,standard,0.1,9"))
    assert (report.updated, report.unchanged, read_rows) == (1, 2, ["SOCK-S", "SOCK-M"])
    read_rows.clear()
    run_import(FILE.replace("EUR,standard,0.1,6", "EUR,standard,0.1,9"))
    assert not read_rows


def test_every_field_of_a_state_has_a_case() -> None:
    assert (set(OF_PRODUCT) | OF_PICTURES, set(OF_SKU) | set(OF_KIT) | OF_PICTURES) == (
        set(PRODUCT_FIELDS),
        set(SKU_FIELDS),
    )


@pytest.mark.parametrize("edit", [pytest.param(edit, id=name) for name, edit in OF_KIT.items()])
def test_a_kit_that_staff_changed_since_is_read_again(
    run_import, read_rows: list[str], edit: Callable[[], object]
) -> None:
    run_import("handle,sku,title,price,stock\ncup,CUP,Cup,10,9\n")
    file = "handle,sku,title,price,components,kit_percent_off\nset,SET,A set,0,CUP*6,12.5\n"
    run_import(file)
    read_rows.clear()
    run_import(file)
    assert not read_rows
    edit()
    run_import(file)
    assert read_rows == ["SET"]


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("owner", ["product", "sku"])
def test_words_of_a_picture_that_staff_changed_since_are_read_again(
    run_import, read_rows: list[str], owner: str
) -> None:
    give_picture(product().pk if owner == "product" else sku().product_id)
    run_import(FILE)
    read_rows.clear()
    run_import(FILE)
    assert not read_rows
    ProductMedia.objects.update(alt="Worn")
    run_import(FILE)
    assert {"SOCK-S", "SOCK-M"} <= set(read_rows)


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize(
    "edit",
    [
        *(pytest.param(edit, id=f"product {name}") for name, edit in OF_PRODUCT.items()),
        *(pytest.param(edit, id=f"sku {name}") for name, edit in OF_SKU.items()),
    ],
)
def test_what_staff_changed_since_is_read_again(run_import, read_rows: list[str], edit: Callable[[], object]) -> None:
    edit()
    run_import(FILE)
    assert {"SOCK-S", "SOCK-M"} <= set(read_rows)


@pytest.mark.usefixtures("imported")
def test_a_category_that_was_renamed_is_noticed(run_import) -> None:
    Category.objects.filter(name="Clothes").update(name="Garments")
    report = run_import(FILE)
    assert (report.updated, report.unchanged) == (1, 2)
    assert Category.objects.filter(name="Clothes").exists()


@pytest.mark.usefixtures("imported")
def test_a_refused_row_is_refused_again(run_import) -> None:
    broken = FILE.replace(
        "mug,MUG,Mug,<p>Blue</p>,Crockery,Kitchen,,5,", "mug,MUG,Mug,<p>Blue</p>,Crockery,Kitchen,,-5,"
    )
    for _ in range(2):
        report = run_import(broken)
        assert (report.failed, report.unchanged, [error.line for error in report.errors]) == (1, 2, [4])
