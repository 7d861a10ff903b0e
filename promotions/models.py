"""Promotions' own tables, beside Oscar's offer, condition, benefit, range and voucher."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from oscar.apps.offer.models import ConditionalOffer
from oscar.apps.voucher.models import Voucher


class VoucherUse(models.Model):
    """One order's hold on one voucher. Cancelling the order gives the use back (`released_at`)."""

    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="uses")
    claim = models.CharField(max_length=64, help_text="order:1042")
    customer_key = models.CharField(max_length=254, help_text="Lower-case e-mail address of the buyer.")
    limit_key = models.CharField(
        max_length=260,
        null=True,
        help_text="What may hold only one live use: the voucher (once), or one customer. Empty for multi-use.",
    )
    used_at = models.DateTimeField(db_default=Now())
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "voucher use"
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=["voucher", "claim"], name="promotions_use_once_per_order"),
            models.UniqueConstraint(
                fields=["voucher", "limit_key"],
                condition=Q(released_at__isnull=True),
                name="promotions_use_within_limit",
            ),
        ]
        indexes = [
            models.Index(
                fields=["voucher", "customer_key"], name="promotions_use_live", condition=Q(released_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id} by {self.claim}"


class OfferUse(models.Model):
    """What one order took from one offer; the sums over live uses are the offer's counters."""

    offer = models.ForeignKey(ConditionalOffer, on_delete=models.PROTECT, related_name="uses")
    claim = models.CharField(max_length=64, help_text="order:1042")
    customer_key = models.CharField(max_length=254, help_text="Lower-case e-mail address of the buyer.")
    applications = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    used_at = models.DateTimeField(db_default=Now())
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "offer use"
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=["offer", "claim"], name="promotions_offer_use_once_per_order"),
            models.CheckConstraint(condition=Q(applications__gt=0), name="promotions_offer_use_positive"),
        ]
        indexes = [
            models.Index(
                fields=["offer", "customer_key"],
                name="promotions_offer_use_live",
                condition=Q(released_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} by {self.claim}"
