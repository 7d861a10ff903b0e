"""What is known of tries to pay when one more is asked for: of the order, its address, cards and place, and of the whole
shop. One question, because everybody waits while it is asked (see checkout.shield.door).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from oscar.apps.order.models import Order

from checkout.shield import limits
from checkout.shield.visitor import Visitor, mail_of
from shop.written_once import ask

# What came to nothing within the hour, less what was paid. Worked out only while somebody is held in a quiet shop.
_OF_THE_HOUR: Final = """
SELECT coalesce(sum(least(many, %(place_cap)s)), 0)::integer
       - (SELECT count(DISTINCT order_id) FROM checkout_paymenttry
          WHERE kind = 'paid' AND at > statement_timestamp() - %(hour)s)::integer
FROM (
    SELECT count(*) FILTER (WHERE kind = 'declined' AND NOT is_paid)
           + count(DISTINCT order_id) FILTER (WHERE kind = 'opened' AND (told_at IS NULL OR told_at < at)) AS many
    FROM (
        SELECT kind, order_id, at, coalesce(nullif(net, ''), 'order:' || order_id) AS who,
               bool_or(kind = 'paid') OVER orders AS is_paid, max(at) FILTER (WHERE kind <> 'opened') OVER orders AS told_at
        FROM checkout_paymenttry WHERE at > statement_timestamp() - %(hour)s
        WINDOW orders AS (PARTITION BY order_id)
    ) tries GROUP BY who
) places
"""
# Each part reads what an index gives it; nothing is joined, so that no wrong guess of the planner can make it slow.
_FACTS: Final = f"""
WITH tried AS (
    SELECT 'order' AS by, kind, order_id, at FROM checkout_paymenttry
    WHERE order_id = %(order)s AND at > statement_timestamp() - %(hour)s
    UNION ALL
    SELECT 'mail', kind, order_id, at FROM checkout_paymenttry
    WHERE mail = %(mail)s AND at > statement_timestamp() - %(hour)s
    UNION ALL
    SELECT 'card', kind, order_id, at FROM checkout_paymenttry
    WHERE card = ANY(ARRAY(SELECT card FROM checkout_paymenttry WHERE order_id = %(order)s AND card <> ''))
      AND at > statement_timestamp() - %(hour)s
), counted AS (
    SELECT count(*) FILTER (WHERE by = 'order' AND kind = 'opened'),
           count(*) FILTER (WHERE by = 'order' AND kind = 'declined'),
           max(at) FILTER (WHERE by = 'order'),
           count(*) FILTER (WHERE by = 'mail' AND kind = 'declined'),
           max(at) FILTER (WHERE by = 'mail'),
           count(*) FILTER (WHERE by = 'card' AND kind = 'declined'),
           max(at) FILTER (WHERE by = 'card')
    FROM tried
), here AS (
    SELECT kind, order_id, at, bool_or(kind = 'paid') OVER orders AS is_paid,
           max(at) FILTER (WHERE kind <> 'opened') OVER orders AS told_at
    FROM checkout_paymenttry WHERE %(net)s <> '' AND net = %(net)s AND at > statement_timestamp() - %(hour)s
    WINDOW orders AS (PARTITION BY order_id)
), place AS (
    SELECT count(*) FILTER (WHERE kind = 'declined'),
           count(*) FILTER (WHERE kind = 'paid'),
           count(*) FILTER (WHERE kind = 'declined' AND NOT is_paid)
           + count(DISTINCT order_id) FILTER (WHERE kind = 'opened' AND (told_at IS NULL OR told_at < at)),
           count(*) FILTER (WHERE kind = 'opened' AND (told_at IS NULL OR told_at < at)
                            AND at > statement_timestamp() - %(rush)s) > 0,
           max(at)
    FROM here
), lately AS MATERIALIZED (
    SELECT kind, order_id, at, coalesce(nullif(net, ''), 'order:' || order_id) AS who,
           bool_or(kind = 'paid') OVER orders AS is_paid, max(at) FILTER (WHERE kind <> 'opened') OVER orders AS told_at
    FROM checkout_paymenttry WHERE at > statement_timestamp() - %(rush)s
    WINDOW orders AS (PARTITION BY order_id)
), asked AS (
    SELECT DISTINCT order_id, who FROM lately WHERE kind = 'opened' AND (told_at IS NULL OR told_at < at)
), refused AS (
    SELECT who FROM lately WHERE kind = 'declined' AND NOT is_paid
), holding AS (
    SELECT why, coalesce(nullif(net, ''), 'order:' || order_id) AS who, order_id FROM checkout_heldpayment
    WHERE last_at > statement_timestamp() - %(rush)s AND proven_at IS NULL AND released_at IS NULL
), failing AS (
    SELECT who FROM refused
    UNION ALL
    SELECT who FROM holding WHERE why = 'rush' AND order_id NOT IN (SELECT order_id FROM lately WHERE is_paid)
), spent AS (
    SELECT who FROM refused
    UNION ALL
    SELECT who FROM asked
), known AS (
    SELECT (SELECT coalesce(sum(least(many, %(rush_cap)s)), 0)
            FROM (SELECT count(*) AS many FROM failing GROUP BY who) one)::integer AS failures,
           (SELECT count(DISTINCT order_id) FROM lately WHERE is_paid)::integer AS paid,
           (SELECT count(*) FROM asked)::integer AS unanswered,
           (SELECT coalesce(sum(least(many, %(place_cap)s)), 0)
            FROM (SELECT count(*) AS many FROM spent GROUP BY who) one)::integer AS spent
)
SELECT held.order_id IS NOT NULL, held.released_at IS NOT NULL, held.proven_at IS NOT NULL, coalesce(held.is_hasty, false),
       counted.*, place.*, known.*,
       CASE WHEN known.paid < %(busy)s AND EXISTS (SELECT FROM holding) THEN ({_OF_THE_HOUR}) ELSE 0 END,
       EXISTS (SELECT FROM asked WHERE order_id = %(order)s)
FROM counted CROSS JOIN place CROSS JOIN known LEFT JOIN checkout_heldpayment held ON held.order_id = %(order)s
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """Counts of the last hour for the order, its mail address, its cards and the visitor's place, each with the instant of
    the last try; of the last ten minutes for the shop: failures (RUSH_CAP of one place), orders paid, orders whose page
    was opened and nothing told since, and tries spent. Spent are those that failed and those that nothing is told of yet,
    NET_SPENT of one place. `hour_spent` is less what was paid, and 0 while nobody is held. `is_open`: this order's page is.
    """

    was_held: bool
    was_released: bool
    is_proven: bool
    was_hasty: bool
    order_opened: int
    order_declined: int
    order_last: datetime | None
    mail_declined: int
    mail_last: datetime | None
    card_declined: int
    card_last: datetime | None
    net_declined: int
    net_paid: int
    net_spent: int
    net_waits: bool
    net_last: datetime | None
    shop_failures: int
    shop_paid: int
    shop_unanswered: int
    shop_spent: int
    hour_spent: int
    is_open: bool

    def is_rush(self, levels: tuple[tuple[int, int], ...]) -> bool:
        """A refused card counts unless its order was paid after all."""
        tries = self.shop_failures + self.shop_paid
        return any(tries >= least and self.shop_failures * 100 > percent * tries for least, percent in levels)


def read_facts(order: Order, visitor: Visitor) -> Facts:
    values = {"order": order.pk, "mail": mail_of(order), "net": visitor.net, "hour": limits.WINDOW}
    caps = {"rush_cap": limits.RUSH_CAP, "place_cap": limits.NET_SPENT, "busy": limits.BUSY_PAID}
    (row,) = ask(_FACTS, values | caps | {"rush": limits.RUSH_WINDOW})
    return Facts(*row)
