"""The price of a stock record: one definition with a bulk form. Page, basket, quote and feed all ask here."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.kits.weight import UNIT_WEIGHT
from catalog.pricing.showing import Showing, Turned, current_showing
from shop.written_once import ask

_PRICES = f"""
SELECT record.id, record.product_id, record.partner_sku, record.price, record.price_currency,
       detail.compare_at_price, COALESCE(detail.tax_class, 'standard'), {UNIT_WEIGHT}
FROM partner_stockrecord record LEFT JOIN catalog_pricedetail detail ON detail.stock_record_id = record.id
WHERE record.id = ANY(%s) AND record.price IS NOT NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """One unit now, in `currency`; gross or net as the setting PRICES_INCLUDE_TAX says.

    `compare_at` is the struck-through former price, or None when the product is not reduced. `weight_kg` per unit;
    a kit that has no weight of its own weighs what its parts weigh. `turned` tells how the amount comes from the entered
    one, where the two differ.
    """

    stock_record_id: int
    product_id: int
    sku: str
    amount: Decimal
    compare_at: Decimal | None
    currency: str
    tax_class: str
    weight_kg: Decimal | None
    turned: Turned | None = None

    @property
    def is_reduced(self) -> bool:
        return self.compare_at is not None


def prices_for(stock_record_ids: Iterable[int]) -> dict[int, Price]:
    """Prices by stock record id, in one query. A stock record that has no price is left out: it cannot be sold.

    Where prices are shown otherwise than entered, the rates are asked for too (`current_showing`), and what has none is
    left out.
    """
    ids = list(stock_record_ids)
    if not ids:
        return {}
    showing = current_showing()
    found = (_read_price(row, showing) for row in ask(_PRICES, (ids,)))
    return {price.stock_record_id: price for price in found if price is not None}


def price_for(stock_record_id: int) -> Price | None:
    return prices_for([stock_record_id]).get(stock_record_id)


def _read_price(row: tuple[Any, ...], showing: Showing) -> Price | None:
    record_id, product_id, sku, entered, currency, former, tax_class, weight_kg = row
    amount = showing.show(entered, tax_class=tax_class, currency=currency)
    if amount is None:
        return None
    compare_at = showing.show(former, tax_class=tax_class, currency=currency)
    return Price(
        stock_record_id=record_id,
        product_id=product_id,
        sku=sku,
        amount=amount,
        compare_at=compare_at if compare_at is not None and compare_at > amount else None,
        currency=currency,
        tax_class=tax_class,
        weight_kg=weight_kg,
        turned=showing.turn(entered, tax_class=tax_class),
    )
