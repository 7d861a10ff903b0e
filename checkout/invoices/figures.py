"""What stands on an invoice: taken from the stored quote and the order's addresses, never priced again.

Amounts are strings in the order's currency. `category` is the VAT category code of EN 16931 (UNCL 5305): S standard or
reduced rate, Z rate of nought, G export out of the EU's VAT area; to a company of another member state K for goods (intra-
Community supply, Article 138 of Directive 2006/112/EC) and AE for what is downloaded (a service, Articles 44 and 196).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from oscar.apps.order.models import Order

from checkout.invoices.mixed_kits import split_by_rate
from checkout.orders.address_lines import address_lines
from shop.money import ZERO

Json = dict[str, Any]
EXPORT, GOODS_TO_MEMBER_STATE, REVERSE_CHARGE = "G", "K", "AE"
SUMS = ("net", "tax", "gross")


def invoice_figures(
    order: Order, quote: Mapping[str, Any], *, issued_on: date, paid: Decimal, paid_by: str = "card"
) -> Json:
    is_export, vat_id = bool(quote.get("is_export")), str(quote.get("vat_id") or "")
    ordered = [part for line in quote["lines"] for part in split_by_rate(line, quote)]
    lines = [_line(number, one, quote) for number, one in enumerate(ordered, start=1)]
    taxes = _taxes(quote, lines)
    return {
        "kind": "invoice",
        "issued_on": issued_on.isoformat(),
        "order": order.number,
        "ordered_on": order.date_placed.date().isoformat(),
        "currency": order.currency,
        "prices_include_tax": bool(quote["prices_include_tax"]) and not is_export,
        "is_export": is_export and not vat_id,
        **({"tax_country": quote["tax_country"]} if quote.get("tax_country") else {}),
        "seller": settings.SELLER.as_json(),
        "buyer": {
            **_party(order.billing_address or order.shipping_address, email=order.guest_email or _mail_of(order)),
            **({"vat_id": vat_id} if vat_id else {}),
        },
        "delivery": _party(order.shipping_address, email=""),
        "lines": lines,
        "charges": _charges(quote, lines, taxes),
        "taxes": taxes,
        "total_net": quote["total_net"],
        "total_tax": quote["total_tax"],
        "total": quote["total"],
        "paid": str(paid),
        "paid_by": paid_by,
    }


def _line(number: int, line: Mapping[str, Any], quote: Mapping[str, Any]) -> Json:
    item = line["item"]
    return {
        "number": number,
        "sku": item["sku"],
        "name": "; ".join(
            (
                f"{item['name']}, {item['label']}" if item["label"] else item["name"],
                *(f"{one['name']}: {one['text']}" for one in item.get("texts", ())),
            )
        ),
        "quantity": item["quantity"],
        "unit_price": line["unit_price"],
        "before_discount": line["before_discount"],
        "discount": line["discount"],
        "rate": rate_words(line["tax_rate"]),
        "category": line_category(line, quote),
        **{key: line[key] for key in SUMS},
    }


def _taxes(quote: Mapping[str, Any], lines: Sequence[Json]) -> list[Json]:
    """One row per rate, as a tax office wants them; two classes may share a rate.

    What a company of another member state downloads is taken out of the quote's one row of nought.
    """
    found: dict[str, Json] = {}
    for row in quote["taxes"]:
        rate = rate_words(row["rate"])
        known = found.get(rate)
        if known is None:
            category = category_of(row["rate"], quote)
            found[rate] = {"name": row["name"], "rate": rate, "category": category, **{key: row[key] for key in SUMS}}
        else:
            known |= {key: str(Decimal(known[key]) + Decimal(row[key])) for key in SUMS}
    downloads = [line for line in lines if line["category"] == REVERSE_CHARGE]
    if not downloads:
        return list(found.values())
    (whole,) = found.values()
    wired = {key: sum((Decimal(line[key]) for line in downloads), ZERO) for key in SUMS}
    goods = {**whole, **{key: str(Decimal(whole[key]) - wired[key]) for key in SUMS}}
    services = {**whole, "category": REVERSE_CHARGE, **{key: str(wired[key]) for key in SUMS}}
    return [goods, services] if len(downloads) < len(lines) else [services]


def _charges(quote: Mapping[str, Any], lines: Sequence[Json], taxes: Sequence[Json]) -> list[Json]:
    """Delivery, per rate: what the sums by rate hold beyond the lines."""
    shipping = quote.get("shipping")
    if not shipping or not Decimal(shipping["gross"]):
        return []
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in lines:
        for key in SUMS:
            sums[kind_of(line)][key] += Decimal(line[key])
    charges = []
    for row in taxes:
        rest = {key: Decimal(row[key]) - sums[kind_of(row)][key] for key in SUMS}
        if any(rest.values()):
            charges.append(
                {
                    "name": f"Delivery, {shipping['name']}",
                    "rate": row["rate"],
                    "category": row["category"],
                    **{key: str(value) for key, value in rest.items()},
                }
            )
    return charges


def rate_words(fraction: str) -> str:
    """`0.1900` → `19`."""
    percent = (Decimal(fraction) * 100).normalize()
    return str(percent.quantize(Decimal(1)) if percent == percent.to_integral_value() else percent)


def category_of(rate: str, quote: Mapping[str, Any], *, is_parcel: bool = True) -> str:
    """`rate` is a fraction. `is_parcel`: goods and their delivery, not a download."""
    if quote.get("vat_id"):
        return GOODS_TO_MEMBER_STATE if is_parcel else REVERSE_CHARGE
    if quote.get("is_export"):
        return EXPORT
    return "S" if Decimal(rate) else "Z"


def line_category(line: Mapping[str, Any], quote: Mapping[str, Any]) -> str:
    """Of a line of the quote."""
    return category_of(line["tax_rate"], quote, is_parcel=line["item"].get("needs_parcel", True))


def kind_of(row: Mapping[str, Any]) -> str:
    """What is summed together on an invoice: `S 19`."""
    return f"{row['category']} {row['rate']}"


def _party(address: Any, *, email: str) -> Json:
    """Whoever orders nothing that travels may have left no address but that of their mails."""
    if address is None:
        return {"name": email, "lines": [email] if email else [], "country": "", "email": email}
    return {
        "name": f"{address.first_name} {address.last_name}".strip(),
        "lines": list(address_lines(address)),
        "street": address.line1,
        "street_more": address.line2,
        "postcode": address.postcode,
        "city": address.line4,
        "country": address.country_id,
        "email": email,
    }


def _mail_of(order: Order) -> str:
    return order.user.email if order.user else ""
