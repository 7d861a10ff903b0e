"""The same figures as an electronic invoice: EN 16931 in its two syntaxes, written and checked by the factur-x library.

CII goes into the PDF (Factur-X 1.0, profile EN 16931); UBL 2.1 is a file of its own. Credit notes carry positive figures
and type 381, as the norm wants it (BT-3). Prices are net: a unit price is the line's net sum by its quantity (BT-146).
"""

import logging
from datetime import date
from decimal import Decimal
from typing import Any

from facturx.generate_xml import generate_cii_xml, generate_ubl_xml

from checkout.invoices.figures import EXPORT, GOODS_TO_MEMBER_STATE, REVERSE_CHARGE, Json
from shop.money import ZERO

logging.getLogger("factur-x").setLevel(logging.WARNING)  # It tells of each document that is right.

LEVEL = "en16931"
INVOICE, CREDIT_NOTE = "380", "381"
PRICE_UNIT = Decimal("0.0001")
WHY_FREE = {
    EXPORT: "Export outside the European Union (Article 146, Directive 2006/112/EC)",
    GOODS_TO_MEMBER_STATE: "Tax-free intra-Community supply, the recipient accounts for the VAT (Article 138, Directive"
    " 2006/112/EC)",
    REVERSE_CHARGE: "Reverse charge: the recipient of the service accounts for the VAT (Article 196, Directive"
    " 2006/112/EC)",
}
REASON_CODES = {EXPORT: "VATEX-EU-G", GOODS_TO_MEMBER_STATE: "VATEX-EU-IC", REVERSE_CHARGE: "VATEX-EU-AE"}
"""BT-121, from the norm's code list VATEX."""


class NoSellerData(Exception):
    """The seller's VAT identifier is missing: the norm has no invoice without it (BR-S-02)."""


def write_cii(figures: Json) -> bytes:
    """Factur-X; raises what the library raises when the document breaks its schema."""
    return bytes(generate_cii_xml(_document(figures), level=LEVEL, check_xsd=True, check_schematron=""))


def write_ubl(figures: Json) -> bytes:
    return bytes(generate_ubl_xml(_document(figures), level=LEVEL, check_xsd=True, check_schematron=""))


def _document(figures: Json) -> dict[str, Any]:
    if not figures["seller"].get("vat_id"):
        raise NoSellerData("SELLER_VAT_ID is not set; an electronic invoice needs it.")
    line_sum = sum((Decimal(line["net"]) for line in figures["lines"]), ZERO)
    charge_sum = sum((Decimal(charge["net"]) for charge in figures["charges"]), ZERO)
    total = Decimal(figures["total"])
    document: dict[str, Any] = {
        "BT-1": figures["label"],
        "BT-2": date.fromisoformat(figures["issued_on"]),
        "BT-3": CREDIT_NOTE if figures["kind"] == "credit note" else INVOICE,
        "BT-5": figures["currency"],
        "BT-13": figures["order"],
        "BG-4": _seller(figures["seller"]),
        "BG-7": _buyer(figures["buyer"], figures["seller"]["country"]),
        "BT-81": "48",
        "BT-82": "Card",
        "BT-106": _text(line_sum),
        "BT-109": _text(figures["total_net"]),
        "BT-110": _text(figures["total_tax"]),
        "BT-112": _text(total),
        "BT-113": _text(total),
        "BT-115": _text(total - total),
        "BG-23": [_tax(row) for row in figures["taxes"]],
        "BG-25": [_line(line) for line in figures["lines"]],
    }
    if figures["delivery"].get("country"):
        document["BG-13"] = _place(figures["delivery"])
    if not figures["delivery"].get("country") or _has_goods_to_member_state(figures):
        # What travels by wire is there on the day it is paid. For goods to another member state the norm wants a day as
        # well (BR-IC-11); their parcels leave after the invoice, so it is the day of the invoice.
        document["BT-72"] = document["BT-2"]
    if figures["charges"]:
        document["BT-108"] = _text(charge_sum)
        document["BG-21"] = [_charge(charge) for charge in figures["charges"]]
    if figures["kind"] == "credit note":
        document["BG-3"] = [
            {
                "BT-25": figures["corrects"]["label"],
                "BT-26": date.fromisoformat(figures["corrects"]["issued_on"]),
            }
        ]
    return document


def _seller(seller: Json) -> dict[str, Any]:
    return {
        "name": seller["name"],
        "vat_identifier": seller["vat_id"],
        "addr_l1": seller["street"],
        "postcode": seller["postcode"],
        "city": seller["city"],
        "country_code": seller["country"],
        "einvoicing_addr": seller["email"],
        "einvoicing_addr_schemeid": "EM",
    }


def _buyer(buyer: Json, home: str) -> dict[str, Any]:
    return {
        **({"vat_identifier": buyer["vat_id"]} if buyer.get("vat_id") else {}),
        "country_code": home,
        **_place({**buyer, "name": buyer["name"] or buyer["email"]}),
        "einvoicing_addr": buyer["email"],
        "einvoicing_addr_schemeid": "EM",
    }


def _place(address: Json) -> dict[str, Any]:
    party = {}
    for name, key in (
        ("name", "name"), ("addr_l1", "street"), ("addr_l2", "street_more"), ("postcode", "postcode"), ("city", "city"),
        ("country_code", "country"),
    ):  # fmt: skip
        if address.get(key):
            party[name] = address[key]
    return party


def _tax(row: Json) -> dict[str, Any]:
    category = row["category"]
    found = {"BT-116": _text(row["net"]), "BT-117": _text(row["tax"]), "BT-118": category, "BT-119": row["rate"]}
    if category not in WHY_FREE:
        return found
    return {**found, "BT-120": WHY_FREE[category], "BT-121": REASON_CODES[category]}


def _charge(charge: Json) -> dict[str, Any]:
    return {
        "amount": _text(charge["net"]),
        "reason": charge["name"],
        "vat_category_code": charge["category"],
        "vat_rate": charge["rate"],
    }


def _line(line: Json) -> dict[str, Any]:
    quantity, net = Decimal(line["quantity"]), Decimal(line["net"])
    written = {
        "BT-126": str(line["number"]),
        "BT-129": _text(quantity),
        "BT-130": "C62",
        "BT-131": _text(net),
        "BT-146": _text((net / quantity).quantize(PRICE_UNIT)),
        "BT-151": line["category"],
        "BT-152": line["rate"],
        "BT-153": line["name"],
    }
    return {**written, "BT-155": line["sku"]} if line["sku"] else written


def _has_goods_to_member_state(figures: Json) -> bool:
    return any(row["category"] == GOODS_TO_MEMBER_STATE for row in figures["taxes"])


def _text(amount: Decimal | str) -> str:
    """A figure as the norm writes it: no exponent."""
    return f"{Decimal(amount):f}"
