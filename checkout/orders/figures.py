"""The figures of an order as the shopper agreed to them: read from the stored quote, never priced again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from oscar.apps.order.models import Order

from checkout.orders.line_pictures import NOTHING, pictures_of
from shop.money import format_money

Json = Mapping[str, Any]


def present_lines(quote: Json) -> list[dict[str, Any]]:
    """Lines of templates/orders/order.html; names and amounts are the snapshot's, only pictures are today's."""
    items = [(line, line["item"]) for line in quote.get("lines", ())]
    pictures = pictures_of({item["product_id"]: item.get("parent_id") or item["product_id"] for _, item in items})
    lines = []
    for line, item in items:
        found = pictures.get(item["product_id"], NOTHING)
        lines.append(
            {
                "name": item["name"],
                "label": item["label"],
                "quantity": item["quantity"],
                "total": Decimal(line["total"]),
                "note": "",
                "details": details_of(item),
                "url": found.url,
                "picture": found.picture,
                "tint": found.tint,
            }
        )
    return lines


def details_of(item: Json) -> list[str]:
    """What stands under the name of a stored item: what is inside a kit, what is written on it."""
    inside = [f"{part['quantity']} × {part['title']}" for part in item.get("parts", ())]
    return inside + [f"{one['name']}: {one['text']}" for one in item.get("texts", ())]


def present_totals(order: Order, quote: Json) -> dict[str, Any]:
    """Rows of templates/components/summary_totals.html, each explained by the steps of the stored trace."""
    reasons = _explain(quote.get("trace", ()))
    rows = []
    if "goods_before_discount" in quote:
        rows.append(_row("Goods", Decimal(quote["goods_before_discount"]), reasons["base"]))
    for one in quote.get("discounts", ()):
        if Decimal(one["amount"]):
            name = f"{one['name']} ({one['voucher_code']})" if one["voucher_code"] else one["name"]
            rows.append(_row(name, -Decimal(one["amount"]), [], is_given=True))
    shipping = quote.get("shipping")
    if shipping:
        price = Decimal(shipping["before_discount"])
        rows.append(_row(f"Delivery, {shipping['name']}", price, reasons["shipping"], words="" if price else "free"))
    taxes = [one for one in quote.get("taxes", ()) if Decimal(one["tax"])]
    tax_words = ", ".join(f"{one['name']}: {format_money(Decimal(one['tax']), order.currency)}" for one in taxes)
    included = quote.get("prices_include_tax") and not quote.get("is_export")
    if not included:
        rows.extend(_row(one["name"], Decimal(one["tax"]), []) for one in taxes)
    return {
        "currency": order.currency,
        "rows": rows,
        "total": order.total_incl_tax,
        "total_label": "Total",
        "tax_words": f"Of this, {tax_words}" if included and tax_words else "",
    }


def _row(
    label: str, amount: Decimal, explanation: Sequence[str], *, words: str = "", is_given: bool = False
) -> dict[str, Any]:
    return {
        "label": label,
        "amount": amount,
        "words": words,
        "is_given": is_given,
        "explanation": list(explanation),
    }


def _explain(trace: Sequence[Json]) -> dict[str, list[str]]:
    """Words of the steps, by kind."""
    found: dict[str, list[str]] = defaultdict(list)
    for step in trace:
        found[str(step["kind"])].append(str(step["words"]))
    return found
