"""Tables of stock-takes: sheets that are counted blind, line by line, while the shop goes on selling."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from oscar.apps.partner.models import StockRecord


class CountSheet(models.Model):
    """open (being counted; nobody sees what is expected) → reviewed → posted, or cancelled."""

    class State(models.TextChoices):
        OPEN = "open", "Being counted"
        REVIEWED = "reviewed", "To be posted"
        POSTED = "posted", "Posted"
        CANCELLED = "cancelled", "Cancelled"

    location = models.ForeignKey("inventory.Location", on_delete=models.PROTECT, related_name="count_sheets")
    name = models.CharField(max_length=120, help_text="The shelf or the occasion: Shelf A, New Year.")
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    idempotency_key = models.CharField(max_length=160, unique=True)
    created_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "count sheet"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.name} ({self.location})"


class CountLine(models.Model):
    """What was counted of one SKU, when, and how many units the ledger had at that instant.

    The difference of the two is what is posted, whatever has been sold or received since.
    """

    sheet = models.ForeignKey(CountSheet, on_delete=models.CASCADE, related_name="lines")
    stock_record = models.ForeignKey(StockRecord, on_delete=models.PROTECT, related_name="count_lines")
    counted = models.PositiveIntegerField(null=True, blank=True)
    expected = models.IntegerField(null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)
    counted_by = models.CharField(max_length=200, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "line of a count sheet"
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["sheet", "stock_record"], name="inventory_count_line_once"),
            models.CheckConstraint(
                condition=Q(counted__isnull=True, expected__isnull=True, counted_at__isnull=True)
                | Q(counted__isnull=False, expected__isnull=False, counted_at__isnull=False),
                name="inventory_count_line_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}: {self.stock_record_id}"

    @property
    def difference(self) -> int:
        """0 for a line that nobody counted."""
        return 0 if self.counted is None or self.expected is None else self.counted - self.expected
