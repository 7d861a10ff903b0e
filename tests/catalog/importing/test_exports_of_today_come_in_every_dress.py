"""Other languages, currency signs, dates as prices, packed files, web pages, joined files: read right, or refused in a sentence."""

import gzip
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.importing import redirect_file
from catalog.importing.magento import read_pairs
from catalog.importing.rows import ProductRow, RowError, UnreadableFile
from catalog.importing.sku_files import read_stock
from catalog.importing.source import open_source

WOOCOMMERCE = {
    "German": "ID;Typ;Artikelnummer;GTIN, UPC, EAN oder ISBN;Name;Veröffentlicht;Kurzbeschreibung;Beschreibung;"
    "Datum, an dem Angebotspreis beginnt;Datum, an dem Angebotspreis endet;Steuerstatus;Steuerklasse;Vorrätig?;Lager;"
    "Gewicht (kg);Angebotspreis;Regulärer Preis;Kategorien;Schlagwörter;Bilder;Übergeordnetes Produkt;Attribut 1 Name;"
    "Attribut 1 Wert(e)",
    "French": "ID;Type;UGS;GTIN, UPC, EAN ou ISBN;Nom;Publié;Description courte;Description;Date de début de promo;"
    "Date de fin de promo;État de la TVA;Classe de TVA;En stock ?;Stock;Poids (kg);Tarif promo;Tarif régulier;Catégories;"
    "Étiquettes;Images;Parent;Nom de l’attribut 1;Valeur(s) de l’attribut 1 ",
    "Spanish": "ID;Tipo;SKU;GTIN, UPC, EAN o ISBN;Nombre;Publicado;Descripción corta;Descripción;"
    "Día en que empieza el precio rebajado;Día en que termina el precio rebajado;Estado del impuesto;Clase de impuesto;"
    "¿En inventario?;Inventario;Peso (kg);Precio rebajado;Precio normal;Categorías;Etiquetas;Imágenes;Superior;"
    "Nombre del atributo 1;Valor(es) del atributo 1",
}
WOOCOMMERCE_ROWS = (
    "1;variable;TEE;;Tee;1;kurz;Lang;;;taxable;;1;;;;;Mode > Hemden, Neu;weich;https://x.example/a.jpg;;Größe;S, L\n"
    "2;variation;TEE-S;4006381333931;Tee - S;1;;;2020-01-01;2020-02-01;taxable;parent;1;7;0,25;9,90;1.012,50;;;;id:1;Größe;S\n"
    "3;variation;TEE-L;;Tee - L;1;;;;;taxable;parent;0;;;;14,00;;;;TEE;Größe;L\n"
    "4;simple;MUG;;Mug;-1;;;;;taxable;;1;3;;;5,5;;;;;;\n"
)


@pytest.mark.feature("IE08")
@pytest.mark.parametrize("language", WOOCOMMERCE)
@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "cp1252"])
def test_woocommerce_names_its_columns_in_the_language_of_the_site(read_bytes, language: str, codec: str) -> None:
    found = read_bytes(f"sep=;\r\n{WOOCOMMERCE[language]}\r\n{WOOCOMMERCE_ROWS}".encode(codec))
    assert (found.format, found.errors) == ("woocommerce", [])
    assert [(row.sku, row.handle, row.options, str(row.price), row.stock, row.published) for row in found.rows] == [
        ("TEE-S", "tee", (("Größe", "S"),), "1012.50", 7, True),
        ("TEE-L", "tee", (("Größe", "L"),), "14.00", 0, True),
        ("MUG", "mug", (), "5.50", 3, False),
    ]
    first = found.rows[0]
    assert first.categories == (("Mode", "Hemden"), ("Neu",))
    assert (first.gtin, first.weight_kg, first.compare_at_price) == ("4006381333931", Decimal("0.250"), None)
    assert (first.tags, first.gallery) == (("weich",), ("https://x.example/a.jpg",))


def test_an_error_names_the_column_as_this_file_does(read_bytes) -> None:
    german = read_bytes(
        f"{WOOCOMMERCE['German']}\n4;simple;MUG;123;Mug;1;;;;;;;1;;;;fünf;;;;;;\n5;simple;CUP;123;Cup;1;;;;;;;1;;;;5;;;;;;\n"
    )
    assert [(error.line, error.column, error.value) for error in german.errors] == [
        (2, "Regulärer Preis", "fünf"),
        (3, "GTIN, UPC, EAN oder ISBN", "123"),
    ]
    shopify = read_bytes("URL handle,Title,Price,SKU,Inventory quantity\ntee,Tee,-3,T,1\nmug,Mug,3,M,1.5\n")
    assert [(error.line, error.column) for error in shopify.errors] == [(2, "Price"), (3, "Inventory quantity")]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("$12.00", "without currency sign"),
        ("12,50 €", "without currency sign"),
        ("EUR 12.00", "without currency sign"),
        ("-5 €", "without currency sign"),
        ("-1.234,50", "is negative"),
        ("12-May", "cannot be read as a number"),
        ("2026-05-12", "cannot be read as a number"),
        ("12.05.2026", "cannot be read as a number"),
        ("#REF!", "cannot be read as a number"),
        ("1e3", "a spreadsheet shortened this number"),
    ],
)
def test_what_is_no_price_of_this_shop_is_refused_with_its_value(read_bytes, typed: str, reason: str) -> None:
    found = read_bytes(f'handle,sku,title,price\nmug,MUG,Mug,"{typed}"\n')
    assert found.rows == []
    assert [(error.line, error.column, error.value) for error in found.errors] == [(2, "price", typed)]
    assert reason in found.errors[0].reason


def _zip(name: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, "handle,sku,title,price\n")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(_zip("products.csv"), "packed archive. Unpack it", id="zip"),
        pytest.param(gzip.compress(b"handle,sku,title,price\n"), "packed archive. Unpack it", id="gzip"),
        pytest.param(
            b"<!DOCTYPE html>\n<html><head><title>503</title></head></html>", "This is a web page", id="error page"
        ),
        pytest.param(b"\xef\xbb\xbf\n<HTML lang=de>Anmelden", "This is a web page", id="login page"),
        pytest.param(
            b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
            "This is a web page",
            id="answer of a bucket",
        ),
        pytest.param(
            b'"handle,sku,title,price"\n"mug,MUG,Mug,5"\n', "in quotation marks as a whole", id="quoted lines"
        ),
        pytest.param(
            b"Products of May\n\nhandle,sku,title,price\n", "The first line has one cell only", id="a title above"
        ),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "This is a PDF", id="pdf"),
        pytest.param(b'[{"handle": "mug"}]', "one JSON list", id="json list"),
        pytest.param(
            b"sku,_store,_attribute_set,_type,_category,name,price\nA,,Default,simple,Tops,A,5\n",
            "Magento 1",
            id="magento 1",
        ),
        pytest.param(
            b"sku,location,on hand (current),handle,title,price\n", "Import it with import_stock", id="counts of stock"
        ),
    ],
)
def test_what_is_no_file_of_products_says_what_it_is(read_bytes, data: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        read_bytes(data)


def test_marks_of_joined_files_are_no_part_of_any_cell(read_bytes) -> None:
    found = read_bytes("\ufeff\ufeffhandle,sku,title,price\nmug,MUG,Mug,5\n\ufeffcup,CUP,Cup,6\n")
    assert [(row.handle, row.sku) for row in found.rows] == [("mug", "MUG"), ("cup", "CUP")]
    lines = read_bytes(
        '\ufeff{"handle": "mug", "sku": "MUG", "title": "Mug", "price": 5}\n'
        '\ufeff{"handle": "cup", "sku": "CUP", "title": "Cup", "price": "6,50"}\n',
        name="products.jsonl",
    )
    assert ([str(row.price) for row in lines.rows], lines.errors) == (["5.00", "6.50"], [])


def test_a_header_in_the_middle_is_known_for_what_it_is(read_bytes) -> None:
    found = read_bytes("handle,sku,title,price\nmug,MUG,Mug,5\nHandle,SKU, title,price\ncup,CUP,Cup,6\n")
    assert [row.sku for row in found.rows] == ["MUG", "CUP"]
    assert [error.line for error in found.errors] == [3]
    assert "two files were joined here" in found.errors[0].reason


def test_what_shopify_does_not_say_is_asked_for(read_bytes) -> None:
    found = read_bytes(
        "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Gift Card,Status\n"
        "tee,Tee,,S,T-S,5,false,active\ncard,Card,Value,10,C-10,10,true,active\nmug,Mug,,,MUG,5,false,unlisted\n"
    )
    assert [(row.sku, row.published) for row in found.rows] == [("MUG", False)]
    assert [(error.line, error.column) for error in found.errors] == [(2, "Option1 Name"), (3, "Gift Card")]


def test_woocommerces_stock_is_a_count_or_its_parents(read_bytes) -> None:
    found = read_bytes(
        "ID,Type,SKU,Name,Regular price,Stock,In stock?\n1,simple,A,A &amp; B,5,many,1\n2,simple,B,B &amp; C,5,parent,1\n"
    )
    assert [(row.handle, row.stock) for row in found.rows] == [("b-c", None)]
    assert [(error.line, error.column, error.value) for error in found.errors] == [(2, "Stock", "many")]


def test_a_tab_is_believed_when_the_first_line_names_it(read_bytes) -> None:
    found = read_bytes("sep=\t\r\nhandle\tsku\ttitle\tprice\r\nmug\tMUG\tMug, blue; big\t5\r\n")
    assert [(row.title, str(row.price)) for row in found.rows] == [("Mug, blue; big", "5.00")]


@pytest.mark.feature("IE02")
def test_other_shops_files_of_stock_are_read(tmp_path: Path) -> None:
    shopify = (
        "Handle,Title,Option1 Name,Option1 Value,SKU,HS Code,COO,Location,Bin name,Incoming (not editable),"
        "Unavailable (not editable),Committed (not editable),Available (not editable),On hand (current),On hand (new)\n"
        "tee,Tee,Size,S,T-S,,,main,,0,0,1,4,5,\n"
        "tee,Tee,Size,M,T-M,,,main,,0,0,0,5,5,9\n"
        "tee,Tee,Size,L,T-L,,,east,,,,,,not stocked,not stocked\n"
        "tee,Tee,Size,XL,T-XL,,,main,,0,0,2,-2,-2,\n"
    )
    magento = "source_code,sku,status,quantity\nmain,T-S,1,12.0000\n"
    found = _stock(tmp_path, shopify)
    assert [(row.sku, row.location, row.stock) for row in found if isinstance(row, ProductRow)] == [
        ("T-S", "main", 5),
        ("T-M", "main", 9),
        ("T-L", "east", None),
    ]
    refused = [row for row in found if isinstance(row, RowError)]
    assert [(error.line, error.value) for error in refused] == [(5, "-2")]
    assert [(row.sku, row.location, row.stock) for row in _stock(tmp_path, magento)] == [("T-S", "main", 12)]  # type: ignore[union-attr]


def _stock(folder: Path, text: str) -> list[ProductRow | RowError]:
    path = folder / "stock.csv"
    path.write_text(text)
    return list(read_stock(open_source(path)))


def test_magentos_quoted_attributes_keep_what_is_inside() -> None:
    assert read_pairs('note="a, size=big ""x""",size=M|colour="Red, dark"') == {
        "note": 'a, size=big "x"',
        "size": "M",
        "colour": "Red, dark",
    }
    assert read_pairs("has_options=0,material=Cotton, Wool|Silk,2nd=x") == {
        "has_options": "0",
        "material": "Cotton, Wool|Silk,2nd=x",
    }


def test_redirects_of_wordpress_plugins_are_read_and_their_patterns_refused(tmp_path: Path) -> None:
    path = tmp_path / "redirects.csv"
    path.write_text(
        "source,target,regex,code,type,hits,title,status\n"
        "/old-tee,/p/tee/,0,301,url,4,,active\n/shop/(.*),/p/$1,1,301,url,0,,active\n"
    )
    source = open_source(path)
    assert redirect_file.detect(source) == "other"
    good, bad = redirect_file.read(source)
    assert (good.key, good.values) == ("/old-tee", "/p/tee/")  # type: ignore[union-attr]
    assert "a pattern for many addresses" in bad.reason  # type: ignore[union-attr]


def test_paths_without_their_first_slash_get_it_back(tmp_path: Path) -> None:
    path = tmp_path / "redirects.csv"
    path.write_text(
        "entity_type,request_path,target_path,redirect_type,store_id\n"
        "custom,men/old.html,p/tee,301,1\ncustom,old.html,javascript:alert(1),301,1\n"
    )
    good, bad = redirect_file.read(open_source(path))
    assert (good.key, good.values) == ("/men/old.html", "/p/tee")  # type: ignore[union-attr]
    assert (bad.line, bad.column) == (3, "to_path")


def test_a_count_that_could_be_a_thousand_is_asked_about(tmp_path: Path) -> None:
    found = _stock(tmp_path, "sku,location,quantity\nA,main,1.000\nC,main,7\n")
    assert [row.stock for row in found if isinstance(row, ProductRow)] == [7]
    assert [(row.line, row.value) for row in found if isinstance(row, RowError)] == [(2, "1.000")]
    told = _stock(tmp_path, 'sku,location,quantity\nA,main,1.000\nB,main,"1.234.567"\n')
    assert [row.stock for row in told if isinstance(row, ProductRow)] == [1000, 1234567]
