"""The first prices of stock records that were made in the same transaction, at the speed of COPY."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.importing.bulk import Bulk
from catalog.pricing.change import refuse_impossible

_DETAIL = ("stock_record_id", "compare_at_price", "cost", "tax_class", "weight_kg")
_HISTORY = ("stock_record_id", "sku", "price", "compare_at_price", "currency", "actor_name", "reason")


@dataclass(slots=True, kw_only=True)
class FirstPrice:
    """What a new stock record costs and weighs; amounts in `currency`. `price` stands in the record already."""

    stock_record_id: int
    sku: str
    currency: str
    price: Decimal | None
    compare_at: Decimal | None
    cost: Decimal | None
    tax_class: str
    weight_kg: Decimal | None


def write_first_prices(prices: Sequence[FirstPrice], *, actor_name: str, reason: str, bulk: Bulk) -> None:
    """Details, and the first row of each history. Raises PriceRefused before anything is written."""
    for one in prices:
        refuse_impossible(one.price, what="price", sku=one.sku, currency=one.currency)
        refuse_impossible(one.compare_at, what="former price", sku=one.sku, currency=one.currency)
    bulk.copy_rows("catalog_pricedetail", _DETAIL, _list_details(prices))
    bulk.copy_rows(
        "catalog_pricechange",
        _HISTORY,
        ((one.stock_record_id, one.sku, one.price, one.compare_at, one.currency, actor_name, reason) for one in prices),
    )


def _list_details(
    prices: Sequence[FirstPrice],
) -> Iterator[tuple[int, Decimal | None, Decimal | None, str, Decimal | None]]:
    for one in prices:
        yield (one.stock_record_id, one.compare_at, one.cost, one.tax_class, one.weight_kg)
