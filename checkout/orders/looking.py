"""Who looked at the personal data of an order, and what for: a line in its timeline, which shoppers do not see.

A list of many orders is one entry of the audit log, which names the rows that were on the page; the timeline of each of
those orders shows it too.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models.functions import Now
from psycopg.types.json import Jsonb

from checkout.orders.records import OrderEvent
from shop.audit.models import AuditEntry
from shop.audit.record import record_action
from shop.written_once import tell

VIEW: Final = "view"
PAUSE: Final = timedelta(minutes=10)
"""A page that one person loads again within this time is the same look."""
LIST: Final = "look at list"
MOST: Final = 50
"""Days of one person and list that a timeline shows, the latest ones."""

_NOTE: Final = """
INSERT INTO checkout_orderevent (order_id, kind, message, from_state, to_state, actor_id, actor_name, reason, data)
SELECT %s, %s, %s, '', '', %s, %s, %s, '{}'
WHERE NOT EXISTS (
    SELECT FROM checkout_orderevent
    WHERE order_id = %s AND kind = %s AND actor_id = %s AND message = %s AND at > statement_timestamp() - %s::interval
)
"""

_WITH_LISTS: Final = """
SELECT id, order_id, at, kind, message, from_state, to_state, actor_id, actor_name, reason, data
FROM checkout_orderevent WHERE order_id = %s
UNION ALL (
    SELECT -max(id), NULL, max(at), 'view',
           'Personal data seen: ' || subject_type || CASE count(*) WHEN 1 THEN '.' ELSE ', ' || count(*) || ' times that day.' END,
           '', '', actor_id, actor_name, reason, '{}'
    FROM audit_auditentry WHERE action = %s AND (after -> 'orders') @> %s
    GROUP BY actor_id, actor_name, subject_type, reason, (at AT TIME ZONE %s)::date
    ORDER BY max(id) DESC LIMIT %s
)
ORDER BY at, id
"""


def note_look(order_id: int, *, what: str, why: str, actor: Any) -> None:
    """`actor`, a member of staff, sees `what`: “the order's page”. One question; a repeat within PAUSE writes nothing."""
    message = f"Personal data seen: {what}."
    row = (order_id, VIEW, message, actor.pk, str(actor), why)
    tell(_NOTE, (*row, order_id, VIEW, actor.pk, message, PAUSE))


def note_list(
    what: str, *, rows: Sequence[int], orders: Sequence[int], asked: Mapping[str, str], why: str, actor: Any
) -> None:
    """`actor` sees `what` (“list of orders”), which names people: `rows` are its keys, `orders` those that they belong to,
    `asked` is the search and the filters. One entry, whatever the number of rows; none for an empty page, or for the same
    rows within PAUSE.
    """
    if not rows:
        return
    seen = AuditEntry.objects.filter(subject_type=what, subject_id=str(actor.pk), action=LIST)
    last = seen.filter(at__gt=Now() - PAUSE).order_by("-pk").values_list("after__rows", flat=True).first()
    if last != list(rows):
        record_action(
            action=LIST,
            subject_type=what,
            subject_id=actor.pk,
            actor=actor,
            after={"rows": list(rows), "orders": sorted(set(orders)), "asked": dict(asked)},
            reason=why,
        )


def timeline_with_lists(order_id: int) -> list[OrderEvent]:
    """The timeline as staff read it, oldest first: with the lists that the order was seen in, one line for each person, list
    and day. One query."""
    return list(OrderEvent.objects.raw(_WITH_LISTS, [order_id, LIST, Jsonb([order_id]), settings.TIME_ZONE, MOST]))
