"""A line that is taxed at several rates (a kit of differently taxed parts) stands on an invoice once for each rate."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shop.money import split_money

Json = Mapping[str, Any]


def split_by_rate(line: Json, quote: Json) -> list[Json]:
    """The stored line itself, or its shares, written like lines: each one piece of so much, with its own rate."""
    shares = line.get("taxes", ())
    if len(shares) < 2:
        return [line]
    contains_tax = quote["prices_include_tax"] and not quote["is_export"]
    weights = [Decimal(share["weight"]) for share in shares]
    whole = split_money(Decimal(line["before_discount"]), weights, quote["currency"])
    return [
        _share(line, share, before, "gross" if contains_tax else "net")
        for share, before in zip(shares, whole, strict=True)
    ]


def _share(line: Json, share: Json, before: Decimal, displayed: str) -> Json:
    item = line["item"]
    percent = (Decimal(share["rate"]) * 100).normalize()
    return {
        "item": {**item, "name": f"{item['quantity']} × {item['name']}, the part at {percent:f} %", "quantity": 1},
        "unit_price": str(before),
        "before_discount": str(before),
        "discount": str(before - Decimal(share[displayed])),
        "tax_rate": share["rate"],
        **{key: share[key] for key in ("net", "tax", "gross")},
    }
