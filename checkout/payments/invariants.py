"""I3 and I4 for payments: an order has its money; what is taken in steps, parcel by parcel, adds up."""

from shop.doctor.checks import Check

PAID_ORDER_HAS_ITS_MONEY = Check(
    id="I3.1",
    name="Each paid order has exactly one payment, of its total and currency; no other order has money",
    sql="""
        SELECT o.id AS "order", o.number, o.status, o.total_incl_tax AS total,
               count(a.id) AS payments, coalesce(sum(a.amount), 0) AS paid, min(ended.captured) AS of_an_ended_one
        FROM order_order o
        JOIN checkout_placedorder p ON p.order_id = o.id
        LEFT JOIN checkout_paymentattempt a ON a.order_id = o.id AND a.state IN ('paid', 'authorised')
        LEFT JOIN checkout_paymentattempt h ON h.order_id = o.id AND h.state = 'held'
        LEFT JOIN LATERAL (
            SELECT sum(captured) AS captured FROM checkout_paymentattempt WHERE order_id = o.id AND state = 'lapsed'
        ) ended ON true
        WHERE h.id IS NULL
        GROUP BY o.id
        HAVING (o.status IN ('paid', 'partly shipped', 'shipped', 'refunded')
                AND (count(a.id) <> 1 OR min(a.currency) <> o.currency
                     OR sum(a.amount) + coalesce(min(ended.captured), 0) < o.total_incl_tax
                     OR (sum(a.amount) <> o.total_incl_tax AND min(ended.captured) IS NULL)
                     OR bool_or(a.state = 'paid' AND a.captured <> a.amount)))
            OR (o.status = 'pending payment' AND count(a.id) > 0)
    """,
    repair="Settle the order's payment from its page; if the sums still differ, refund it and write to the shopper.",
)
STEPS_WERE_TAKEN = Check(
    id="I4.9",
    name="The steps in which a payment was taken are within what was taken of it",
    sql="""
        SELECT a.id AS payment, a.captured, max(c.target) AS target, sum(c.amount) AS steps
        FROM checkout_capture c JOIN checkout_paymentattempt a ON a.id = c.attempt_id
        WHERE c.state = 'taken' GROUP BY a.id HAVING max(c.target) > a.captured OR sum(c.amount) > a.captured
    """,
    repair="Settle the order's payment from its page; compare its captures with the provider's.",
)

CHECKS = (STEPS_WERE_TAKEN,)
