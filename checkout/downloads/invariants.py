"""What must always hold of downloads, as questions that the database answers with the rows that break it."""

from shop.doctor.checks import Check, register_check

CHECKS = (
    Check(
        id="I9.6",
        name="A right's used downloads are those in the ledger",
        sql="""
            SELECT right_of.id AS entitlement, right_of.order_id AS "order", right_of.used,
                   count(use.id) AS in_ledger
            FROM checkout_entitlement right_of LEFT JOIN checkout_download use ON use.entitlement_id = right_of.id
            GROUP BY right_of.id HAVING right_of.used <> count(use.id)
        """,
        repair="Set the right's used downloads to the number of its rows in the ledger.",
    ),
)


def register() -> None:
    for check in CHECKS:
        register_check(check)
