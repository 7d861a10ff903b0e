"""Staff name the choices and their values, see every combination, and make the missing ones at once."""

import itertools
import re
from decimal import Decimal
from time import process_time
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord

from catalog.gtin import read_gtin
from catalog.matrix import making
from catalog.matrix.choices import Choice, MatrixRefused, read_values
from catalog.matrix.combining import propose_skus
from catalog.matrix.making import InCommon, NewVariant
from catalog.models import PriceChange, SearchDocument, VariantCombination
from catalog.variant_choice import variants_of
from inventory.models import StockLevel, StockMovement
from shop.audit.models import AuditEntry
from shop.backoffice.matrix_form import beginning_of
from shop.backoffice.matrix_rows import prefix_of
from tests.backoffice.desk import staff_client
from tests.shipping.fulfilment.paid import make_paid_order
from tests.shopfloor import make_product, make_product_class, make_variants, record_of

pytestmark = pytest.mark.django_db

HEADS = {"sku_beginning": "BOX", "price": "12.00", "tax_class": "standard", "is_public": "on", "reason": "New"}


def a_bare_product() -> Product:
    return Product.objects.create(
        structure="standalone", product_class=make_product_class(), title="Box", slug="box", is_public=True
    )


def look(client: Client, product: Product, **sent: str) -> Any:
    return client.post(f"/admin/catalogue/product/{product.pk}/matrix/", HEADS | {"act": "show"} | sent)


def make(client: Client, product: Product, *, after: Any, **changes: str | None) -> Any:
    """As a browser sends what the page of `after` shows, but for `changes`."""
    form, sent = after.context["form"], {"act": "make", "shown": after.context["table"].digest}
    sent |= {bound.html_name: str(bound.value() or "") for bound in form if bound.value()}
    for row in after.context["table"].rows:
        if row.held is None:
            cells = {"proposed": row.proposed, "sku": row.sku, "price": row.price, "gtin": row.gtin}
            sent |= {f"{row.prefix}-{name}": text for name, text in cells.items()}
            sent |= {f"{row.prefix}-make": "on"} if row.is_wanted else {}
    sent |= dict(after.context["table"].carried)
    for name, text in changes.items():
        sent.pop(name, None)
        if text is not None:
            sent[name] = text
    return client.post(f"/admin/catalogue/product/{product.pk}/matrix/", sent)


def cell(name: str, *values: str) -> str:
    return f"{prefix_of(values)}-{name}"


@pytest.mark.feature("CA01")
def test_all_combinations_but_one_are_made_with_records_prices_documents_and_an_audit_entry() -> None:
    client, box = staff_client(), a_bare_product()
    page = look(client, box, name_0="Size", values_0="S, M", name_1="Colour", values_1="Oak\nAsh")
    assert "4 combinations, 4 of them new" in page.text
    assert not Product.objects.filter(parent=box).exists()
    answer = make(
        client, box, after=page,
        **{cell("make", "M", "Ash"): None, cell("sku", "S", "Oak"): "OWN-1", cell("price", "S", "Ash"): "15.50",
           cell("gtin", "S", "Oak"): "4006381333931"},
    )  # fmt: skip
    assert answer.status_code == 303
    table = variants_of(Product.objects.get(pk=box.pk))
    assert [axis.name for axis in table.axes] == ["Size", "Colour"]
    found = {tuple(one.values.values()): (one.sku, one.price and one.price.amount) for one in table}
    assert found == {
        ("S", "Oak"): ("OWN-1", Decimal("12.00")),
        ("S", "Ash"): ("BOX-S-ASH", Decimal("15.50")),
        ("M", "Oak"): ("BOX-M-OAK", Decimal("12.00")),
    }
    assert Product.objects.get(upc="4006381333931").title == "Box, S / Oak"
    assert set(PriceChange.objects.values_list("sku", "reason")) == {
        (sku, "New") for sku in ("OWN-1", "BOX-S-ASH", "BOX-M-OAK")
    }
    document = SearchDocument.objects.get(pk=box.pk)
    assert (document.price_min, document.price_max) == (Decimal("12.00"), Decimal("15.50"))
    entry = AuditEntry.objects.get(action="make variants")
    assert (entry.subject_id, entry.after["Size"], entry.reason) == (str(box.pk), "S, M", "New")
    assert VariantCombination.objects.filter(parent=box).count() == 3


@pytest.mark.feature("CA01")
def test_a_choice_added_to_variants_keeps_their_skus_stock_and_orders() -> None:
    client = staff_client()
    cushion, children = make_variants("Cushion", stock=5)
    order = make_paid_order((children["red"], 2))
    records = dict(StockRecord.objects.values_list("pk", "partner_sku"))
    levels = list(StockLevel.objects.order_by("pk").values_list("pk", "stock_record", "on_hand", "allocated"))
    movements = StockMovement.objects.count()
    sent = {"values_0": "red\nblue\ngreen", "name_1": "Size", "values_1": "Small, Large"}
    assert "Which Size is what is sold today?" in look(client, cushion, **sent).text
    page = look(client, cushion, **sent, present_1="small")
    assert "6 combinations, 4 of them new" in page.text
    assert make(client, cushion, after=page).status_code == 303
    assert StockRecord.objects.count() == 6
    assert {pk: StockRecord.objects.get(pk=pk).partner_sku for pk in records} == records
    assert set(levels) <= set(StockLevel.objects.values_list("pk", "stock_record", "on_hand", "allocated"))
    assert StockMovement.objects.count() == movements
    line = order.lines.get()
    assert (line.product_id, line.partner_sku) == (children["red"].pk, record_of(children["red"]).partner_sku)
    table = variants_of(Product.objects.get(pk=cushion.pk))
    assert table.by_product(children["red"].pk).values == {"colour": "red", "size": "Small"}  # type: ignore[union-attr]


def test_a_product_on_its_own_becomes_the_first_of_its_variants() -> None:
    client, lamp = staff_client(), make_product("Lamp", stock=5, sku="LAMP")
    page = look(client, lamp, name_0="Finish", values_0="Brass, Steel", present_0="Brass")
    assert make(client, lamp, after=page).status_code == 303
    found = {variant.sku: variant.values["finish"] for variant in variants_of(Product.objects.get(pk=lamp.pk))}
    assert found == {"LAMP": "Brass", "BOX-STEEL": "Steel"}
    assert StockLevel.objects.get(stock_record__partner_sku="LAMP").on_hand == 5


def test_what_cannot_be_is_refused_in_sentences_and_everything_typed_stays() -> None:
    client, box = staff_client(), a_bare_product()
    make_product("Other", sku="TAKEN")
    page = look(client, box, name_0="Size", values_0="S, M, L, XL")
    answer = make(
        client, box, after=page,
        **{cell("sku", "S"): "TAKEN", cell("sku", "M"): "BOX-L", cell("price", "L"): "cheap", cell("gtin", "XL"): "123"},
    )  # fmt: skip
    assert answer.status_code == 200
    for sentence in (
        "The SKU TAKEN belongs to another product",
        "M has the SKU BOX-L already",
        "“cheap” is no price. Write it like 12.50",
        "This is not a GTIN",
    ):
        assert sentence in answer.text
    assert re.search(r'value="cheap"', answer.text)
    assert not Product.objects.filter(parent=box).exists()
    gone = make(client, box, after=answer, act="show", values_0="S")
    assert "1 combinations" in gone.text
    back = make(client, box, after=gone, act="show", values_0="S, M, L, XL")
    assert {row.words: (row.sku, row.price) for row in back.context["table"].rows}["L"] == ("BOX-L", "cheap")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Name at least one choice"),
        ({"name_0": "Size"}, "Which values does Size have?"),
        ({"values_0": "S, M"}, "What is this choice called?"),
        ({"name_0": "Size", "values_0": "S", "name_1": "size", "values_1": "M"}, "have the same name"),
        ({"name_0": "Size", "values_0": "x" * 61}, "a value has at most 60"),
        (
            {"name_0": "A", "values_0": ",".join(map(str, range(30))), "name_1": "B", "values_1": ",".join("abcdefghijklmnopqr")},
            "30 × 18 are 540 combinations; a product has at most 500",
        ),
    ],
)  # fmt: skip
def test_choices_that_make_no_sense_get_a_sentence(sent: dict[str, str], sentence: str) -> None:
    assert sentence in look(staff_client(), a_bare_product(), **sent).text


def test_variants_of_other_values_count_towards_the_most_there_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "MOST_VARIANTS", 5)
    client, box = staff_client(), a_bare_product()
    page = look(client, box, name_0="Size", values_0="S, M, L")
    assert make(client, box, after=page).status_code == 303
    page = look(client, box, name_0="Size", values_0="XL, XXL, XXXL")
    answer = make(client, box, after=page)
    assert "The product has 3 variants; with these 3 it would have more than 5." in answer.text
    assert Product.objects.filter(parent=box).count() == 3


def test_the_page_sends_back_what_it_showed_and_keeps_what_has_no_table_yet() -> None:
    """As a browser does it: every field of the page, hidden ones too, before there is a table and after a mistake."""
    client, cushion = staff_client(), make_variants("Cushion")[0]
    address = f"/admin/catalogue/product/{cushion.pk}/matrix/"
    first = client.get(address)
    assert "2 combinations, 0 of them new" in first.text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', first.text))
    wrong = client.post(address, hidden | {"act": "show", "values_0": "red", "values_1": "S", "price": "8.88"})
    assert "What is this choice called?" in wrong.text
    assert '<input type="hidden" name="price" value="8.88"' in wrong.text
    right = client.post(address, hidden | {"act": "show", "values_0": "red, blue, green", "price": "8.88"})
    assert "3 combinations, 1 of them new" in right.text


def test_only_what_was_looked_at_is_made() -> None:
    client, box = staff_client(), a_bare_product()
    page = look(client, box, name_0="Size", values_0="S")
    answer = make(client, box, after=page, values_0="S, M")
    assert "Look at the combinations below, then make them" in answer.text
    assert not Product.objects.filter(parent=box).exists()


def test_gtins_count_up_with_their_check_digits() -> None:
    client, box = staff_client(), a_bare_product()
    page = look(client, box, name_0="Size", values_0="S, M, L", gtin_from="4006381333931")
    assert make(client, box, after=page, **{cell("make", "M"): None}).status_code == 303
    found = list(Product.objects.filter(parent=box).order_by("pk").values_list("upc", flat=True))
    assert found == ["4006381333931", "4006381333948"]
    assert all(read_gtin(gtin) for gtin in found)


@pytest.mark.feature("CA01")
def test_the_database_refuses_a_combination_that_stands_twice() -> None:
    box = a_bare_product()
    twins = [NewVariant(values=("S",), sku="ONE"), NewVariant(values=("S",), sku="TWO")]
    with pytest.raises(MatrixRefused, match="Two variants of this product have the same choices"):
        making.make_variants(
            box.pk, [Choice(name="Size", values=("S",))], twins, common=InCommon(actor_name="tests", reason="New")
        )
    assert not Product.objects.filter(parent=box).exists()
    assert Product.objects.get(pk=box.pk).structure == "standalone"


def test_a_second_press_makes_nothing_twice() -> None:
    client, box = staff_client(), a_bare_product()
    page = look(client, box, name_0="Size", values_0="S, M")
    assert make(client, box, after=page).status_code == 303
    again = make(client, box, after=page)
    assert again.status_code == 200
    assert StockRecord.objects.count() == 2


def test_who_may_not_set_prices_makes_variants_that_are_not_for_sale_yet() -> None:
    client, box = staff_client("catalogue editor"), a_bare_product()
    Group.objects.get(name="catalogue editor").permissions.remove(Permission.objects.get(codename="change_price"))
    page = look(client, box, name_0="Size", values_0="S")
    assert make(client, box, after=page, **{cell("price", "S"): "1.00"}).status_code == 303
    assert StockRecord.objects.get().price is None


def test_five_hundred_combinations_are_made_in_three_seconds() -> None:
    """In seconds of this process, for the machine may be busy with other tests."""
    client, box = staff_client(), a_bare_product()
    sent = {"name_0": "Colour", "values_0": ",".join(f"C{n}" for n in range(25))}
    sent |= {"name_1": "Size", "values_1": ",".join(f"{n} cm" for n in range(20))}
    page = look(client, box, **sent)
    begin = process_time()
    assert make(client, box, after=page).status_code == 303
    assert process_time() - begin < 3
    assert VariantCombination.objects.filter(parent=box).count() == 500


def test_values_are_read_as_people_write_them() -> None:
    assert read_values("S, M, L") == read_values("S;M;L") == read_values("S\r\nM\r\nL\r\n") == ("S", "M", "L")
    assert read_values("1,5 l; 2,5 l") == read_values("1,5 l, 2,5 l") == ("1,5 l", "2,5 l")
    assert read_values("Red, white\n") == ("Red, white",)
    assert read_values("Oak, oak , Oak") == ("Oak",)
    assert read_values("  ") == ()


def test_new_skus_begin_as_those_that_there_are() -> None:
    cushion, children = make_variants("Cushion")
    StockRecord.objects.filter(product=children["red"]).update(partner_sku="CU07-RED")
    StockRecord.objects.filter(product=children["blue"]).update(partner_sku="CU07-RUST")
    assert beginning_of(cushion) == "CU07"
    assert beginning_of(make_product("Lamp", sku="LA-1")) == "LA-1"
    assert beginning_of(a_bare_product()) == "BOX"


def test_proposed_skus_are_free_and_differ() -> None:
    make_product("Other", sku="BOX-OAK")
    skus = propose_skus("BOX", [("Oak",), ("oak!",), ("Öl/Leinen",)])
    assert list(skus.values()) == ["BOX-OAK-2", "BOX-OAK-3", "BOX-OL-LEINEN"]
    assert len(set(propose_skus("", itertools.product("ab", "c")).values())) == 2
