"""Moves the demo's orders and its first counts into the past. Only the demo does this: real ledgers keep the dates they were given.

Invoices stay where they are: their day is printed on them.
"""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

# Table, its time columns, and which rows belong to the order (%(order)s).
_ROWS = (
    ("order_order", ("date_placed",), "id = %(order)s"),
    ("checkout_placedorder", ("access_expires_at", "pay_until", "paid_at", "closed_at"), "order_id = %(order)s"),
    ("checkout_orderevent", ("at",), "order_id = %(order)s"),
    ("checkout_mail", ("created_at", "sent_at"), "order_id = %(order)s"),
    ("checkout_paymentattempt", ("created_at", "updated_at"), "order_id = %(order)s"),
    (
        "checkout_refund",
        ("created_at", "updated_at"),
        "attempt_id IN (SELECT id FROM checkout_paymentattempt WHERE order_id = %(order)s)",
    ),
    ("inventory_allocation", ("created_at",), "claim = %(claim)s"),
    ("inventory_reservation", ("created_at", "expires_at", "released_at"), "claim = %(claim)s"),
    ("fulfilment_shipment", ("created_at", "dispatched_at", "cancelled_at"), "order_id = %(order)s"),
    (
        "inventory_stockmovement",
        ("created_at",),
        "reference = %(document)s OR reference IN"
        " (SELECT 'shipment:' || id FROM fulfilment_shipment WHERE order_id = %(order)s)",
    ),
)
_LEDGERS = {
    "checkout_orderevent": "checkout_orderevent_append_only",
    "inventory_stockmovement": "inventory_stockmovement_append_only",
}


def move_back(order_id: int, *, document: str, days: int, minute: int) -> None:
    """Shift every date of the order by the same span, so that it was placed `days` ago at that minute of the day (UTC)."""
    now = timezone.now()
    then = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days) + timedelta(minutes=minute)
    params: dict[str, Any] = {"order": order_id, "claim": f"order:{order_id}", "document": document, "span": now - then}
    with connection.cursor() as cursor:
        for table, columns, where in _ROWS:
            trigger = _LEDGERS.get(table)
            if trigger:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
            assignments = ", ".join(f"{column} = {column} - %(span)s" for column in columns)
            cursor.execute(f"UPDATE {table} SET {assignments} WHERE {where}", params)
            if trigger:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


def open_shelves_earlier(*, days: int) -> None:
    """What has moved until now, the first count of every shelf, was `days` earlier: before the oldest past order."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE inventory_stockmovement DISABLE TRIGGER inventory_stockmovement_append_only")
        cursor.execute("UPDATE inventory_stockmovement SET created_at = created_at - make_interval(days => %s)", [days])
        cursor.execute("ALTER TABLE inventory_stockmovement ENABLE TRIGGER inventory_stockmovement_append_only")
