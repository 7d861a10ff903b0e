"""Stock records with price, cost, tax class, weight and count, in a fixed number of statements."""

from collections.abc import Sequence

from django.db import connection
from oscar.apps.partner.models import StockRecord

from catalog.importing.plan import Change, list_changes
from catalog.importing.ports import StockCount, write_stock
from catalog.pricing.change import NewPrice, change_prices

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
PRICES = frozenset({"price", "compare_at_price", "currency"})


def write_stock_records(
    skus: Sequence[Change], *, partner_id: int, actor_name: str, reason: str, reference: str
) -> None:
    """Raises PriceRefused, StockCountRefused. `reference` names the import in the stock ledger."""
    new = [change.after for change in skus if change.after.stock_record_id is None]
    made = StockRecord.objects.bulk_create(
        StockRecord(
            product_id=state.id,
            partner_id=partner_id,
            partner_sku=state.sku,
            price_currency=state.currency,
            num_in_stock=0,
            num_allocated=0,
        )
        for state in new
    )
    for state, record in zip(new, made, strict=True):
        state.stock_record_id = record.pk
    changed = [(change, list_changes(change.before, change.after).keys()) for change in skus]
    _write_details([change for change, fields in changed if fields & DETAILS])
    _write_currencies([change for change, fields in changed if change.before and "currency" in fields])
    change_prices(
        [
            NewPrice(
                stock_record_id=change.after.stock_record_id,
                price=change.after.price,
                compare_at=change.after.compare_at_price,
            )
            for change, fields in changed
            if fields & PRICES
        ],
        actor_name=actor_name,
        reason=reason,
        refresh=False,
    )
    counts = [count for change, fields in changed if "stock" in fields for count in _list_counts(change)]
    write_stock(counts, reference=reference, actor_name=actor_name)


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
