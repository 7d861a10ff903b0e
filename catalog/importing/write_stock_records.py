"""Stock records with price, cost, tax class, weight and count, in a fixed number of statements."""

from collections.abc import Sequence

from django.db import connection
from django.utils import timezone

from catalog.importing.bulk import copy_rows, take_ids
from catalog.importing.plan import Change
from catalog.importing.ports import StockCount, read_stock, write_stock
from catalog.importing.states import SkuState
from catalog.pricing.change import NewPrice, change_prices
from catalog.pricing.first import FirstPrice, write_first_prices

_WRITE_DETAILS = """
INSERT INTO catalog_pricedetail (stock_record_id, cost, tax_class, weight_kg)
SELECT * FROM unnest(%s::bigint[], %s::numeric[], %s::text[], %s::numeric[])
ON CONFLICT (stock_record_id) DO UPDATE
SET cost = EXCLUDED.cost, tax_class = EXCLUDED.tax_class, weight_kg = EXCLUDED.weight_kg
"""
_WRITE_CURRENCIES = """
UPDATE partner_stockrecord record SET price_currency = new.currency, date_updated = now()
FROM unnest(%s::bigint[], %s::text[]) AS new (id, currency) WHERE record.id = new.id
"""
DETAILS = frozenset({"cost", "tax_class", "weight_kg"})
RECORD_COLUMNS = (
    "id",
    "product_id",
    "partner_id",
    "partner_sku",
    "price_currency",
    "price",
    "num_in_stock",
    "num_allocated",
    "date_created",
    "date_updated",
)
PRICES = frozenset({"price", "compare_at_price", "currency"})


def write_stock_records(
    skus: Sequence[Change], *, partner_id: int, actor_name: str, reason: str, reference: str
) -> None:
    """Raises PriceRefused, StockCountRefused. `reference` names the import in the stock ledger."""
    new = [change.after for change in skus if change.after.stock_record_id is None]
    _add_records(new, partner_id=partner_id, actor_name=actor_name, reason=reason)
    made = {id(state) for state in new}
    held = [(change, change.fields.keys()) for change in skus if id(change.after) not in made]
    _write_details([change for change, fields in held if fields & DETAILS])
    _write_currencies([change for change, fields in held if change.before and "currency" in fields])
    change_prices(
        [
            NewPrice(
                stock_record_id=change.after.stock_record_id,
                price=change.after.price,
                compare_at=change.after.compare_at_price,
            )
            for change, fields in held
            if fields & PRICES
        ],
        actor_name=actor_name,
        reason=reason,
        refresh=False,
    )
    counts = [count for change in skus if "stock" in change.fields for count in _list_counts(change)]
    if counts:
        write_stock(counts, reference=reference, actor_name=actor_name)
        _name_locations(skus, counts=counts)


def _add_records(states: Sequence[SkuState], *, partner_id: int, actor_name: str, reason: str) -> None:
    """With their prices: nobody else can know these records yet."""
    now, rows, prices = timezone.now(), [], []
    for state, record_id in zip(states, take_ids("partner_stockrecord", count=len(states)), strict=True):
        state.stock_record_id = record_id
        rows.append((record_id, state.id, partner_id, state.sku, state.currency, state.price, 0, 0, now, now))
        prices.append(
            FirstPrice(
                stock_record_id=record_id,
                sku=state.sku,
                currency=state.currency,
                price=state.price,
                compare_at=state.compare_at_price,
                cost=state.cost,
                tax_class=state.tax_class,
                weight_kg=state.weight_kg,
            )
        )
    if rows:
        copy_rows("partner_stockrecord", RECORD_COLUMNS, rows)
        write_first_prices(prices, actor_name=actor_name, reason=reason)


def _name_locations(skus: Sequence[Change], *, counts: Sequence[StockCount]) -> None:
    """What was counted at the default location is from now on known by that location's code."""
    held = read_stock(count.stock_record_id for count in counts)
    for change in skus:
        if change.after.stock_record_id in held:
            change.after.stock = dict(held[change.after.stock_record_id])


def _list_counts(change: Change) -> list[StockCount]:
    before = change.before.stock if change.before else {}
    return [
        StockCount(
            sku=change.after.sku,
            stock_record_id=change.after.stock_record_id,
            location_code=code,
            quantity=change.after.stock.get(code, 0),
            reason=change.after.stock_reason,
            is_new_record=change.before is None,
        )
        for code in {**before, **change.after.stock}
        if change.before is None or before.get(code, 0) != change.after.stock.get(code, 0)
    ]


def _write_details(changes: list[Change]) -> None:
    states = [change.after for change in changes]
    if states:
        with connection.cursor() as cursor:
            cursor.execute(
                _WRITE_DETAILS,
                (
                    [state.stock_record_id for state in states],
                    [state.cost for state in states],
                    [state.tax_class for state in states],
                    [state.weight_kg for state in states],
                ),
            )


def _write_currencies(changes: list[Change]) -> None:
    if changes:
        with connection.cursor() as cursor:
            cursor.execute(
                _WRITE_CURRENCIES,
                (
                    [change.after.stock_record_id for change in changes],
                    [change.after.currency for change in changes],
                ),
            )
