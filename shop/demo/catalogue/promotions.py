"""Offers and voucher codes of the demo shop, as data: what is given, on what, under which condition."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

FILE = Path(__file__).parent / "voices" / "promotions.toml"


@dataclass(frozen=True, slots=True)
class DemoPromotion:
    """`kind`: a percentage off, an amount off, the cheapest of `every` free, or free shipping. `value` is percent or EUR.

    `code` is a voucher code, empty for an offer that applies by itself. `categories` and `handles` bound what it counts
    on (both empty: everything). `minimum` is the basket's gross total in EUR from which it holds."""

    name: str
    sentence: str
    kind: Literal["percentage", "amount", "multibuy", "free_shipping"]
    value: Decimal
    code: str
    categories: tuple[str, ...]
    minimum: Decimal
    every: int
    once_per_customer: bool
    days: int


@cache
def demo_promotions() -> tuple[DemoPromotion, ...]:
    """Every offer and voucher; `days` is how long it runs from the day of loading."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"), parse_float=Decimal)["promotion"]
    return tuple(
        DemoPromotion(
            name=entry["name"],
            sentence=entry["sentence"],
            kind=entry["kind"],
            value=Decimal(entry.get("value", 0)),
            code=entry.get("code", ""),
            categories=tuple(entry.get("categories", ())),
            minimum=Decimal(entry.get("minimum", 0)),
            every=entry.get("every", 0),
            once_per_customer=entry.get("once_per_customer", False),
            days=entry.get("days", 90),
        )
        for entry in entries
    )
