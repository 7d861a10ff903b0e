"""What must hold for reviews, as questions for the doctor."""

from shop.doctor.checks import Check, register_check

_AGGREGATE = """
WITH raw AS (
    SELECT product_id, count(*) AS number, round(avg(score), 2) AS average FROM reviews_productreview
    WHERE status = 1 AND product_id IS NOT NULL GROUP BY product_id
)
SELECT product.id AS product, document.rating AS shown, round(product.rating::numeric, 2) AS stored,
       raw.average AS counted, document.rating_count AS shown_number, COALESCE(raw.number, 0) AS counted_number
FROM catalogue_product product
LEFT JOIN catalog_searchdocument document ON document.product_id = product.id
LEFT JOIN raw ON raw.product_id = product.id
WHERE abs(COALESCE(product.rating::numeric, 0) - COALESCE(raw.average, 0)) > 0.006
   OR document.product_id IS NOT NULL AND (
        document.rating IS DISTINCT FROM raw.average OR document.rating_count <> COALESCE(raw.number, 0))
"""
_VERIFIED = """
SELECT proof.review_id AS review, proof.line_id AS line, review.product_id AS product, placed.paid_at
FROM checkout_reviewedline proof
JOIN reviews_productreview review ON review.id = proof.review_id
JOIN order_line line ON line.id = proof.line_id
LEFT JOIN catalogue_product bought ON bought.id = line.product_id
LEFT JOIN checkout_placedorder placed ON placed.order_id = line.order_id
WHERE placed.paid_at IS NULL
   OR bought.id IS NOT NULL AND review.product_id IS DISTINCT FROM COALESCE(bought.parent_id, bought.id)
"""
_SCORES = "SELECT id AS review, score FROM reviews_productreview WHERE score NOT BETWEEN 1 AND 5 AND status = 1"


def register() -> None:
    register_check(
        Check(
            id="I13.4",
            name="Ratings on cards and pages are the average of the approved reviews",
            sql=_AGGREGATE,
            repair="Run manage.py reindex; for the product's own figure, approve or reject one of its reviews again.",
        )
    )
    register_check(
        Check(
            id="I13.5",
            name="Each review marked as bought belongs to a paid line of that product",
            sql=_VERIFIED,
            repair="Find out who wrote the row past the shop, and delete it: the review then counts as unverified.",
        )
    )
    register_check(
        Check(
            id="I13.6",
            name="Each approved review has one to five stars",
            sql=_SCORES,
            repair="Reject the review, or import it again with its true score.",
        )
    )
