"""Payouts of the payment provider, and what each consists of. Amounts in the payout's currency."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from checkout.payments.records import PaymentAttempt, Refund


class Payout(models.Model):
    """One transfer to the shop's bank account, as the provider tells of it."""

    provider_id = models.CharField(max_length=120, unique=True)
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=12)
    state = models.CharField(
        max_length=24, help_text="The provider's word: pending, in_transit, paid, failed, canceled."
    )
    is_automatic = models.BooleanField(help_text="Only automatic payouts can be split.")
    is_split = models.BooleanField(default=False, help_text="Every movement that it consists of is known.")
    made_at = models.DateTimeField()
    arrives_at = models.DateTimeField()
    fetched_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-made_at", "-id")

    def __str__(self) -> str:
        return f"payout {self.provider_id}"


class PayoutItem(models.Model):
    """One movement of money in a payout. Append-only; each movement is in one payout only."""

    class Kind(models.TextChoices):
        ORDER = "order", "orders"
        REFUND = "refund", "refunds"
        DISPUTE = "dispute", "disputes"
        FEE = "fee", "fees of their own"
        ADJUSTMENT = "adjustment", "adjustments"

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="items")
    movement_id = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    fee = models.DecimalField(max_digits=14, decimal_places=3)
    net = models.DecimalField(max_digits=14, decimal_places=3)
    intent_id = models.CharField(max_length=120, blank=True)
    refund_ref = models.CharField(max_length=120, blank=True, help_text="The provider's refund.")
    words = models.CharField(max_length=250, blank=True)
    at = models.DateTimeField()
    attempt = models.ForeignKey(
        PaymentAttempt, null=True, blank=True, on_delete=models.PROTECT, related_name="payout_items"
    )
    refund = models.ForeignKey(Refund, null=True, blank=True, on_delete=models.PROTECT, related_name="payout_items")

    class Meta:
        ordering = ("at", "id")
        constraints = [
            models.CheckConstraint(condition=Q(net=F("amount") - F("fee")), name="checkout_payout_item_adds_up")
        ]

    def __str__(self) -> str:
        return self.movement_id
