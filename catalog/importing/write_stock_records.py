"""Stock records with price, cost, tax class, weight and count, in a fixed number of statements."""

from collections.abc import Sequence

from django.db import connection

from catalog.importing.plan import Change
from catalog.importing.ports import (
    DEFAULT_LOCATION,
    FirstCount,
    StockCount,
    read_stock,
    write_first_stock,
    write_stock,
)
from catalog.importing.states import SkuState
from catalog.importing.writing import Writing
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


def write_stock_records(skus: Sequence[Change], *, writing: Writing) -> None:
    """Raises PriceRefused, StockCountRefused."""
    new = [change.after for change in skus if change.after.stock_record_id is None]
    _add_records(new, writing=writing)
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
        actor_name=writing.actor_name,
        reason=writing.reason,
        refresh=False,
    )
    counts = [count for change, fields in held if "stock" in fields for count in _list_counts(change)]
    write_stock(counts, reference=writing.reference, actor_name=writing.actor_name)
    _name_locations([change.after for change in skus if DEFAULT_LOCATION in change.after.stock])


def _add_records(states: Sequence[SkuState], *, writing: Writing) -> None:
    """With their prices, counts and totals: nobody else can know these records yet."""
    now, partner_id, rows, prices = writing.begun_at, writing.partner_id, [], []
    ids = writing.bulk.take_ids("partner_stockrecord", count=len(states))
    for state, record_id in zip(states, ids, strict=True):
        state.stock_record_id = record_id
        units = sum(state.stock.values())
        rows.append((record_id, state.id, partner_id, state.sku, state.currency, state.price, units, 0, now, now))
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
    writing.bulk.copy_rows("partner_stockrecord", RECORD_COLUMNS, rows)
    write_first_prices(prices, actor_name=writing.actor_name, reason=writing.reason, bulk=writing.bulk)
    write_first_stock(
        [count for state in states for count in _list_first_counts(state)],
        places=writing.places,
        bulk=writing.bulk,
        reference=writing.reference,
        actor_name=writing.actor_name,
    )


def _name_locations(states: Sequence[SkuState]) -> None:
    """What was counted at the default location is from now on known by that location's code."""
    held = read_stock(state.stock_record_id for state in states if state.stock_record_id is not None)
    for state in states:
        state.stock = dict(held.get(state.stock_record_id or 0, {}))


def _list_first_counts(state: SkuState) -> list[FirstCount]:
    assert state.stock_record_id is not None
    return [
        FirstCount(
            sku=state.sku,
            stock_record_id=state.stock_record_id,
            location_code=code,
            quantity=units,
            reason=state.stock_reason,
            cost=state.cost,
            currency=state.currency,
        )
        for code, units in state.stock.items()
    ]


def _list_counts(change: Change) -> list[StockCount]:
    before = change.before.stock if change.before else {}
    return [
        StockCount(
            sku=change.after.sku,
            stock_record_id=change.after.stock_record_id,
            location_code=code,
            quantity=change.after.stock.get(code, 0),
            reason=change.after.stock_reason,
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
