"""Every order as a file, one row for each line: what an accountant or another system needs, to the cent.

| columns | |
| --- | --- |
| number, placed_at, status, currency, email | the order's; times in ISO 8601, UTC |
| total, total_excl_tax, tax | what the customer owed; tax = total - total_excl_tax |
| delivery, delivery_excl_tax, delivery_method | of the order |
| surcharges, surcharges_excl_tax, discounts | sums over the order; total = lines + delivery + surcharges |
| captured, refunded | money that moved so far |
| ship_name … ship_country | the delivery address; the country by its two letters |
| line, sku, title, quantity | the line, by its place in the order from 1 |
| unit_price, line_total, line_total_excl_tax, line_discount | with tax unless said otherwise; the sum of the lines' line_total is the order's |

The order's own columns stand in each of its rows, so that a row can be read alone; add them up once per number.
"""

import csv
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from catalog.importing.native_writer import guard_cell

COLUMNS = (
    "number",
    "placed_at",
    "status",
    "currency",
    "email",
    "total",
    "total_excl_tax",
    "tax",
    "delivery",
    "delivery_excl_tax",
    "delivery_method",
    "surcharges",
    "surcharges_excl_tax",
    "discounts",
    "captured",
    "refunded",
    "ship_name",
    "ship_line1",
    "ship_line2",
    "ship_postcode",
    "ship_city",
    "ship_country",
    "line",
    "sku",
    "title",
    "quantity",
    "unit_price",
    "line_total",
    "line_total_excl_tax",
    "line_discount",
)
# Oscar keeps four decimals in some columns; the shop writes whole minor units, so that nothing is rounded here.
_ROWS = """
SELECT o.number, to_char(o.date_placed AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), o.status, o.currency,
       coalesce(nullif(o.guest_email, ''), buyer.email, ''),
       o.total_incl_tax, o.total_excl_tax, o.total_incl_tax - o.total_excl_tax,
       o.shipping_incl_tax, o.shipping_excl_tax, o.shipping_method,
       coalesce(extra.incl, 0), coalesce(extra.excl, 0), coalesce(off.amount, 0),
       coalesce(paid.captured, 0), coalesce(paid.refunded, 0),
       concat_ws(' ', nullif(place.first_name, ''), nullif(place.last_name, '')),
       place.line1, place.line2, place.postcode, place.line4, place.country_id,
       row_number() OVER (PARTITION BY o.id ORDER BY line.id), line.partner_sku, line.title, line.quantity,
       line.unit_price_incl_tax, line.line_price_incl_tax, line.line_price_excl_tax,
       line.line_price_before_discounts_incl_tax - line.line_price_incl_tax
FROM order_order o
JOIN order_line line ON line.order_id = o.id
LEFT JOIN accounts_user buyer ON buyer.id = o.user_id
LEFT JOIN order_shippingaddress place ON place.id = o.shipping_address_id
LEFT JOIN LATERAL (
    SELECT sum(incl_tax) AS incl, sum(excl_tax) AS excl FROM order_surcharge WHERE order_id = o.id) extra ON true
LEFT JOIN LATERAL (SELECT sum(amount) AS amount FROM order_orderdiscount WHERE order_id = o.id) off ON true
LEFT JOIN LATERAL (
    SELECT sum(captured) AS captured, sum(refunded) AS refunded FROM checkout_paymentattempt WHERE order_id = o.id
) paid ON true
ORDER BY o.id, line.id
"""
FETCHED = 2_000


def export_orders(path: Path) -> tuple[int, int]:
    """Orders and rows written, as they are at one instant; JSON Lines for `.jsonl`, else CSV. Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.part")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            write = _write_json(file) if path.suffix.lower() == ".jsonl" else _write_csv(file)
            orders, rows = set(), 0
            for row in _read_rows():
                write(row)
                rows += 1
                orders.add(hash(row[0]))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return len(orders), rows


def _read_rows() -> Iterator[tuple[Any, ...]]:
    """Through a cursor of the database, so that memory stays constant."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS)
        while rows := cursor.fetchmany(FETCHED):
            yield from rows


def _write_csv(file: Any) -> Callable[[tuple[Any, ...]], None]:
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)

    def write(row: tuple[Any, ...]) -> None:
        writer.writerow([guard_cell(cell) if isinstance(cell, str) else _plain(cell) for cell in row])

    return write


def _write_json(file: Any) -> Callable[[tuple[Any, ...]], None]:
    """Amounts as texts, so that no reader makes floats of them."""

    def write(row: tuple[Any, ...]) -> None:
        said = {name: _plain(cell) for name, cell in zip(COLUMNS, row, strict=True)}
        file.write(json.dumps(said, ensure_ascii=False) + "\n")

    return write


def _plain(cell: Any) -> Any:
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}" if cell != round(cell, 2) else f"{cell:.2f}"
    return "" if cell is None else cell
