"""Promotions' own tables, beside Oscar's offer, condition, benefit, range and voucher."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from oscar.apps.voucher.models import Voucher


class VoucherUse(models.Model):
    """One order's hold on one voucher. Cancelling the order gives the use back (`released_at`)."""

    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="uses")
    claim = models.CharField(max_length=64, help_text="order:1042")
    customer_key = models.CharField(max_length=254, help_text="Lower-case e-mail address of the buyer.")
    used_at = models.DateTimeField(db_default=Now())
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "voucher use"
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=["voucher", "claim"], name="promotions_use_once_per_order"),
        ]
        indexes = [
            models.Index(
                fields=["voucher", "customer_key"], name="promotions_use_live", condition=Q(released_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id} by {self.claim}"
