"""A row that reads well but does not fit the shop, or the rows beside it, is refused in words; the others go in."""

import pytest
from oscar.apps.catalogue.models import Category, Product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IE01")]

HEADER = "handle,sku,title,price,brand,stock,location,gtin,currency,categories,option1_name,option1_value,option2_name,option2_value\n"
SHOP = HEADER + (
    "mug,MUG,Mug,5,Acme,3,,4006381333931,,Kitchen,,,,\n"
    "sock,SOCK-S,Sock,7,,,,,,Clothes,Size,S,,\nsock,SOCK-M,Sock,7,,,,,,Clothes,Size,M,,\n"
)


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        ("cup,MUG,Cup,5,,,,,,,,,,", "sku", "belongs to the product “mug”"),
        ("cup,CUP,,5,,,,,,,,,,", "title", "needs a title"),
        ("cup,CUP,Cup,,,,,,,,,,,", "price", "needs a price"),
        ("cup,CUP,Cup,5,,,,4006381333931,,,,,,", "gtin", "Another product has this GTIN"),
        ("cup,CUP,Cup,5,,3,moon,,,,,,,", "location", "no location moon"),
        ("mug,MUG-2,Mug,5,,,,,,,,,,", "handle", "already that of SKU MUG"),
        ("mug,MUG-2,Mug,5,,,,,,,Size,S,,", "option1_name", "sold without options"),
        ("sock,SOCK-L,Sock,5,,,,,,,,,,", "option1_name", "differ by Size"),
        ("sock,SOCK-L,Sock,5,,,,,,,Colour,Red,,", "option1_name", "differ by Size"),
        ("sock,SOCK-L,Sock,5,,,,,,,Size,M,,", "option1_value", "SKU SOCK-M of the same product"),
        ("mug,MUG,Mug,,,,,,USD,,,,,", "currency", "Give a price in USD"),
        ("cup,CUP,Cup,5,,,,,,,Size,S,size,M", "option2_name", "is named twice"),
        ("cup,CUP,Cup,5,,,,,,,Size,S,size!,M", "option1_name", "too alike"),
    ],
)
def test_the_row_is_refused_and_its_neighbour_goes_in(run_import, row: str, column: str, sentence: str) -> None:
    run_import(SHOP)
    report = run_import(f"{HEADER}{row}\nnext,NEXT,Next,5,,,,,,,,,,\n")
    assert (report.created, report.failed) == (1, 1)
    assert (report.errors[0].line, report.errors[0].column) == (2, column)
    assert sentence in report.errors[0].reason


def test_rows_of_one_product_have_to_agree_about_the_product(run_import) -> None:
    report = run_import(
        HEADER
        + "hat,HAT-S,Hat,5,Acme,,,,,,Size,S,,\nhat,HAT-M,Hat,5,Other,,,,,,Size,M,,\nhat,HAT-L,Hat,5,,,,,,,Size,L,,\n"
    )
    assert (report.created, report.failed) == (2, 1)
    assert "Line 2 gives the same product another brand" in report.errors[0].reason


def test_a_variant_may_have_a_title_of_its_own(run_import) -> None:
    text = HEADER + "hat,HAT-S,Hat,5,,,,,,,Size,S,,\nhat,HAT-M,Large hat,5,,,,,,,Size,M,,\n"
    run_import(text)
    assert list(Product.objects.order_by("pk").values_list("title", flat=True)) == ["Hat", "", "Large hat"]
    assert run_import(text).unchanged == 2
    assert run_import(HEADER + "hat,HAT-M,Large hat,5,,,,,,,Size,M,,\n").unchanged == 1


def test_two_new_rows_cannot_share_a_gtin(run_import) -> None:
    report = run_import(HEADER + "a,A,A,5,,,,4006381333931,,,,,,\nb,B,B,5,,,,4006381333931,,,,,,\n")
    assert (report.created, [error.line for error in report.errors]) == (1, [3])


def test_an_unknown_category_is_made_or_refused_as_the_merchant_chooses(run_import) -> None:
    text = HEADER + "mug,MUG,Mug,5,,,,,,Kitchen > Mugs|Gifts,,,,\n"
    refused = run_import(text, makes_categories=False)
    assert "There is no category Kitchen > Mugs" in refused.errors[0].reason
    assert not Category.objects.exists()
    run_import(text)
    assert [str(category) for category in Category.objects.order_by("path")] == ["Kitchen", "Kitchen > Mugs", "Gifts"]
    assert run_import(text.replace("Kitchen > Mugs", "kitchen > MUGS"), makes_categories=False).unchanged == 1


def test_a_count_below_what_orders_wait_for_is_refused(run_import) -> None:
    run_import(SHOP)
    from inventory.models import StockLevel

    StockLevel.objects.update(allocated=2)
    report = run_import("sku,quantity\nMUG,1\nSOCK-S,4\n", kind="stock")
    assert (report.updated, report.failed) == (1, 1)
    assert "promised to paid orders" in report.errors[0].reason


def test_a_product_that_the_database_refuses_does_not_take_its_batch_along(run_import) -> None:
    rows = "".join(f"p{n},P{n},P,5,,,,,,,,,,\n" for n in range(40))
    run_import(HEADER + "old,OLD,Old,5,,,,,,,,,,\n")
    Product.objects.filter(slug="old").update(upc="00000000")
    report = run_import(HEADER + rows)
    assert report.created == 40


def test_moving_to_another_class_takes_attributes_and_choices_along(run_import) -> None:
    header = "handle,sku,title,price,product_class,attribute:material,option1_name,option1_value\n"
    run_import(header + "sock,S,Sock,5,Socks,Wool,Size,S\nsock,M,Sock,5,Socks,Wool,Size,M\n")
    text = header + "sock,S,Sock,5,Clothes,Wool,Size,S\nsock,M,Sock,5,Clothes,Wool,Size,M\n"
    assert run_import(text).updated == 1
    assert run_import(text).unchanged == 2
    sock = Product.objects.get(slug="sock")
    assert (sock.product_class.name, sock.attr.material) == ("Clothes", "Wool")
    assert sock.variant_axes.get().attribute.product_class_id == sock.product_class_id
