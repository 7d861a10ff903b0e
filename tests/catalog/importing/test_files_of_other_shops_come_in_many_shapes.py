"""Columns in any order and case, newer names, gaps, separators and dates that other shops' files have."""

import pytest

SHOPIFY_NEW = (
    "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,"
    "Option1 name,Option1 value,Price,Compare-at price,Charge tax,Inventory quantity,Weight value (grams),"
    "Product image URL,Image position,Variant image URL,Fabric (product.metafields.shopify.fabric)\n"
)


@pytest.mark.feature("IE08")
def test_shopifys_newer_column_names(read_bytes) -> None:
    found = read_bytes(
        SHOPIFY_NEW
        + 'Tee,tee,<p>Soft</p>,Acme,Clothing > Shirts,Shirts,"a, b",TRUE,Active,TEE-S,,Size,S,19.00,25.00,TRUE,4,150,'
        + "https://x.example/1.jpg,1,,cotton; linen\n"
        + ",tee,,,,,,,,TEE-M,,,M,19.00,,TRUE,5,150,,,,\n"
    )
    assert (found.format, found.errors) == ("shopify", [])
    assert [(row.sku, row.options, str(row.price), row.stock, str(row.weight_kg)) for row in found.rows] == [
        ("TEE-S", (("Size", "S"),), "19.00", 4, "0.150"),
        ("TEE-M", (("Size", "M"),), "19.00", 5, "0.150"),
    ]
    assert found.rows[0].attributes["fabric"] == "cotton|linen"
    assert found.rows[1].title == "Tee"


def test_rows_of_a_shopify_product_need_not_stand_together(read_bytes) -> None:
    found = read_bytes(
        "variant price,HANDLE,Title,Option1 Name,Option1 Value,Image Src\n"
        "5,tee,Tee,Size,S,a.jpg\n4,mug,Mug,,,\n,tee,,,,b.jpg\n6,tee,,,M,\n"
    )
    assert [(row.handle, row.title, row.options) for row in found.rows] == [
        ("tee", "Tee", (("Size", "S"),)),
        ("mug", "Mug", ()),
        ("tee", "Tee", (("Size", "M"),)),
    ]
    assert found.errors == []


def test_woocommerce_without_skus_with_gaps_and_variations_first(read_bytes) -> None:
    found = read_bytes(
        "ID,TYPE,NAME,Regular price,Parent,Attribute 1 name,Attribute 1 value(s),Attribute 4 name,Attribute 4 value(s)\n"
        '2,variation,Tee - L,"9,50",ID:1,Size,L,Colour,Red\n'
        '1,variable,Tee,,,Size,"S, L",Colour,"Red, Blue"\n'
        '3,simple,Mug,"5,00",,Size,Big,,\n'
    )
    assert [(row.sku, row.handle, row.options, str(row.price)) for row in found.rows] == [
        ("id-2", "tee", (("Size", "L"), ("Colour", "Red")), "9.50"),
        ("id-3", "mug", (), "5.00"),
    ]


def test_woocommerce_products_that_are_sold_elsewhere_are_refused_with_their_reason(read_bytes) -> None:
    found = read_bytes("Type,SKU,Name,Regular price\ngrouped,G,All,\nexternal,E,Away,5\nsubscription,S,Club,5\n")
    assert found.rows == []
    assert [error.reason.split(" ")[1] for error in found.errors] == ["grouped", "external", "simple,"]


def test_magentos_separators_quotes_and_header_case(read_bytes) -> None:
    found = read_bytes(
        "SKU;product_type;attribute_set_code;Name;price;categories;additional_attributes;configurable_variations;"
        "store_view_code\n"
        'A;simple;Top;Top A;5;Root/Men|Root/Sale;"colour=""Red""|note=""a, b""";;\n'
        "A;simple;Top;Oberteil A;;;;;de\n"
        "P;configurable;Top;Top;;Root/Men;;sku=A,size=M;\n"
        "B;bundle;Top;Both;5;;;;\n"
    )
    assert [(row.sku, row.handle, row.options) for row in found.rows] == [("A", "top", (("Size", "M"),))]
    assert found.rows[0].attributes == {"colour": "Red", "note": "a, b"}
    assert [error.column for error in found.errors] == ["bundle_values"]
    alone = read_bytes(
        "sku,product_type,attribute_set_code,name,price,categories\nA,simple,T,A,5,Root/Men|Root/Sale/Now\n"
    )
    assert alone.rows[0].categories == (("Men",), ("Sale", "Now"))


@pytest.mark.feature("IE01")
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_delimiter_and_decimal_comma_are_told_from_the_file(read_bytes, codec: str, delimiter: str) -> None:
    rows = [
        ["handle", "sku", "title", "price"],
        ["tuer", "T-1", "Tür für Zwei", '"1.234,50"'],
        ["tor", "T-2", "Tor", '"9,95"'],
    ]
    text = "".join(delimiter.join(row) + "\r\n" for row in rows)
    found = read_bytes(text.encode(codec))
    assert found.errors == []
    assert [(row.title, str(row.price)) for row in found.rows] == [("Tür für Zwei", "1234.50"), ("Tor", "9.95")]


def test_days_are_read_when_they_are_plain_and_asked_for_when_not(read_bytes) -> None:
    head = "Type,SKU,Name,Regular price,Sale price,Date sale price starts\n"
    found = read_bytes(head + "simple,A,A,9,5,31.01.2020\nsimple,B,B,9,5,2020-01-31 00:00:00\nsimple,C,C,9,5,soon\n")
    assert [(row.sku, str(row.price)) for row in found.rows] == [("A", "5.00"), ("B", "5.00")]
    assert "Expected year-month-day" in found.errors[0].reason


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ("email,first_name", "import_customers"),
        ("from_path,to_path", "import_redirects"),
        ("slug,locale,name", "translations"),
        ("sku,location,quantity", "import_stock"),
        ("SKU,price,currency", "import_prices"),
    ],
)
def test_a_file_of_something_else_is_sent_to_its_command(read_bytes, header: str, word: str) -> None:
    from catalog.importing.rows import UnreadableFile

    with pytest.raises(UnreadableFile, match=word):
        read_bytes(header + "\na,b,c\n")
