"""The shop answers a review."""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from oscar.apps.catalogue.reviews.models import ProductReview

from checkout.reviews.plain_text import plain_paragraphs
from checkout.reviews.records import ReviewReply
from shop.audit.record import record_action


class EmptyReply(ValueError):
    """An answer without words."""


@transaction.atomic
def reply_to_review(review_id: int, *, text: str, actor: Any) -> bool:
    """Write the answer, or put a new one in place of the old; False when it stands there already. Raises EmptyReply."""
    cleaned = plain_paragraphs(text)
    if not cleaned:
        raise EmptyReply("Please write what you want to answer.")
    review = ProductReview.objects.select_for_update(no_key=True).get(pk=review_id)
    before = ReviewReply.objects.filter(review=review).values_list("text", flat=True).first() or ""
    if before == cleaned:
        return False
    ReviewReply.objects.update_or_create(review=review, defaults={"text": cleaned, "at": Now(), "actor": actor})
    record_action(
        action="answer review",
        subject_type="productreview",
        subject_id=review.pk,
        actor=actor,
        before={"reply": before},
        after={"reply": cleaned},
    )
    return True
