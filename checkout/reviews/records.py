"""What Oscar's review does not hold: which bought line it is about, and what the shop answered."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from oscar.apps.catalogue.reviews.models import ProductReview
from oscar.apps.order.models import Line


class ReviewedLine(models.Model):
    """The proof that the writer bought the thing: one review for each bought line, one line for each review.

    A review is verified exactly when it has this row. Only `checkout.reviews.writing` writes it, after it has seen the
    paid line: no form, file or admin page does.
    """

    review = models.OneToOneField(ProductReview, primary_key=True, on_delete=models.CASCADE, related_name="bought")
    line = models.OneToOneField(Line, on_delete=models.CASCADE, related_name="review")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "reviewed line"

    def __str__(self) -> str:
        return f"review {self.review_id} of line {self.line_id}"


class ReviewReply(models.Model):
    """The shop's answer, shown under the review. A newer one takes its place; the audit log keeps both."""

    review = models.OneToOneField(ProductReview, primary_key=True, on_delete=models.CASCADE, related_name="reply")
    text = models.TextField()
    at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = "reply to a review"
        verbose_name_plural = "replies to reviews"

    def __str__(self) -> str:
        return self.text[:80]
