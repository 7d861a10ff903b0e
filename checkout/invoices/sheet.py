"""A paper as PDF/A-3 (typst draws it, with its own fonts and no system library), the electronic invoice inside (Factur-X)."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst
from babel.dates import format_date
from django.conf import settings
from facturx import generate_from_binary

from checkout.invoices.einvoice import LEVEL, WHY_FREE, NoSellerData, write_cii
from checkout.invoices.figures import EXPORT, Json
from shop.money import ZERO, format_money

SHEET = Path(settings.BASE_DIR) / "templates" / "documents" / "paper.typ"


def draw_pdf(figures: Json) -> bytes:
    """The PDF; without an electronic invoice inside when the seller has no VAT identifier."""
    sheet = typst.compile(str(SHEET), sys_inputs={"paper": json.dumps(words_of(figures))}, pdf_standards=["a-3b"])
    try:
        inside = write_cii(figures)
    except NoSellerData:
        return bytes(sheet)
    metadata = {
        "author": figures["seller"]["name"],
        "title": _title(figures),
        "subject": _title(figures),
        "keywords": figures["order"],
    }
    return bytes(
        generate_from_binary(
            bytes(sheet), inside, flavor="factur-x", level=LEVEL, check_xsd=False, pdf_metadata=metadata, lang="en"
        )
    )


def _title(figures: Json) -> str:
    return f"{figures['kind'].capitalize()} {figures['label']}"


def words_of(figures: Json) -> dict[str, Any]:
    """Every figure as it is printed."""
    currency, is_gross = figures["currency"], figures["prices_include_tax"]

    def money(amount: Any) -> str:
        return format_money(Decimal(amount), currency)

    seller = figures["seller"]
    displayed = "gross" if is_gross else "net"
    discount = sum((Decimal(line["discount"]) for line in figures["lines"]), ZERO)
    issued = date.fromisoformat(figures["issued_on"])
    return {
        "title": _title(figures),
        "year": issued.year, "month": issued.month, "day": issued.day,
        "heading": figures["kind"].capitalize(),
        "label": figures["label"],
        "facts": _facts(figures),
        "seller_name": seller["name"],
        "seller_line": f"{seller['name']} · {seller['street']} · {seller['postcode']} {seller['city']}",
        "buyer_lines": figures["buyer"]["lines"],
        "delivery_lines": [] if figures["delivery"]["lines"] == figures["buyer"]["lines"] else figures["delivery"]["lines"],
        "lines": [
            {
                "number": str(line["number"]),
                "name": line["name"],
                "sku": line["sku"],
                "quantity": str(line["quantity"]),
                "unit": money(line["unit_price"]),
                "discount": money(-Decimal(line["discount"])) if Decimal(line["discount"]) else "",
                "rate": f"{line['rate']} %",
                "total": money(line[displayed]),
            }
            for line in (*figures["lines"], *_charge_lines(figures, displayed))
        ],
        "price_words": f"Prices {'include' if is_gross else 'are without'} tax.",
        "discount_words": f"Discounts of {money(discount)} are taken off the lines above." if discount else "",
        "taxes": [
            {
                "name": row["name"] or f"{row['rate']} %",
                "rate": f"{row['rate']} %",
                "net": money(row["net"]),
                "tax": money(row["tax"]),
                "gross": money(row["gross"]),
            }
            for row in figures["taxes"]
        ],
        "total_net": money(figures["total_net"]),
        "total_tax": money(figures["total_tax"]),
        "total": money(figures["total"]),
        "closing": _closing(figures, money),
        "foot": [
            part
            for part in (
                f"{seller['name']}, {seller['street']}, {seller['postcode']} {seller['city']}, {seller['country']}",
                f"VAT id {seller['vat_id']}" if seller["vat_id"] else "",
                seller["register"],
                seller["email"],
            )
            if part
        ],
    }  # fmt: skip


def _facts(figures: Json) -> list[list[str]]:
    facts = [["Number", figures["label"]], ["Date", _day(figures["issued_on"])], ["Order", figures["order"]]]
    if figures["buyer"].get("vat_id"):
        facts.append(["Your VAT id", figures["buyer"]["vat_id"]])
    if figures["kind"] == "credit note":
        corrected = figures["corrects"]
        facts.append(["Corrects", f"{corrected['label']} of {_day(corrected['issued_on'])}"])
    else:
        facts.append(["Ordered on", _day(figures["ordered_on"])])
    return facts


def _charge_lines(figures: Json, displayed: str) -> list[Json]:
    first = len(figures["lines"]) + 1
    return [
        {**charge, "number": number, "sku": "", "quantity": 1, "unit_price": charge[displayed], "discount": "0"}
        for number, charge in enumerate(figures["charges"], start=first)
    ]


def _closing(figures: Json, money: Any) -> list[str]:
    is_transfer = figures.get("paid_by") == "transfer"
    if figures["kind"] == "credit note":
        source = "account it came from" if is_transfer else "card that was used"
        words = [f"{money(figures['total'])} went back to the {source}."]
        return [*words, f"Reason: {figures['reason']}"] if figures["reason"] else words
    words = [
        f"Paid by {'bank transfer' if is_transfer else 'card'}. The goods are delivered with the parcels of this order."
    ]
    free = [row["category"] for row in figures["taxes"] if row["category"] != EXPORT]
    words += [f"{WHY_FREE[category]}." for category in free if category in WHY_FREE]
    if figures["is_export"]:
        words.append("Tax-free export to a country outside the European Union.")
    return words


def _day(iso: str) -> str:
    return format_date(date.fromisoformat(iso), "d MMMM y", locale="en_GB")
