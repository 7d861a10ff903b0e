"""Tables of transfers: units on their way from one location to another, on neither shelf meanwhile."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from oscar.apps.partner.models import StockRecord


class Transfer(models.Model):
    """drafted → in transit → closed, or drafted → cancelled. Closed when every unit arrived or is explained."""

    class State(models.TextChoices):
        DRAFTED = "drafted", "To be sent"
        IN_TRANSIT = "in transit", "In transit"
        CLOSED = "closed", "Closed"
        CANCELLED = "cancelled", "Cancelled"

    origin = models.ForeignKey("inventory.Location", on_delete=models.PROTECT, related_name="transfers_out")
    destination = models.ForeignKey("inventory.Location", on_delete=models.PROTECT, related_name="transfers_in")
    state = models.CharField(max_length=16, choices=State.choices, default=State.DRAFTED)
    note = models.CharField(max_length=250, blank=True)
    idempotency_key = models.CharField(max_length=160, unique=True)
    created_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=~Q(origin=F("destination")), name="inventory_transfer_between_two"),
        ]

    def __str__(self) -> str:
        return f"Transfer {self.pk}"


class TransferLine(models.Model):
    """quantity = received + missing + still in transit. `surplus` are units that came beyond what was sent."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="lines")
    stock_record = models.ForeignKey(StockRecord, on_delete=models.PROTECT, related_name="transfer_lines")
    quantity = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    surplus = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=250, blank=True, help_text="Why it differs.")

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["transfer", "stock_record"], name="inventory_transfer_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(quantity__gte=F("received") + F("missing")),
                name="inventory_transfer_line_within_quantity",
            ),
            models.CheckConstraint(
                condition=Q(missing=0, surplus=0) | ~Q(reason=""), name="inventory_transfer_difference_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id}: {self.quantity}"

    @property
    def in_transit(self) -> int:
        return self.quantity - self.received - self.missing
