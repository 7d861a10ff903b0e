"""I4 for payouts: what one consists of comes to it, and each movement belongs to what we know."""

from shop.doctor.checks import Check

PAYOUT_IS_ITS_PARTS = Check(
    id="I4.6",
    name="Each payout is the sum of what it consists of, to the cent",
    sql="""
        SELECT p.id AS payout, p.provider_id, p.amount, coalesce(sum(i.net), 0) AS parts
        FROM checkout_payout p LEFT JOIN checkout_payoutitem i ON i.payout_id = p.id
        WHERE p.is_split GROUP BY p.id HAVING coalesce(sum(i.net), 0) <> p.amount
    """,
    repair="Ask the provider for the report of that payout; the payouts desk shows what is missing.",
)
REFUNDS_LEAVE_ONCE = Check(
    id="I4.7",
    name="No refund and no payment is in payouts for more than it was",
    sql="""
        SELECT 'payment ' || a.id AS what, a.captured AS ours, sum(i.amount) AS paid_out
        FROM checkout_payoutitem i
        JOIN checkout_payout p ON p.id = i.payout_id
        JOIN checkout_paymentattempt a ON a.id = i.attempt_id AND a.currency = p.currency
        WHERE i.kind = 'order' GROUP BY a.id HAVING sum(i.amount) > a.captured
        UNION ALL
        SELECT 'refund ' || r.id, r.amount, -sum(i.amount)
        FROM checkout_payoutitem i
        JOIN checkout_payout p ON p.id = i.payout_id
        JOIN checkout_refund r ON r.id = i.refund_id
        JOIN checkout_paymentattempt a ON a.id = r.attempt_id AND a.currency = p.currency
        WHERE i.kind = 'refund' GROUP BY r.id HAVING -sum(i.amount) > r.amount
    """,
    repair="Compare the payment with the provider's page of it; run reconcile_payments.",
)

CHECKS = (PAYOUT_IS_ITS_PARTS, REFUNDS_LEAVE_ONCE)
