"""Guards, escapes, shortened numbers, unseen characters and foreign code pages: read as meant, or refused in a sentence."""

from decimal import Decimal

import pytest
from oscar.apps.catalogue.models import Product

from catalog.importing.rows import UnreadableFile

NATIVE = "handle,sku,title,price\n"
WOO = "ID,Type,SKU,Name,Published,Visibility in catalog,Description,Stock,Regular price,Attribute 1 name,Attribute 1 value(s),Parent\n"
SHOPIFY = "Handle,Title,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Barcode\n"
MAGENTO = "sku,product_type,attribute_set_code,name,price,qty,is_in_stock,url_key\n"


@pytest.mark.feature("IE08")
def test_woocommerces_guard_before_signs_is_taken_off(read_bytes) -> None:
    found = read_bytes(WOO + "1,simple,'+A,'-50% Tee,'-1,visible,,'-3,5,,,\n2,simple,B,'n Beetje,1,visible,,4,5,,,\n")
    assert found.errors == []
    assert [(row.sku, row.title, row.published, row.stock) for row in found.rows] == [
        ("+A", "-50% Tee", False, 0),
        ("B", "'n Beetje", True, 4),
    ]


@pytest.mark.feature("IE08")
def test_woocommerces_line_ends_and_commas_are_no_backslashes(read_bytes) -> None:
    found = read_bytes(
        WOO
        + r"1,variable,P,Tee,1,visible,<p>One</p>\n<p>Two \\n</p>,,,Colour,"
        + '"Red\\, dark, Blue",\n2,variation,P1,Tee,1,visible,,1,5,Colour,"Red\\, dark",P\n'
    )
    assert found.rows[0].description == "<p>One</p>\n<p>Two \\n</p>"
    assert found.rows[0].options == (("Colour", "Red, dark"),)


def test_what_woocommerce_hides_is_not_put_on_show(read_bytes) -> None:
    found = read_bytes(WOO + "1,simple,A,A,1,hidden,,,5,,,\n2,simple,B,B,1,search,,,5,,,\n")
    assert [row.published for row in found.rows] == [False, True]


def test_products_of_one_name_get_addresses_of_their_own(read_bytes) -> None:
    rows = "".join(f"{n},simple,{sku},Tee,1,visible,,,5,,,\n" for n, sku in enumerate(["A", "A 1", "a 1", "A  1"]))
    handles = [row.handle for row in read_bytes(WOO + rows).rows]
    assert handles[:3] == ["tee", "tee-a-1", handles[2]]
    assert len(set(handles)) == 4
    magento = read_bytes(MAGENTO + "A,Simple,Top,Pot,5,1,1,Tea-Pot\nB,simple,Top,Pot,5,1,1,tea-pot\n")
    assert [(row.handle, row.old_path) for row in magento.rows] == [
        ("tea-pot", "/Tea-Pot.html"),
        ("tea-pot-b", "/tea-pot.html"),
    ]


def test_what_magento_calls_out_of_stock_is_not_sold(read_bytes) -> None:
    found = read_bytes(MAGENTO + "A,simple,Top,A,5,100.0000,0,a\nB,simple,Top,B,5,100.0000,1,b\n")
    assert [row.stock for row in found.rows] == [0, 100]


@pytest.mark.feature("IE01")
def test_numbers_that_a_spreadsheet_shortened_are_refused(read_bytes) -> None:
    shopify = read_bytes(
        SHOPIFY + "mug,Mug,true,,,M,5,4.00638E+12\ncup,Cup,true,,,1.23457E+11,5,\npot,Pot,true,,,2E4,5,X-1\n"
    )
    assert [(error.line, error.column) for error in shopify.errors] == [(2, "Variant Barcode"), (3, "Variant SKU")]
    assert all("shortened this number" in error.reason for error in shopify.errors)
    assert [(row.sku, row.attributes) for row in shopify.rows] == [("2E4", {"barcode": "X-1"})]


def test_a_number_of_a_book_that_a_spreadsheet_shortened_is_refused(read_bytes) -> None:
    found = read_bytes("Book,Fiction,9.78014E+12,Crime,A,House,X1,7.99,3\nBook,Fiction,123,Odd,,House,X2,7,1\n")
    assert [(error.line, error.column) for error in found.errors] == [(1, "upc")]
    assert [row.attributes for row in found.rows] == [{"upc": "123"}]


@pytest.mark.parametrize("unseen", ["\n", "\x01", "\u200b", "\u202e", "\x7f"])
def test_an_sku_is_what_it_looks_like(read_bytes, unseen: str) -> None:
    found = read_bytes(NATIVE + f'mug,"MUG{unseen}1",Mug,5\n')
    assert [(error.line, error.column) for error in found.errors] == [(2, "sku")]
    assert f"U+{ord(unseen):04X}" in found.errors[0].reason


def test_characters_that_nobody_sees_are_no_part_of_a_text(read_bytes) -> None:
    found = read_bytes(NATIVE.strip() + ",description\nmug,MUG,Mu\x07g\x0b blue,5,A\x01 good mug\n")
    assert (found.rows[0].title, found.rows[0].description) == ("Mu g blue", "A  good mug")


def test_nothing_costs_less_than_nothing(read_bytes) -> None:
    price = read_bytes(NATIVE + "mug,MUG,Mug,-0\n").rows[0].price
    assert (price, price.is_signed()) == (Decimal(0), False)


@pytest.mark.parametrize(
    ("yes", "no"), [("WAHR", "FALSCH"), ("VRAI", "FAUX"), ("VERDADERO", "FALSO"), ("WAAR", "ONWAAR")]
)
def test_true_and_false_are_read_in_the_spreadsheets_language(read_bytes, yes: str, no: str) -> None:
    found = read_bytes(SHOPIFY + f"mug,Mug,{yes},,,M,5,\ncup,Cup,{no},,,C,5,\n")
    assert [row.published for row in found.rows] == [True, False]


@pytest.mark.feature("IE01")
@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Лампа настольная", "cp1251"),
        ("Λάμπα δαπέδου", "cp1253"),
        ("Żółw i łódź", "cp1250"),
        ("grüne Käseschüssel", "mac-roman"),
        ("Настольная", "koi8-r"),
    ],
)
def test_a_foreign_code_page_is_asked_about_and_not_taken_for_words(read_bytes, text: str, codec: str) -> None:
    with pytest.raises(UnreadableFile, match=r"line 3 would read .* Save it as UTF-8"):
        read_bytes((NATIVE + f"mug,MUG,Mug,5\nlamp,LAMP,{text},5\n").encode(codec))


def test_words_of_the_west_are_read_in_the_code_page_of_the_west(read_bytes) -> None:
    title = "Café „Größe“ Çà et là – ¿Qué? œuvre, crème brûlée, Åse, naïve, 3 m³ 1½ £5 wait…what Žižek"
    assert read_bytes((NATIVE + f'mug,MUG,"{title}",5\n').encode("cp1252")).rows[0].title == title


def test_a_list_of_lists_is_not_flattened(read_bytes) -> None:
    line = '{"handle": "a", "sku": "A", "title": "T", "price": 1, "categories": [["A", "B"]]}\n'
    found = read_bytes(line, name="products.jsonl")
    assert [error.line for error in found.errors] == [1]
    assert "A > B > C" in found.errors[0].reason


@pytest.mark.feature("IE01")
@pytest.mark.django_db
def test_a_refusal_names_the_column_of_the_file_however_late_it_comes(run_import) -> None:
    text = SHOPIFY + (
        "mug,Mug,true,,,MUG,,\ntee,Tee,true,Size,S,T1,5,\ntee,,,,S,T2,5,\ncup,Cup,true,,,C,5,\npot,Pot,true,,,C,5,\n"
    )
    expected = [(2, "Variant Price"), (4, "Option1 Value"), (6, "Variant SKU")]
    for dry_run in (True, False):
        report = run_import(text, dry_run=dry_run)
        assert [(error.line, error.column) for error in report.errors] == expected
    assert Product.objects.filter(structure="child").count() == 1
    german = "ID;Typ;Artikelnummer;Name;Regulärer Preis\n1;simple;NEW;Neu;\n"
    assert [(error.line, error.column) for error in run_import(german).errors] == [(2, "Regulärer Preis")]
