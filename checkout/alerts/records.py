"""Waiting addresses, and those that never want to hear of it.

Oscar's `ProductAlert` knows no queue, no price and no stop for all; it stays empty.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from oscar.apps.partner.models import StockRecord


class Alert(models.Model):
    """One address waits for one thing. Open until it was told (`told_at`) or stopped (`stopped_at`); told once.

    The queue of a stock record is in the order of `id`.
    """

    class Kind(models.TextChoices):
        BACK = "back", "when it is back"
        PRICE = "price", "when it costs less"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    stock_record = models.ForeignKey(StockRecord, on_delete=models.CASCADE, related_name="waiting_alerts")
    email = models.EmailField(help_text="In lower case.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="waiting_alerts"
    )
    price = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, help_text="One unit when they asked; told when it costs less."
    )
    source = models.CharField(max_length=40, blank=True, help_text="Keyed hash of the network address that asked.")
    created_at = models.DateTimeField(db_default=Now())
    told_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["stock_record", "kind", "email"],
                condition=Q(told_at__isnull=True, stopped_at__isnull=True),
                name="checkout_alert_open_once",
            ),
            models.CheckConstraint(condition=Q(kind="back") | Q(price__isnull=False), name="checkout_alert_has_price"),
        ]
        indexes = [
            models.Index(fields=["stock_record", "told_at"], name="checkout_alert_told"),
            models.Index(fields=["email"], name="checkout_alert_email"),
            models.Index(fields=["source", "created_at"], name="checkout_alert_source"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.stock_record_id}"


class QuietAddress(models.Model):
    """An address whose owner stopped these mails for good: nobody can order any for it again, but the owner."""

    email = models.EmailField(primary_key=True)
    since = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "quiet address"
        verbose_name_plural = "quiet addresses"

    def __str__(self) -> str:
        return self.email
