"""What must always hold of vouchers and offers, as questions that the database answers with the rows that break it."""

from shop.doctor.checks import Check, register_check

CHECKS = (
    Check(
        id="I7",
        name="No voucher is held more often than it may be",
        sql="""
            SELECT voucher.id AS voucher, voucher.code, voucher.usage, min(held.customer_key) AS customer,
                   count(*) AS live_uses
            FROM promotions_voucheruse AS held JOIN voucher_voucher AS voucher ON voucher.id = held.voucher_id
            WHERE held.released_at IS NULL AND voucher.usage IN ('Single use', 'Once per customer')
            GROUP BY voucher.id, CASE voucher.usage WHEN 'Single use' THEN '' ELSE held.customer_key END
            HAVING count(*) > 1
        """,
        repair="Look at the orders that hold the voucher; cancel the later one, or let it stand and say why.",
    ),
    Check(
        id="I7",
        name="A voucher's number of orders is the number of its live uses",
        sql="""
            SELECT voucher.id AS voucher, voucher.code, voucher.num_orders, count(held.id) AS live_uses
            FROM voucher_voucher AS voucher
            LEFT JOIN promotions_voucheruse AS held ON held.voucher_id = voucher.id AND held.released_at IS NULL
            GROUP BY voucher.id HAVING voucher.num_orders <> count(held.id)
        """,
        repair="Set the voucher's number of orders to the number of its live uses.",
    ),
    Check(
        id="I7",
        name="No offer has given more than its limits allow",
        sql="""
            SELECT offer.id AS offer, offer.name, sum(held.applications) AS applications,
                   offer.max_global_applications, sum(held.amount) AS amount, offer.max_discount
            FROM offer_conditionaloffer AS offer
            JOIN promotions_offeruse AS held ON held.offer_id = offer.id AND held.released_at IS NULL
            GROUP BY offer.id
            HAVING (offer.max_global_applications > 0 AND sum(held.applications) > offer.max_global_applications)
                OR (offer.max_discount > 0 AND sum(held.amount) > offer.max_discount)
        """,
        repair="The limit was lowered, or an order went past it: raise the limit to what was given, or end the offer.",
    ),
)


def register_invariants() -> None:
    for check in CHECKS:
        register_check(check)
