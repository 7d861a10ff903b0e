"""Who looked at the personal data of an order, and what for: a line in its timeline, which shoppers do not see."""

from typing import Any, Final

from shop.written_once import tell

VIEW: Final = "view"
PAUSE: Final = "10 minutes"
"""A page that one person loads again within this time is the same look."""

_NOTE: Final = """
INSERT INTO checkout_orderevent (order_id, kind, message, from_state, to_state, actor_id, actor_name, reason, data)
SELECT %s, %s, %s, '', '', %s, %s, %s, '{}'
WHERE NOT EXISTS (
    SELECT FROM checkout_orderevent
    WHERE order_id = %s AND kind = %s AND actor_id = %s AND message = %s AND at > statement_timestamp() - %s::interval
)
"""


def note_look(order_id: int, *, what: str, why: str, actor: Any) -> None:
    """`actor`, a member of staff, sees `what`: “the order's page”. One question; a repeat within PAUSE writes nothing."""
    message = f"Personal data seen: {what}."
    row = (order_id, VIEW, message, actor.pk, str(actor), why)
    tell(_NOTE, (*row, order_id, VIEW, actor.pk, message, PAUSE))
