"""A shop's books with as many orders as wanted: a few real ones, and copies of all that hangs on them, brought in by COPY.

The copies get ids, keys and numbers of their own; stock is received for what they took, so that every invariant holds.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from django.db import connection
from django.db.models.functions import Now

from catalog.search.index import refresh_documents
from checkout.models import PlacedOrder
from checkout.orders.cancel import cancel_order
from checkout.payments.refund import apply_refund
from checkout.payments.sweep import sweep_order
from inventory.reservation import release_expired
from shipping.fulfilment.dispatch import dispatch_shipment
from shipping.fulfilment.models import Shipment
from tests.checkout.made_up_payments import paid_order, refunded, truth_of
from tests.checkout.till import run_jobs
from tests.shopfloor import make_order, make_product

STEP: Final = 10_000
"""Added to every id for each copy; above any id of the real orders."""
Change = Callable[[Any, int], Any]


def _move(value: Any, copy: int) -> Any:
    return None if value is None else value + copy * STEP


def _move_in_text(value: str, copy: int) -> str:
    return re.sub(r"(?<=:)\d+", lambda found: str(int(found[0]) + copy * STEP), value)


def _move_in_payload(value: str, copy: int) -> str:
    """Documents come and go as text."""
    return re.sub(r'(?<=_id": )\d+', lambda found: str(int(found[0]) + copy * STEP), value)


def _tell_apart(value: str, copy: int) -> str:
    return f"{value}{copy:x}" if value else value


def _forget(value: Any, copy: int) -> None:
    return None


# Column by column what differs in a copy. The order of the tables is that of their foreign keys.
TABLES: Final[Mapping[str, Mapping[str, Change]]] = {
    "order_order": {"id": _move, "number": _tell_apart, "basket_id": _forget},
    "checkout_placedorder": {"order_id": _move, "access_token": lambda value, copy: f"{copy:08x}{value[8:]}"},
    "order_line": {"id": _move, "order_id": _move},
    "order_lineprice": {"id": _move, "order_id": _move, "line_id": _move},
    "checkout_orderevent": {"id": _move, "order_id": _move},
    "checkout_paymentattempt": {
        "id": _move, "order_id": _move, "idempotency_key": lambda value, copy: f"{copy:08x}{value[8:]}",
        "session_id": _tell_apart, "intent_id": _tell_apart,
    },
    "checkout_refund": {
        "id": _move, "attempt_id": _move, "key": _tell_apart, "provider_id": _tell_apart,
        "idempotency_key": lambda value, copy: f"{copy:08x}{value[8:]}",
    },
    "checkout_mail": {"id": _move, "order_id": _move, "key": _move_in_text, "message_id": _tell_apart},
    "inventory_reservation": {"id": _move, "claim": _move_in_text},
    "inventory_allocation": {"id": _move, "claim": _move_in_text, "line": _move_in_text},
    "fulfilment_shipment": {"id": _move, "order_id": _move, "number": _tell_apart},
    "fulfilment_shipmentline": {"id": _move, "shipment_id": _move, "order_line_id": _move, "allocation_id": _move},
    "inventory_stockmovement": {"id": _move, "idempotency_key": _move_in_text, "reference": _move_in_text},
    "outbox_outboxevent": {"id": _move, "key": _move_in_text, "payload": _move_in_payload},
    "checkout_paper": {"id": _move, "order_id": _move, "corrects_id": _move, "refund_id": _move},
}  # fmt: skip
ONLY: Final[Mapping[str, str]] = {"inventory_stockmovement": "WHERE kind = 'dispatch'"}


def write_order_book(*, orders: int, say: Callable[[str], object]) -> int:
    """About so many orders, in four kinds of ends; how many there are then. In the current database, which is empty."""
    _write_real_orders()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM order_order")
        real = cursor.fetchone()[0]
        copies = max(orders // real - 1, 0)
        cursor.execute("SET session_replication_role = replica")  # Ledgers refuse what follows, rightly.
        for table in TABLES:
            say(f"{table}: {_copy(cursor, table, copies)} rows")
        _receive_what_was_taken(cursor)
        cursor.execute(
            "UPDATE checkout_paperseries s SET last_number = (SELECT count(*) FROM checkout_paper WHERE series_id = s.code)"
        )
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")
    return real * (copies + 1)


def _write_real_orders() -> None:
    """Shipped, paid and waiting, cancelled with a refund, never paid; one of each, and one shipped with a part refunded."""
    thing = make_product(stock=50, price="20.00")
    refresh_documents([thing.pk])
    shipped, given_back, _, cancelled = (paid_order(thing=thing, units=2) for _ in range(4))
    never_paid = make_order((thing, 1))
    run_jobs()
    for parcel in Shipment.objects.filter(order__in=[shipped, given_back]):
        dispatch_shipment(parcel.pk, actor="Ann")
    cancel_order(cancelled.pk, reason="Not needed.", actor_name="Ann")
    refunded(given_back, "5.00")
    for refund in cancelled.payment_attempts.get().refunds.all():
        apply_refund(refund.pk, truth_of(refund))
    PlacedOrder.objects.filter(order=never_paid).update(pay_until=Now() - timedelta(minutes=1))
    sweep_order(never_paid.pk)
    release_expired()
    run_jobs()


def _copy(cursor: Any, table: str, copies: int) -> int:
    cursor.execute(f"SELECT * FROM {table} {ONLY.get(table, '')} ORDER BY 1")
    names = [column.name for column in cursor.description]
    rows = cursor.fetchall()
    quoted = ", ".join(f'"{name}"' for name in names)
    with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
        for row in _copies_of(table, names, rows, copies):
            copy.write_row(row)
    return len(rows) * copies


def _copies_of(table: str, names: list[str], rows: list[tuple[Any, ...]], copies: int) -> Iterator[tuple[Any, ...]]:
    changes = [TABLES[table].get(name) for name in names]
    in_series: dict[str, int] = {}
    for row in rows:
        if table == "checkout_paper":
            series = row[names.index("series_id")]
            in_series[series] = in_series.get(series, 0) + 1
    for copy in range(1, copies + 1):
        for row in rows:
            new = [change(value, copy) if change else value for change, value in zip(changes, row, strict=True)]
            if table == "checkout_paper":
                number = row[names.index("number")] + copy * in_series[row[names.index("series_id")]]
                new[names.index("number")] = number
                new[names.index("label")] = f"{row[names.index('series_id')]}-{number:05d}"
            yield tuple(new)


def _receive_what_was_taken(cursor: Any) -> None:
    """The first receipt of each level grows by what all copies took; every later row of the ledger is counted anew."""
    cursor.execute(
        """
        WITH took AS (
            SELECT level_id, sum(quantity - cancelled) AS units, sum(quantity - cancelled - dispatched) AS open,
                   sum(dispatched) AS gone
            FROM inventory_allocation GROUP BY level_id
        ), grown AS (
            UPDATE inventory_stocklevel level SET on_hand = 50 + took.units - took.gone, allocated = took.open
            FROM took WHERE took.level_id = level.id RETURNING level.stock_record_id, level.location_id, took.units
        )
        UPDATE inventory_stockmovement movement SET quantity_delta = 50 + grown.units
        FROM grown WHERE movement.kind = 'receipt' AND movement.stock_record_id = grown.stock_record_id
            AND movement.location_id = grown.location_id
        """
    )
    cursor.execute(
        """
        UPDATE inventory_stockmovement movement SET on_hand_after = ledger.running FROM (
            SELECT id, sum(quantity_delta) OVER (PARTITION BY stock_record_id, location_id ORDER BY id) AS running
            FROM inventory_stockmovement) ledger
        WHERE ledger.id = movement.id
        """
    )
    cursor.execute(
        """
        UPDATE partner_stockrecord record SET num_in_stock = total.on_hand, num_allocated = total.allocated FROM (
            SELECT stock_record_id, sum(on_hand) AS on_hand, sum(allocated) AS allocated
            FROM inventory_stocklevel GROUP BY stock_record_id) total
        WHERE total.stock_record_id = record.id
        """
    )
