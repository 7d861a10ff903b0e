"""Change many prices: by percent, by an amount, or to one figure, with an ending such as .90."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from django.db import connection

from catalog.bulk.kinds import BulkRefused, PlannedRow
from catalog.pricing.change import LARGEST_PRICE, NewPrice, change_prices
from shop.money import format_money, smallest_amount

WAYS: Final = ("percent", "amount", "set")
ENDINGS: Final = ("", ".00", ".49", ".50", ".90", ".95", ".99")

_WITH_VARIANTS: Final = """
SELECT id FROM catalogue_product WHERE id = ANY(%s) UNION SELECT id FROM catalogue_product WHERE parent_id = ANY(%s)
"""
# By a list of numbers, whose length the planner sees: joined by an estimate of one row, 5,000 prices took a minute and a half.
_RECORDS: Final = """
SELECT record.id, record.partner_sku, COALESCE(NULLIF(product.title, ''), parent.title), record.price,
       record.price_currency, detail.cost, detail.compare_at_price
FROM partner_stockrecord record
JOIN catalogue_product product ON product.id = record.product_id
LEFT JOIN catalogue_product parent ON parent.id = product.parent_id
LEFT JOIN catalog_pricedetail detail ON detail.stock_record_id = record.id
WHERE record.product_id = ANY(%s) ORDER BY record.partner_sku, record.id
"""
_NOW: Final = """
SELECT id, price, price_currency FROM partner_stockrecord WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""


class PriceChange:
    """Choices: `way` (one of WAYS), `value`, `ending` (one of ENDINGS), `keeps_margin` (leave out what falls below cost)."""

    name = "prices"
    title = "Prices"
    permission = "backoffice.change_price"

    def plan(self, product_ids: Sequence[int], choices: Mapping[str, Any]) -> list[PlannedRow]:
        ids = list(product_ids)
        with connection.cursor() as cursor:
            cursor.execute(_WITH_VARIANTS, (ids, ids))
            cursor.execute(_RECORDS, ([pk for (pk,) in cursor.fetchall()],))
            found = cursor.fetchall()
        value, rows = _read_value(choices), []
        for pk, sku, title, price, currency, cost, compare_at in found:
            label = f"{sku}: {title}"[:400]
            if price is None:
                rows.append(
                    PlannedRow(
                        subject_id=pk, label=label, before=None, after=None, refusal="It has no price to change."
                    )
                )
                continue
            new, notes = _compute(price, value, choices, currency=currency)
            row = PlannedRow(subject_id=pk, label=label, before=_state(price, currency), after=_state(new, currency))
            row.notes = notes
            _judge(row, new, cost=cost, compare_at=compare_at, currency=currency, choices=choices)
            if row.before != row.after or row.refusal:
                rows.append(row)
        return rows

    def read(self, subject_ids: Sequence[int]) -> dict[int, Any]:
        with connection.cursor() as cursor:
            cursor.execute(_NOW, (list(subject_ids),))
            return {pk: None if price is None else _state(price, currency) for pk, price, currency in cursor.fetchall()}

    def write(self, values: Mapping[int, Any], *, actor_name: str, reason: str) -> None:
        changes = [
            NewPrice(stock_record_id=pk, price=Decimal(value["price"]), keep_compare_at=True)
            for pk, value in values.items()
        ]
        change_prices(changes, actor_name=actor_name, reason=reason)

    def say(self, value: Any) -> str:
        return "no price" if value is None else format_money(Decimal(value["price"]), value["currency"])


def _state(price: Decimal, currency: str) -> dict[str, str]:
    return {"price": f"{price.quantize(Decimal('0.01')):f}", "currency": currency}


def _read_value(choices: Mapping[str, Any]) -> Decimal:
    if choices.get("way") not in WAYS or choices.get("ending", "") not in ENDINGS:
        raise BulkRefused("Choose how prices change, and one of the endings.")
    try:
        value = Decimal(str(choices.get("value")))
    except InvalidOperation as error:
        raise BulkRefused(f"“{str(choices.get('value'))[:20]}” is not a number like 5 or -2.50.") from error
    if not value.is_finite() or abs(value) > LARGEST_PRICE:
        raise BulkRefused(f"“{str(choices.get('value'))[:20]}” is not a number like 5 or -2.50.")
    return value


def _compute(price: Decimal, value: Decimal, choices: Mapping[str, Any], *, currency: str) -> tuple[Decimal, list[str]]:
    """The new price to the minor unit, and what an ending did to it."""
    unit = smallest_amount(currency)
    match choices["way"]:
        case "percent":
            exact = price * (100 + value) / 100
        case "amount":
            exact = price + value
        case _:
            exact = value
    new = exact.quantize(unit, ROUND_HALF_UP)
    ending = choices.get("ending", "")
    if not ending or unit == 1 or new <= 0:
        return new, []
    rounded = end_with(new, Decimal(ending))
    if rounded == new:
        return new, []
    return rounded, [f"{format_money(new, currency)} becomes {format_money(rounded, currency)} by the ending {ending}"]


def end_with(price: Decimal, ending: Decimal) -> Decimal:
    """The nearest price with this ending that is not below zero; of two equally near ones the higher."""
    whole = price.to_integral_value(ROUND_FLOOR)
    near = [whole + step + ending for step in (-1, 0, 1)]
    return min((one for one in near if one >= 0), key=lambda one: (abs(one - price), -one))


def _judge(
    row: PlannedRow,
    new: Decimal,
    *,
    cost: Decimal | None,
    compare_at: Decimal | None,
    currency: str,
    choices: Mapping[str, Any],
) -> None:
    """Rules that the new price meets, the gravest as a refusal."""
    if new < 0:
        row.refusal = f"{format_money(new, currency)} is below zero."
    elif new > LARGEST_PRICE:
        row.refusal = f"{new} is above the largest price, {LARGEST_PRICE}."
    elif cost is not None and new < cost:
        words = f"{format_money(new, currency)} is below its cost of {format_money(cost, currency)}"
        if choices.get("keeps_margin", True):
            row.refusal = f"{words}."
        else:
            row.notes.append(words)
    if compare_at is not None and not row.refusal and new >= compare_at:
        row.notes.append(f"no longer reduced: the former price is {format_money(compare_at, currency)}")
    if row.refusal:
        row.notes.append(row.refusal.rstrip("."))
