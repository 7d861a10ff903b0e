"""Baskets and offers as plain data, for the engine's tests."""

import itertools
from decimal import Decimal
from typing import Any

from promotions.apply import apply_offers
from promotions.rules import COUNT, PERCENTAGE, Benefit, Condition, Discounts, Offer, PricedLine, ProductRange

EVERYTHING = ProductRange(id=1, name="All products", includes_all=True)
TEXTILES = ProductRange(id=2, name="Textiles", category_ids=frozenset({10}))
LAMPS = ProductRange(id=3, name="Lamps", category_ids=frozenset({20}))

_ids = itertools.count(1)


def line(key: str, price: str, quantity: int = 1, *, category: int = 10, **facts: Any) -> PricedLine:
    number = facts.pop("product_id", None) or next(_ids)
    return PricedLine(
        key=key,
        product_id=number,
        stock_record_id=number,
        unit_price=Decimal(price),
        quantity=quantity,
        category_ids=frozenset({category}),
        **facts,
    )


def offer(
    *,
    name: str = "",
    of: ProductRange = EVERYTHING,
    condition: tuple[str, str] = (COUNT, "1"),
    benefit: tuple[str, str] = (PERCENTAGE, "10"),
    on: ProductRange | None = None,
    max_affected_items: int | None = None,
    **said: Any,
) -> Offer:
    number = said.pop("id", None) or next(_ids)
    return Offer(
        id=number,
        name=name or f"Offer {number}",
        condition=Condition(kind=condition[0], value=Decimal(condition[1]), range=of),
        benefit=Benefit(
            kind=benefit[0], value=Decimal(benefit[1]), range=on or of, max_affected_items=max_affected_items
        ),
        **said,
    )


def discount(lines: list[PricedLine], *offers: Offer) -> Discounts:
    return apply_offers(lines, offers, "EUR")


def cents(text: str) -> Decimal:
    return Decimal(text)
