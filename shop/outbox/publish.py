"""Write an event in the caller's transaction; hint the queue right after commit."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from shop.outbox.models import OutboxEvent
from shop.requests import current_request_id

logger = logging.getLogger(__name__)


class NotInTransaction(RuntimeError):
    """An event outside a transaction could outlive, or be lost without, the change that it speaks of."""


def publish(
    name: str, payload: Mapping[str, Any], *, key: str, delay: timedelta | None = None, can_wait: bool = False
) -> bool:
    """Write one event; True when it is new, False when the key was written before (then nothing changes).

    `can_wait` is for what nobody looks out for: the beat's next relay finds it, together with the others (some seconds).

    Must run inside a transaction (raises NotInTransaction). `key` is what makes the event happen once, for example
    `order.paid:1042`.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(f"{name} must be published inside a transaction.")
    with connection.cursor() as cursor:
        values: list[Any] = [name, Jsonb(dict(payload)), key, delay or timedelta(0), current_request_id()]
        cursor.execute(
            f"""
            INSERT INTO {OutboxEvent._meta.db_table}
                (name, payload, key, available_at, attempts, last_error, request_id)
            VALUES (%s, %s, %s, now() + %s, 0, '', %s)
            ON CONFLICT (key) DO NOTHING RETURNING id
            """,
            values,
        )
        row = cursor.fetchone()
    if row is None:
        return False
    if delay is None and not can_wait:
        event_id = row[0]
        transaction.on_commit(lambda: _hint(event_id), robust=True)
    return True


def _hint(event_id: int) -> None:
    """The queue may be down: the row stays due and the beat's relay hands it over later."""
    from shop.outbox.tasks import hand_over

    hand_over(event_id)
