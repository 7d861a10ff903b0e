"""Undo puts back every row that nobody touched since, and lists the others; an undo can be undone."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from oscar.apps.catalogue.models import Category, Product
from oscar.apps.partner.models import StockRecord

from catalog.importing.export import list_rows
from catalog.importing.records import ImportRun
from catalog.importing.undo import CannotUndo, undo_import
from catalog.pricing.change import NewPrice, change_prices
from catalog.search.records import SearchDocument
from inventory.models import StockLevel

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE03")]

HEADER = "handle,sku,title,description,price,compare_at_price,brand,categories,tags,weight_kg,attribute:colour,option1_name,option1_value\n"
OLD = HEADER + "mug,MUG,Mug,<p>Old</p>,5,,Acme,Kitchen,a|b,0.3,red,,\nsock,SOCK-S,Sock,,7,9,,Clothes,,,,Size,S\n"
NEW = HEADER + (
    "mug,MUG,Big mug,<p>New</p>,6.50,8,Other,Kitchen > Mugs,c,0.4,blue,,\n"
    "sock,SOCK-S,Warm sock,,8,-,,Clothes,,,,Size,Small\nsock,SOCK-M,Warm sock,,8,,,Clothes,,,,Size,M\n"
    "hat,HAT,Hat,,20,,,Clothes,,,,,\n"
)


def undo(run_id: int):
    return undo_import(run_id, actor_name="test", progress=lambda count: None)


def read_shop() -> list[tuple]:
    names = ("handle", "sku", "title", "description", "price", "compare_at_price", "brand", "categories", "tags")
    names += ("weight_kg", "attributes", "options", "published")
    return sorted((*(str(getattr(row, name)) for name in names), row.stock or 0) for row in list_rows())


def test_everything_that_the_import_changed_is_as_before(run_import) -> None:
    run_import(OLD)
    before, products = read_shop(), set(Product.objects.values_list("pk", flat=True))
    report = run_import(NEW)
    assert (report.created, report.updated) == (2, 2)
    answer = undo(report.import_id)
    assert not answer.left_alone
    assert answer.withdrawn == 0
    assert read_shop() == before
    assert set(Product.objects.values_list("pk", flat=True)) == products
    assert set(SearchDocument.objects.values_list("slug", flat=True)) == {"mug", "sock"}
    assert ImportRun.objects.get(pk=report.import_id).state == ImportRun.State.UNDONE


def test_an_undo_can_be_undone(run_import) -> None:
    run_import(OLD)
    report = run_import(NEW)
    after = read_shop()
    first = undo(report.import_id)
    undo(first.import_id)
    assert read_shop() == after
    assert run_import(NEW).unchanged == 4


def test_what_was_changed_since_is_left_alone_and_listed(run_import) -> None:
    run_import(OLD)
    report = run_import(NEW)
    mug = StockRecord.objects.get(partner_sku="MUG")
    change_prices([NewPrice(stock_record_id=mug.pk, price=Decimal(4))], actor_name="staff", reason="sale")
    Product.objects.filter(slug="hat").update(title="Top hat")
    answer = undo(report.import_id)
    listed = {(left.subject, left.identifier): left.fields for left in answer.left_alone}
    assert listed == {
        ("sku", "MUG"): ("price", "compare_at_price"),
        ("sku", "HAT"): ("product",),
        ("product", "hat"): ("skus",),
    }
    mug.refresh_from_db()
    assert str(mug.price) == "4.00"
    assert Product.objects.get(slug="mug").title == "Mug"
    assert Product.objects.get(slug="hat").is_public
    assert not StockRecord.objects.filter(partner_sku="SOCK-M").exists()


def test_a_change_of_something_else_does_not_stand_in_the_way(run_import) -> None:
    run_import(OLD)
    report = run_import("handle,sku,title,price\nmug,MUG,Mug,6\n")
    Product.objects.filter(slug="mug").update(description="Another text")
    assert not undo(report.import_id).left_alone
    assert str(StockRecord.objects.get(partner_sku="MUG").price) == "5.00"
    assert Product.objects.get(slug="mug").description == "Another text"


def test_categories_that_the_file_spells_in_another_case_are_no_change_of_somebody(run_import) -> None:
    run_import(OLD)
    report = run_import(HEADER + "hat,HAT,Hat,,20,,,kitchen > HATS|CLOTHES,,,,,\nmug,MUG,,,,,,CLOTHES,,,,,\n")
    answer = undo(report.import_id)
    assert (answer.left_alone, answer.removed, answer.restored) == ([], 2, 1)


def test_categories_that_came_with_an_import_go_with_it_unless_somebody_uses_them(run_import) -> None:
    run_import(OLD)
    before = list(Category.objects.order_by("path").values_list("path", "name", "numchild"))
    text = HEADER + "hat,HAT,Hat,,20,,,Clothes > Head > Hats|Kitchen > Wearable,,,,,\n"
    text += "cap,CAP,Cap,,20,,,Clothes > Head > Caps|Gifts > Him,,,,,\n"
    report = run_import(text)
    with_new = list(Category.objects.order_by("path").values_list("name", flat=True))
    assert len(with_new) == len(before) + 6
    undone = undo(report.import_id)
    assert list(Category.objects.order_by("path").values_list("path", "name", "numchild")) == before
    redone = undo(undone.import_id)
    assert not redone.left_alone
    assert sorted(Category.objects.values_list("name", flat=True)) == sorted(with_new)
    Category.objects.filter(name="Him").update(description="For him, with love.")
    Category.objects.get(name="Head").add_child(name="Staff's own", slug="own")
    undo(redone.import_id)
    left = Category.objects.order_by("path").exclude(name__in=[name for _, name, _ in before])
    assert sorted(left.values_list("name", flat=True)) == ["Gifts", "Head", "Him", "Staff's own"]


def test_what_has_a_ledger_is_taken_off_sale_instead_of_removed(run_import) -> None:
    report = run_import("handle,sku,title,price,stock\nmug,MUG,Mug,5,3\n")
    answer = undo(report.import_id)
    assert (answer.withdrawn, answer.removed) == (1, 0)
    assert not Product.objects.get(slug="mug").is_public
    assert StockLevel.objects.get().on_hand == 0
    assert not SearchDocument.objects.exists()
    assert run_import("handle,sku,title,price,stock,published\nmug,MUG,Mug,5,3,true\n").updated == 1
    assert SearchDocument.objects.count() == 1


def test_stock_and_price_files_are_taken_back_too(run_import) -> None:
    run_import("handle,sku,title,price,stock\nmug,MUG,Mug,5,3\n")
    stock = run_import("sku,location,quantity,reason\nMUG,,10,counted\n", kind="stock")
    prices = run_import("sku;price\nMUG;6,25\n", kind="prices")
    assert (stock.updated, prices.updated) == (1, 1)
    undo(prices.import_id)
    undo(stock.import_id)
    record = StockRecord.objects.get(partner_sku="MUG")
    assert (str(record.price), record.num_in_stock) == ("5.00", 3)


def test_an_unknown_import_and_one_that_is_undone_get_a_sentence(run_import) -> None:
    report = run_import(OLD)
    undo(report.import_id)
    with pytest.raises(CannotUndo, match="taken back already"):
        undo(report.import_id)
    with pytest.raises(CommandError, match="There is no import 999999"):
        call_command("undo_import", "999999")
