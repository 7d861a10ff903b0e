"""The order's timeline: every state, payment, mail and edit, with who and why. Append-only."""

from collections.abc import Mapping
from typing import Any, Final

from psycopg.types.json import Jsonb

from checkout.orders.records import OrderEvent
from shop.written_once import tell

_RECORD: Final = """
INSERT INTO checkout_orderevent (order_id, kind, message, from_state, to_state, actor_id, actor_name, reason, data)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def record_event(
    *,
    order_id: int,
    kind: str,
    message: str,
    from_state: str = "",
    to_state: str = "",
    actor: Any = None,
    actor_name: str = "",
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """One line in the caller's transaction. `kind`: state, payment, refund, mail, shipment, note, edit, alert, view.

    `actor` is a user or None; then `actor_name` says which part of the shop acted (default: `shop`).
    """
    known = actor if actor is not None and getattr(actor, "pk", None) else None
    actor_id, name = known.pk if known is not None else None, str(known) if known is not None else "shop"
    tell(
        _RECORD,
        (order_id, kind, message, from_state, to_state, actor_id, actor_name or name, reason, Jsonb(dict(data or {}))),
    )


def timeline_of(order_id: int) -> list[OrderEvent]:
    """Oldest first: one query."""
    return list(OrderEvent.objects.filter(order_id=order_id).order_by("pk"))
