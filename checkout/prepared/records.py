"""A checkout that staff filled in, and the link that opens it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from oscar.apps.voucher.models import Voucher

from checkout.quote.records import CheckoutDraft


class PreparedOrder(models.Model):
    """Basket, address and discount stand with the checkout; it becomes an order by the same way as a shopper's own."""

    draft = models.OneToOneField(CheckoutDraft, on_delete=models.CASCADE, related_name="prepared")
    link_digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of what stands in the link.")
    shown = models.JSONField(help_text="The figures as they were when the link was sent.")
    discount_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    discount_reason = models.CharField(max_length=250, blank=True)
    voucher = models.OneToOneField(Voucher, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    prepared_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "prepared order"
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(discount_percent__gte=0) & Q(discount_percent__lte=100),
                name="checkout_prepared_discount_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=Q(discount_percent=0) | ~Q(discount_reason=""), name="checkout_prepared_discount_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"order prepared for {self.draft.email}"
