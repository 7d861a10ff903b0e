"""Tables of what is sold before it is there: the policy of a stock record, and the units that paid orders wait for."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from oscar.apps.partner.models import StockRecord


class BackorderPolicy(models.Model):
    """How many units may be sold that are not on any shelf, and when they are promised for.

    Open while `kind` is not `none` and the promised day has not passed; the database's clock judges, in the shop's own
    time zone. A closed policy keeps its cap: what was sold under it still waits.
    """

    class Kind(models.TextChoices):
        NONE = "none", "Not sold ahead"
        BACKORDER = "backorder", "Backorder"
        PRE_ORDER = "pre-order", "Pre-order"

    stock_record = models.OneToOneField(
        StockRecord, primary_key=True, on_delete=models.CASCADE, related_name="backorder_policy"
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    cap = models.PositiveIntegerField(help_text="Units that may wait at one time, reservations included.")
    promised_on = models.DateField(help_text="The day from which they are sent.")
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "backorder policy"
        verbose_name_plural = "backorder policies"
        constraints = [models.CheckConstraint(condition=Q(cap__gt=0), name="inventory_backorder_cap_positive")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.stock_record_id}, at most {self.cap}"


class Backorder(models.Model):
    """Units of a paid line that have to come in first: open until filled (then they are allocated) or cancelled.

    quantity = filled + cancelled + still open. Older rows are filled first. Locked through the stock record.
    """

    stock_record = models.ForeignKey(StockRecord, on_delete=models.PROTECT, related_name="backorders")
    claim = models.CharField(max_length=64, db_index=True, help_text="order:1042")
    line = models.CharField(max_length=64, help_text="The order line within the claim: line:77.")
    quantity = models.PositiveIntegerField()
    filled = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=16, choices=BackorderPolicy.Kind.choices)
    promised_on = models.DateField(help_text="The day that the buyer was told last.")
    ship_country = models.CharField(max_length=2, blank=True)
    ship_postcode = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["claim", "line", "stock_record"], name="inventory_backorder_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(quantity__gte=F("filled") + F("cancelled")),
                name="inventory_backorder_within_quantity",
            ),
        ]
        indexes = [
            models.Index(
                fields=["stock_record", "id"],
                name="inventory_backorder_open",
                condition=Q(quantity__gt=F("filled") + F("cancelled")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.claim} {self.line}: {self.quantity}"

    @property
    def open_units(self) -> int:
        return self.quantity - self.filled - self.cancelled
