"""I4 for the parts of refunds: they sum to it, and no line or delivery goes back more than once."""

from shop.doctor.checks import Check

PARTS_ARE_THE_REFUND = Check(
    id="I4.3",
    name="The parts of a refund sum to it",
    sql="""
        SELECT r.id AS refund, r.amount, sum(part.amount) AS parts
        FROM checkout_refund r JOIN checkout_refundpart part ON part.refund_id = r.id
        GROUP BY r.id HAVING sum(part.amount) <> r.amount
    """,
    repair="Somebody wrote past the shop: compare the refund with the provider's, and the parts with its credit note.",
)
NO_LINE_GOES_BACK_TWICE = Check(
    id="I4.4",
    name="No line goes back more often than it was bought, no delivery for more than it cost",
    sql="""
        SELECT 'line ' || l.id AS what, l.quantity AS bought, sum(part.quantity) AS given,
               l.line_price_incl_tax AS paid, sum(part.amount) AS back
        FROM checkout_refundpart part
        JOIN checkout_refund r ON r.id = part.refund_id AND r.state <> 'failed'
        JOIN order_line l ON l.id = part.line_id
        GROUP BY l.id
        HAVING sum(part.quantity) > l.quantity OR sum(part.amount) > l.line_price_incl_tax
        UNION ALL
        SELECT 'delivery of order ' || o.id, 1, count(*), o.shipping_incl_tax, sum(part.amount)
        FROM checkout_refundpart part
        JOIN checkout_refund r ON r.id = part.refund_id AND r.state <> 'failed'
        JOIN checkout_paymentattempt a ON a.id = r.attempt_id
        JOIN order_order o ON o.id = a.order_id
        WHERE part.kind = 'delivery'
        GROUP BY o.id HAVING sum(part.amount) > o.shipping_incl_tax
    """,
    repair="Ask whoever gave the later refund; the shopper may have been paid too much.",
)
REQUEST_IS_ITS_REFUND = Check(
    id="I4.5",
    name="What staff gave back is what they, or two of them, decided on",
    sql="""
        SELECT q.id AS request, q.state, q.amount, sum(r.amount) AS refunded, q.asked_by_name, q.decided_by_name
        FROM checkout_refundrequest q
        JOIN checkout_paymentattempt asked ON asked.id = q.attempt_id
        JOIN (
            SELECT id AS request_id, refund_id FROM checkout_refundrequest
            UNION ALL SELECT request_id, refund_id FROM checkout_refundshare
        ) given ON given.request_id = q.id
        JOIN checkout_refund r ON r.id = given.refund_id
        JOIN checkout_paymentattempt a ON a.id = r.attempt_id
        WHERE q.state IN ('given', 'approved')
        GROUP BY q.id HAVING sum(r.amount) <> q.amount OR bool_or(a.order_id <> asked.order_id)
    """,
    repair="Compare the request with its refunds in the audit log.",
)

CHECKS = (PARTS_ARE_THE_REFUND, NO_LINE_GOES_BACK_TWICE, REQUEST_IS_ITS_REFUND)
