"""Change displayed prices: stock records, the append-only history and the search documents in one transaction.

Prices that fell are told to the rooms above by the event `price.fell`.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from django.db import connection, transaction

from catalog.kits.prices import derive_prices, kits_that_follow
from catalog.search.index import refresh_documents
from shop.money import name_step, smallest_amount
from shop.outbox.publish import publish

LARGEST_PRICE: Final = Decimal("9999999999.99")


class PriceRefused(ValueError):
    """A price that cannot be displayed; the message is the sentence to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPrice:
    """What a stock record shall cost, in its own currency. `price` None takes it off sale.

    `compare_at` is the whole new truth: None clears the struck-through price, unless `keep_compare_at` is set.
    """

    stock_record_id: int
    price: Decimal | None
    compare_at: Decimal | None = None
    keep_compare_at: bool = False


# Locked by a statement of its own: one that waits for the records would still read the details as they were before.
_LOCK = "SELECT id FROM partner_stockrecord WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
_KNOWN = """
SELECT record.id, record.partner_sku, record.product_id, record.price, record.price_currency, detail.compare_at_price,
       EXISTS (SELECT 1 FROM catalog_pricechange WHERE stock_record_id = record.id)
FROM partner_stockrecord record LEFT JOIN catalog_pricedetail detail ON detail.stock_record_id = record.id
WHERE record.id = ANY(%s) ORDER BY record.id
"""
_WRITE_PRICES = """
UPDATE partner_stockrecord record SET price = new.price, date_updated = now()
FROM unnest(%s::bigint[], %s::numeric[]) AS new(id, price)
WHERE record.id = new.id AND record.price IS DISTINCT FROM new.price
"""
_WRITE_COMPARE_AT = """
INSERT INTO catalog_pricedetail (stock_record_id, compare_at_price, tax_class)
SELECT id, compare_at, 'standard' FROM unnest(%s::bigint[], %s::numeric[]) AS new(id, compare_at)
ON CONFLICT (stock_record_id) DO UPDATE SET compare_at_price = EXCLUDED.compare_at_price
WHERE catalog_pricedetail.compare_at_price IS DISTINCT FROM EXCLUDED.compare_at_price
"""
_WRITE_HISTORY = """
INSERT INTO catalog_pricechange
    (stock_record_id, sku, price, compare_at_price, currency, effective_at, actor_name, reason)
SELECT id, sku, price, compare_at, currency, statement_timestamp(), %s, %s
FROM unnest(%s::bigint[], %s::text[], %s::numeric[], %s::numeric[], %s::text[])
    AS new(id, sku, price, compare_at, currency)
"""


def change_prices(changes: Sequence[NewPrice], *, actor_name: str, reason: str, refresh: bool = True) -> int:
    """Set prices; returns how many displayed prices differ from before. Constant queries for any number of changes.

    The price of a kit that follows its parts changes along, in the same transaction; a price asked for such a kit
    itself gives way to that rule. Unchanged prices write nothing, except the first row of a history that does not exist
    yet. All or nothing: raises PriceRefused before anything is written. With `refresh=False` the caller refreshes the
    documents itself.
    """
    wanted = {change.stock_record_id: change for change in changes}
    if not wanted:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        kits = kits_that_follow(wanted)
        known = _lock(wanted.keys() | kits)
        # A recipe written while this waited for its locks may have put one of the parts into another kit.
        if late := kits_that_follow(wanted) - kits:
            known += _lock(late)
            kits |= late
        if kits:
            _follow_parts(wanted, kits)
        missing = set(wanted) - {row[0] for row in known}
        if missing:
            raise PriceRefused(f"There is no stock record {min(missing)}. Reload the list and change the price again.")
        rows, parents, fallen, differing = [], [], [], 0
        for record_id, sku, product_id, old_price, currency, old_compare_at, has_history in known:
            change = wanted[record_id]
            compare_at = old_compare_at if change.keep_compare_at else change.compare_at
            refuse_impossible(change.price, what="price", sku=sku, currency=currency)
            refuse_impossible(compare_at, what="former price", sku=sku, currency=currency)
            differs = (change.price, compare_at) != (old_price, old_compare_at)
            differing += differs
            if old_price is not None and change.price is not None and change.price < old_price:
                fallen.append(record_id)
            if differs or not has_history:
                rows.append((record_id, sku, change.price, compare_at, currency))
                parents.append(product_id)
        if not rows:
            return 0
        ids, skus, prices, compare_ats, currencies = (list(column) for column in zip(*rows, strict=True))
        cursor.execute(_WRITE_PRICES, (ids, prices))
        cursor.execute(_WRITE_COMPARE_AT, (ids, compare_ats))
        cursor.execute(_WRITE_HISTORY, (actor_name, reason, ids, skus, prices, compare_ats, currencies))
        if refresh:
            refresh_documents(parents)
        if fallen:
            key = f"price.fell:{uuid.uuid4()}"
            publish("price.fell", {"stock_record_ids": fallen, "reference": key}, key=key)
    return differing


def _lock(record_ids: Iterable[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, (list(record_ids),))
        cursor.execute(_KNOWN, (list(record_ids),))
        return cursor.fetchall()


def _follow_parts(wanted: dict[int, NewPrice], kits: set[int]) -> None:
    """Put the kits' prices beside the wanted ones. Under the lock: no other change of a part comes between."""
    given = {pk: change.price for pk, change in wanted.items() if pk not in kits}
    for pk, price in derive_prices(kits, new=given).items():
        asked = wanted.get(pk)
        wanted[pk] = (
            replace(asked, price=price) if asked else NewPrice(stock_record_id=pk, price=price, keep_compare_at=True)
        )


def refuse_impossible(amount: Decimal | None, *, what: str, sku: str, currency: str) -> None:
    """Raises PriceRefused for an amount that no page could show."""
    if amount is None:
        return
    if not amount.is_finite() or amount < 0:
        raise PriceRefused(f"The {what} of {sku} is {amount}; it must be 0 or more.")
    if amount > LARGEST_PRICE:
        raise PriceRefused(f"The {what} of {sku} is {amount}; the largest price is {LARGEST_PRICE} {currency}.")
    if amount != amount.quantize(smallest_amount(currency)):
        raise PriceRefused(f"The {what} of {sku} is {amount}; {name_step(currency)}.")
