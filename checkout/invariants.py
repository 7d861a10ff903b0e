"""What must hold of orders, payments, refunds, vouchers and mails (reliability 3.1). Each question expects no rows.

I3 and I4 hold our own books; `reconcile_payments` compares them with the provider's.
"""

from checkout.invoices import invariants as papers
from checkout.payments import invariants as steps
from checkout.payments.invariants import PAID_ORDER_HAS_ITS_MONEY
from checkout.payments.transfer import invariants as transfers
from checkout.payouts import invariants as payouts
from checkout.refunds import invariants as refunds
from shop.doctor.checks import Check, register_check

CANCELLED_ORDER_KEEPS_NO_MONEY = Check(
    id="I3.2",
    name="A cancelled order keeps no money: what was captured is refunded, what was held is being let go",
    sql="""
        SELECT o.id AS "order", o.number, a.id AS payment, a.state, a.captured, a.refunded
        FROM order_order o
        JOIN checkout_paymentattempt a ON a.order_id = o.id
        WHERE o.status = 'cancelled' AND a.disputed_at IS NULL AND (
            (a.state IN ('paid', 'cancelled', 'lapsed') AND a.captured <> a.refunded)
            OR (a.state = 'authorised' AND NOT EXISTS (
                SELECT 1 FROM outbox_outboxevent e
                WHERE e.key = 'payment.release_requested:' || a.id AND e.done_at IS NULL))
            OR a.state IN ('created', 'open'))
    """,
    repair="Refund what is left of the payment from the order's page.",
)
REFUNDS_ADD_UP = Check(
    id="I4.1",
    name="The refunded sum of each payment is that of its refunds, and within the captured sum",
    sql="""
        SELECT a.id AS payment, a.order_id AS "order", a.captured, a.refunded, coalesce(sum(r.amount), 0) AS refunds
        FROM checkout_paymentattempt a
        LEFT JOIN checkout_refund r ON r.attempt_id = a.id AND r.state <> 'failed'
        GROUP BY a.id
        HAVING coalesce(sum(r.amount), 0) <> a.refunded OR a.refunded > a.captured
    """,
    repair="Run reconcile_payments; correct the payment's refunded sum to that of the refunds the provider shows.",
)
REFUND_HAS_ITS_PROVIDER_ID = Check(
    id="I4.2",
    name="Every refund that has begun names the provider's refund, and no two name the same",
    sql="""
        SELECT r.id AS refund, r.state, r.provider_id FROM checkout_refund r
        WHERE (r.state IN ('pending', 'succeeded') AND r.provider_id = '')
           OR (r.provider_id <> '' AND EXISTS (
               SELECT 1 FROM checkout_refund other WHERE other.provider_id = r.provider_id AND other.id <> r.id))
    """,
    repair="Run reconcile_payments and compare the refund with the provider's list.",
)
LINES_HAVE_THEIR_UNITS = Check(
    id="I5.1",
    name="Each tracked line of a paid order has, or waits for, its quantity; no other order has or waits for any",
    sql="""
        WITH wanted AS (
            SELECT l.order_id, l.id AS line, l.stockrecord_id AS record, l.quantity AS units FROM order_line l
            WHERE NOT EXISTS (SELECT 1 FROM checkout_linepart part WHERE part.line_id = l.id)
            UNION ALL
            SELECT l.order_id, l.id, part.stock_record_id, l.quantity * part.quantity
            FROM order_line l JOIN checkout_linepart part ON part.line_id = l.id
        )
        SELECT o.id AS "order", o.number, o.status, wanted.line, wanted.record AS stock_record, wanted.units,
               coalesce(given.units, 0) AS allocated, coalesce(ahead.units, 0) AS ahead
        FROM wanted
        JOIN order_order o ON o.id = wanted.order_id
        JOIN checkout_placedorder p ON p.order_id = o.id
        JOIN partner_stockrecord s ON s.id = wanted.record
        JOIN catalogue_product product ON product.id = s.product_id
        LEFT JOIN catalogue_product parent ON parent.id = product.parent_id
        JOIN catalogue_productclass c ON c.id = coalesce(product.product_class_id, parent.product_class_id)
        LEFT JOIN (
            SELECT a.claim, a.line, level.stock_record_id, sum(a.quantity - a.cancelled) AS units,
                   sum(a.quantity - a.cancelled - a.dispatched) AS open
            FROM inventory_allocation a JOIN inventory_stocklevel level ON level.id = a.level_id
            GROUP BY a.claim, a.line, level.stock_record_id
        ) given ON given.claim = 'order:' || o.id AND given.line = 'line:' || wanted.line
            AND given.stock_record_id = wanted.record
        LEFT JOIN (
            SELECT claim, line, stock_record_id, quantity - filled AS units, quantity - filled - cancelled AS open
            FROM inventory_backorder
        ) ahead ON ahead.claim = 'order:' || o.id AND ahead.line = 'line:' || wanted.line
            AND ahead.stock_record_id = wanted.record
        WHERE c.track_stock AND (
            (o.status IN ('paid', 'partly shipped', 'shipped')
             AND coalesce(given.units, 0) + coalesce(ahead.units, 0) <> wanted.units)
            OR (o.status IN ('pending payment', 'cancelled') AND coalesce(given.open, 0) + coalesce(ahead.open, 0) <> 0))
    """,
    repair="Allocate the missing units of the line, or cancel the order's open allocations.",
)
TOTAL_IS_ITS_PARTS = Check(
    id="I6.1",
    name="Order total = lines + delivery + surcharges, with and without tax; discounts explain the difference of lines",
    sql="""
        SELECT o.id AS "order", o.number, o.total_incl_tax AS total, l.incl AS lines, o.shipping_incl_tax AS delivery
        FROM order_order o
        JOIN checkout_placedorder p ON p.order_id = o.id
        LEFT JOIN LATERAL (SELECT coalesce(sum(line_price_incl_tax), 0) AS incl,
                                  coalesce(sum(line_price_excl_tax), 0) AS excl,
                                  count(*) AS lines
                           FROM order_line WHERE order_id = o.id) l ON true
        LEFT JOIN LATERAL (SELECT coalesce(sum(incl_tax), 0) AS incl, coalesce(sum(excl_tax), 0) AS excl
                           FROM order_surcharge WHERE order_id = o.id) s ON true
        WHERE o.total_incl_tax <> l.incl + o.shipping_incl_tax + s.incl
           OR o.total_excl_tax <> l.excl + o.shipping_excl_tax + s.excl
           OR o.total_incl_tax < o.total_excl_tax OR l.lines = 0
    """,
    repair="Compare the order with its stored quote; correct the payment by a refund, never the order's figures.",
)
TOTAL_IS_THE_QUOTE = Check(
    id="I6.2",
    name="The order's total, tax and payments are those of the quote that the shopper agreed to",
    sql="""
        SELECT o.id AS "order", o.number, o.total_incl_tax AS total, p.quote->>'total' AS quoted,
               (SELECT sum((t->>'tax')::numeric) FROM jsonb_array_elements(p.quote->'taxes') t) AS tax_by_rate
        FROM order_order o
        JOIN checkout_placedorder p ON p.order_id = o.id
        WHERE p.quote ? 'total' AND (
            (p.quote->>'total')::numeric <> o.total_incl_tax
            OR p.quote->>'currency' <> o.currency
            OR (p.quote ? 'taxes' AND coalesce(
                (SELECT sum((t->>'tax')::numeric) FROM jsonb_array_elements(p.quote->'taxes') t), 0)
                <> o.total_incl_tax - o.total_excl_tax)
            OR EXISTS (SELECT 1 FROM checkout_paymentattempt a
                       WHERE a.order_id = o.id AND a.state <> 'held'
                         AND (a.amount > o.total_incl_tax OR a.currency <> o.currency
                              OR (a.amount < o.total_incl_tax AND NOT EXISTS (
                                  SELECT 1 FROM checkout_paymentattempt ended
                                  WHERE ended.order_id = o.id AND ended.rest_asked_at IS NOT NULL)))))
    """,
    repair="Hold the order; compare it with its quote and what the shopper was charged.",
)
VOUCHER_USES_ARE_LIVE_ORDERS = Check(
    id="I7.1",
    name="Each voucher use in force belongs to an order that is not cancelled, each cancelled order gave its uses back",
    sql="""
        SELECT u.id AS use, u.voucher_id AS voucher, u.claim, o.status
        FROM promotions_voucheruse u
        LEFT JOIN order_order o ON u.claim = 'order:' || o.id
        WHERE u.released_at IS NULL AND (o.id IS NULL OR o.status = 'cancelled')
    """,
    repair="Release the voucher uses of that claim.",
)
VOUCHER_LIMITS_HOLD = Check(
    id="I7.2",
    name="No voucher is used more often than its limit allows",
    sql="""
        SELECT v.id AS voucher, v.code, v.usage, count(*) AS uses
        FROM promotions_voucheruse u JOIN voucher_voucher v ON v.id = u.voucher_id
        WHERE u.released_at IS NULL AND v.usage IN ('Single use', 'Once per customer')
        GROUP BY v.id, v.code, v.usage, CASE WHEN v.usage = 'Once per customer' THEN u.customer_key ELSE '' END
        HAVING count(*) > 1
    """,
    repair="Decide which order keeps the voucher, and write to the other shopper.",
)
ONE_CONFIRMATION = Check(
    id="I8.1",
    name="Each paid order has exactly one confirmation mail, each refund at most one, each Message-ID is once",
    sql="""
        SELECT o.id AS "order", o.number, count(m.id) AS confirmations
        FROM order_order o
        JOIN checkout_placedorder p ON p.order_id = o.id
        LEFT JOIN checkout_mail m ON m.order_id = o.id AND m.kind = 'order_confirmed'
            AND m.key NOT LIKE '%:again:%'  -- those that staff sent because somebody asked
        LEFT JOIN accounts_user u ON u.id = o.user_id
        WHERE p.paid_at IS NOT NULL AND (o.guest_email <> '' OR u.email <> '')
          AND EXISTS (SELECT 1 FROM outbox_outboxevent e WHERE e.key = 'order.paid:' || o.id AND e.done_at IS NOT NULL)
        GROUP BY o.id HAVING count(m.id) <> 1
    """,
    repair="Write the confirmation from the order's page; a second one needs an apology.",
)
PAID_ORDER_WAS_ANNOUNCED = Check(
    id="I8.2",
    name="Each order that was paid has its order.paid job, each refund that succeeded its mail job",
    sql="""
        SELECT 'order.paid:' || p.order_id AS missing FROM checkout_placedorder p
        JOIN order_order o ON o.id = p.order_id
        WHERE p.paid_at IS NOT NULL AND o.status <> 'pending payment'
          AND EXISTS (SELECT 1 FROM checkout_orderevent v WHERE v.order_id = o.id AND v.to_state = 'paid')
          AND NOT EXISTS (SELECT 1 FROM outbox_outboxevent e WHERE e.key = 'order.paid:' || o.id)
        UNION ALL
        SELECT 'refund.succeeded:' || r.id FROM checkout_refund r
        WHERE r.state = 'succeeded'
          AND NOT EXISTS (SELECT 1 FROM outbox_outboxevent e WHERE e.key = 'refund.succeeded:' || r.id)
    """,
    repair="Publish the missing job with that key.",
)
ORDER_IS_COMPLETE = Check(
    id="I9.1",
    name="Every order has a number, a record with its quote, an address and at least one line; numbers differ",
    sql="""
        SELECT o.id AS "order", o.number FROM order_order o
        LEFT JOIN checkout_placedorder p ON p.order_id = o.id
        WHERE o.number = '' OR p.order_id IS NULL OR p.quote = '{}'::jsonb OR o.billing_address_id IS NULL
           OR (o.shipping_address_id IS NULL AND o.shipping_code <> 'download')
           OR NOT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id)
           OR upper(o.number) IN (SELECT upper(number) FROM order_order GROUP BY upper(number) HAVING count(*) > 1)
    """,
    repair="Restore the missing record from a backup; an order is never edited.",
)
STATES_ARE_TOLD = Check(
    id="I9.2",
    name="Each order stands where its timeline says",
    sql="""
        SELECT o.id AS "order", o.number, o.status, last.to_state AS told
        FROM order_order o
        JOIN LATERAL (SELECT to_state FROM checkout_orderevent v
                      WHERE v.order_id = o.id AND v.to_state <> '' ORDER BY v.id DESC LIMIT 1) last ON true
        WHERE last.to_state <> o.status
    """,
    repair="Somebody changed the state past the shop: find out who, and write the missing timeline entry.",
)
JOBS_ARE_DONE = Check(
    id="I10.1",
    name="The outbox is empty or parked with a reason: nothing is due for more than five minutes",
    sql="""
        SELECT id, name, key, attempts, created_at FROM outbox_outboxevent
        WHERE (done_at IS NULL AND parked_at IS NULL AND available_at < now() - interval '5 minutes')
           OR (parked_at IS NOT NULL AND last_error = '')
    """,
    repair="Start the worker, or run relay_outbox.",
)
EVENTS_ARE_HANDLED_ONCE = Check(
    id="I10.2",
    name="Each stored provider event has one job, and is handled when that job is done",
    sql="""
        SELECT p.id, p.event_id, p.kind, p.handled_at, e.done_at
        FROM checkout_providerevent p
        LEFT JOIN outbox_outboxevent e ON e.key = 'provider.event_received:' || p.id
        WHERE e.id IS NULL OR (e.done_at IS NOT NULL AND p.handled_at IS NULL)
    """,
    repair="Retry the job of that event; settling again is harmless.",
)
NOTHING_WAITS_TOO_LONG = Check(
    id="I10.3",
    name="No unpaid order is older than its time to pay and ten minutes more, unless a person looks at its payment",
    sql="""
        SELECT o.id AS "order", o.number, p.pay_until
        FROM order_order o JOIN checkout_placedorder p ON p.order_id = o.id
        WHERE o.status = 'pending payment' AND p.pay_until < now() - interval '10 minutes'
          AND NOT EXISTS (SELECT 1 FROM checkout_paymentattempt a WHERE a.order_id = o.id AND a.state = 'held')
    """,
    repair="Start the beat, or see why the provider cannot be reached: the sweeper cancels there first.",
)
WORK_HAPPENS_ONCE = Check(
    id="I12.1",
    name="Nothing happened twice: one cancellation, one payment, one dispatch note of a kind per order",
    sql="""
        SELECT order_id AS "order", to_state AS what, count(*) AS times FROM checkout_orderevent
        WHERE to_state <> '' GROUP BY order_id, to_state HAVING count(*) > 1
        UNION ALL
        SELECT order_id, 'parcel ' || (data->>'shipment'), count(*) FROM checkout_orderevent
        WHERE kind = 'shipment' AND data ? 'shipment' GROUP BY order_id, data->>'shipment' HAVING count(*) > 1
    """,
    repair="Look for two different keys of the same act in the outbox.",
)

CHECKS = (
    PAID_ORDER_HAS_ITS_MONEY,
    CANCELLED_ORDER_KEEPS_NO_MONEY,
    REFUNDS_ADD_UP,
    REFUND_HAS_ITS_PROVIDER_ID,
    LINES_HAVE_THEIR_UNITS,
    TOTAL_IS_ITS_PARTS,
    TOTAL_IS_THE_QUOTE,
    VOUCHER_USES_ARE_LIVE_ORDERS,
    VOUCHER_LIMITS_HOLD,
    ONE_CONFIRMATION,
    PAID_ORDER_WAS_ANNOUNCED,
    ORDER_IS_COMPLETE,
    STATES_ARE_TOLD,
    JOBS_ARE_DONE,
    EVENTS_ARE_HANDLED_ONCE,
    NOTHING_WAITS_TOO_LONG,
    WORK_HAPPENS_ONCE,
)


def register() -> None:
    for check in (*CHECKS, *papers.CHECKS, *refunds.CHECKS, *payouts.CHECKS, *transfers.CHECKS, *steps.CHECKS):
        register_check(check)
