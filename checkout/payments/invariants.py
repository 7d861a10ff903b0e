"""I4 for payments that are taken in steps, parcel by parcel."""

from shop.doctor.checks import Check

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
