"""Two hundred past orders over ninety days, invented but always the same: who bought what, from where, and how it ended."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from typing import Literal

from shop.demo.catalogue.people import PEOPLE, Person
from shop.demo.catalogue.variants import Variant, demo_variants
from shop.demo.illustrations.canvas import dice

Status = Literal["shipped", "to_ship", "cancelled", "refunded"]

COUNT, DAYS, TO_SHIP = 200, 90, 14


@dataclass(frozen=True, slots=True)
class DemoOrderLine:
    """`quantity` units of one SKU."""

    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class DemoOrder:
    """`days_ago` and `minute` (of that day, UTC) say when; `method` is the delivery; `voucher` a code or empty."""

    number: int
    days_ago: int
    minute: int
    customer: Person
    lines: tuple[DemoOrderLine, ...]
    status: Status
    method: Literal["standard", "express", "pickup"]
    voucher: str


@cache
def demo_orders() -> tuple[DemoOrder, ...]:
    """Oldest first; the fourteen youngest are paid and wait to be shipped."""
    chance = dice("orders")
    moments = sorted(
        ((_day(chance), chance.randrange(6 * 60, 23 * 60)) for _ in range(COUNT)), key=lambda m: (-m[0], m[1])
    )
    return tuple(_order(number, *moment) for number, moment in enumerate(moments, start=1))


def _day(chance: random.Random) -> int:
    """Days ago; trade has grown, so recent days are likelier, and nothing is from today."""
    return 1 + int((DAYS - 1) * chance.random() ** 1.25)


def _order(number: int, days_ago: int, minute: int) -> DemoOrder:
    chance = dice("order", number)
    customer = chance.choices(PEOPLE, [person.weight for person in PEOPLE])[0]
    status: Status = "shipped"
    if number > COUNT - TO_SHIP:
        status = "to_ship"
    elif chance.random() < 0.045:
        status = "cancelled"
    elif chance.random() < 0.04:
        status = "refunded"
    method: Literal["standard", "express", "pickup"] = "standard"
    if customer.country == "DE":
        method = chance.choices(("standard", "express", "pickup"), (84, 10, 6 if customer.city != "Berlin" else 40))[0]
    voucher = "WELCOME10" if chance.random() < 0.08 else ""
    return DemoOrder(
        number=number,
        days_ago=days_ago,
        minute=minute,
        customer=customer,
        lines=_lines(chance),
        status=status,
        method=method,
        voucher=voucher,
    )


def _lines(chance: random.Random) -> tuple[DemoOrderLine, ...]:
    count = chance.choices((1, 2, 3, 4, 5), (38, 30, 18, 9, 5))[0]
    pool = [variant for variant in demo_variants() if not (variant.product.inside or variant.product.files)]
    chosen: dict[str, Variant] = {}
    while len(chosen) < count:
        variant = chance.choices(pool, [_appeal(variant) for variant in pool])[0]
        chosen.setdefault(variant.sku, variant)
    return tuple(DemoOrderLine(sku, _quantity(chance, variant)) for sku, variant in chosen.items())


def _appeal(variant: Variant) -> float:
    """Cheap things sell more often than dear ones, and some products simply sell."""
    price = float(variant.price)
    return dice("appeal", variant.product.handle).uniform(0.3, 2.0) / (12 + price)


def _quantity(chance: random.Random, variant: Variant) -> int:
    if variant.price < 35:
        return chance.choices((1, 2, 3, 4, 6), (52, 25, 9, 9, 5))[0]
    return chance.choices((1, 2), (92, 8))[0]
