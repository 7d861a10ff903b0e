"""Approve or reject reviews: the rating on cards and pages follows in the same transaction."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from oscar.apps.catalogue.models import Product
from oscar.apps.catalogue.reviews.models import ProductReview

from catalog.search.index import refresh_documents
from shop.audit.record import record_action


@transaction.atomic
def judge_reviews(review_ids: Sequence[int], *, approve: bool, actor: Any) -> int:
    """How many changed. Reviews that were judged so before are left alone."""
    verdict = ProductReview.APPROVED if approve else ProductReview.REJECTED
    rows = ProductReview.objects.select_for_update().filter(pk__in=review_ids).exclude(status=verdict).order_by("pk")
    found = list(rows)
    for review in found:
        record_action(
            action="approve review" if approve else "reject review",
            subject_type="productreview",
            subject_id=review.pk,
            actor=actor,
            before={"status": review.get_status_display()},
        )
    ProductReview.objects.filter(pk__in=[review.pk for review in found]).update(status=verdict)
    products = {review.product_id for review in found if review.product_id}
    for product in Product.objects.filter(pk__in=products).order_by("pk"):
        product.update_rating()
    refresh_documents(products)
    return len(found)
