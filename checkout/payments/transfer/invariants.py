"""I3 and I4 for transfers: what pays an order is on our statements, and a sent refund is done."""

from shop.doctor.checks import Check

TRANSFERS_PAY_THEIR_ORDER = Check(
    id="I3.3",
    name="Each order paid by transfer has statement entries over at least its payment",
    sql="""
        SELECT a.id AS payment, o.number, a.captured, coalesce(sum(e.amount), 0) AS received
        FROM checkout_paymentattempt a
        JOIN order_order o ON o.id = a.order_id
        LEFT JOIN checkout_transfermatch m ON m.order_id = a.order_id AND m.undone_at IS NULL
        LEFT JOIN checkout_statemententry e ON e.id = m.entry_id
        WHERE a.provider = 'transfer' AND a.state = 'paid' AND a.amount > 0
        GROUP BY a.id, o.number HAVING coalesce(sum(e.amount), 0) < a.captured
    """,
    repair="Look at the order's timeline; match the right entry, or hold the order.",
)
ENTRIES_STAND_WHERE_THEY_ARE = Check(
    id="I3.4",
    name="An entry counts as matched exactly when it pays an order",
    sql="""
        SELECT e.id AS entry, e.state, e.amount FROM checkout_statemententry e
        WHERE (e.state = 'matched') <> EXISTS (
            SELECT 1 FROM checkout_transfermatch m WHERE m.entry_id = e.id AND m.undone_at IS NULL)
    """,
    repair="Take the match back at the desk, and match the entry again.",
)
SENT_REFUNDS_ARE_DONE = Check(
    id="I4.8",
    name="A refund whose transfer was sent is done, over the same sum",
    sql="""
        SELECT t.id AS transfer, t.state, t.amount, r.id AS refund, r.state AS refund_state, r.amount AS refunded
        FROM checkout_transferout t JOIN checkout_refund r ON r.id = t.refund_id
        WHERE t.amount <> r.amount OR (t.state = 'sent') <> (r.state = 'succeeded')
    """,
    repair="Mark the transfer as sent once more: it brings the refund in step.",
)

CHECKS = (TRANSFERS_PAY_THEIR_ORDER, ENTRIES_STAND_WHERE_THEY_ARE, SENT_REFUNDS_ARE_DONE)
