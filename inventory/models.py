"""Stock as a ledger. Oscar's `num_in_stock` and `num_allocated` are totals over locations, changed with the ledger."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from oscar.apps.partner.models import StockRecord

from inventory.backorder_records import Backorder, BackorderPolicy
from inventory.costs.records import CostLayer
from inventory.count_records import CountLine, CountSheet
from inventory.low_stock.records import LowStockDigest, LowStockNote, LowStockRule
from inventory.purchasing.records import GoodsReceipt, PurchaseLine, PurchaseOrder, ReceiptLine, Supplier
from inventory.transfer_records import Transfer, TransferLine

__all__ = [
    "Allocation",
    "Backorder",
    "BackorderPolicy",
    "CostLayer",
    "CountLine",
    "CountSheet",
    "GoodsReceipt",
    "Location",
    "LowStockDigest",
    "LowStockNote",
    "LowStockRule",
    "PurchaseLine",
    "PurchaseOrder",
    "ReceiptLine",
    "Reservation",
    "StockLevel",
    "StockMovement",
    "Supplier",
    "Transfer",
    "TransferLine",
]


class Location(models.Model):
    """A place that holds stock. Lower priority numbers are asked first when an order is sourced."""

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    priority = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)
    is_pickup_point = models.BooleanField(default=False)
    line1 = models.CharField("street", max_length=255, blank=True)
    postcode = models.CharField(max_length=64, blank=True)
    city = models.CharField(max_length=255, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2.")

    class Meta:
        ordering = ("priority", "code")

    def __str__(self) -> str:
        return self.name


class StockLevel(models.Model):
    """Units of one stock record at one location. Locked through its stock record (see `inventory.locking`)."""

    stock_record = models.ForeignKey(StockRecord, on_delete=models.PROTECT, related_name="levels", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="levels")
    on_hand = models.IntegerField(default=0)
    allocated = models.IntegerField(default=0, help_text="Promised to paid orders and not yet dispatched.")
    buffer = models.PositiveIntegerField(default=0, help_text="Units kept back from sale.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stock_record", "location"], name="inventory_level_once"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="inventory_on_hand_not_negative"),
            models.CheckConstraint(condition=Q(allocated__gte=0), name="inventory_allocated_not_negative"),
            models.CheckConstraint(condition=Q(allocated__lte=F("on_hand")), name="inventory_allocated_within_on_hand"),
        ]

    def __str__(self) -> str:
        return f"{self.stock_record_id} at {self.location_id}"


class StockMovement(models.Model):
    """Append-only ledger of units on hand. The sum over a level is its `on_hand`. Refused UPDATE and DELETE."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt"
        COUNT = "count"
        DISPATCH = "dispatch"
        RETURN = "return"
        WRITE_OFF = "write-off"
        TRANSFER_OUT = "transfer out"
        TRANSFER_IN = "transfer in"
        CORRECTION = "correction"

    stock_record = models.ForeignKey(StockRecord, on_delete=models.DO_NOTHING, related_name="movements", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.DO_NOTHING, related_name="movements")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    quantity_delta = models.IntegerField()
    on_hand_after = models.IntegerField()
    reason = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=120, blank=True, help_text="The document: shipment:7, import:12, count:3.")
    actor_name = models.CharField(max_length=200)
    idempotency_key = models.CharField(max_length=160, unique=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "stock movement"
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["stock_record", "location", "id"], name="inventory_movement_level"),
            models.Index(fields=["created_at"], name="inventory_movement_time"),
        ]
        constraints = [models.CheckConstraint(condition=~Q(quantity_delta=0), name="inventory_movement_not_zero")]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity_delta:+d}"


class Reservation(models.Model):
    """A claim with an end. Live while `released_at` is empty and `expires_at` lies after the database's now()."""

    stock_record = models.ForeignKey(StockRecord, on_delete=models.PROTECT, related_name="reservations")
    quantity = models.PositiveIntegerField()
    waiting = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Of these, the units that have to come in first."
    )
    claim = models.CharField(max_length=64, db_index=True, help_text="Who claims, for example order:1042.")
    expires_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=["claim", "stock_record"], name="inventory_reservation_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_reservation_positive"),
            models.CheckConstraint(
                condition=Q(waiting__lte=F("quantity")), name="inventory_reservation_waiting_within_quantity"
            ),
        ]
        indexes = [
            models.Index(
                fields=["stock_record", "expires_at"],
                name="inventory_reservation_live",
                condition=Q(released_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.claim}: {self.quantity}"


class Allocation(models.Model):
    """Units of a level promised to a line of a paid order: open until dispatched or cancelled.

    quantity = dispatched + cancelled + still open.
    """

    level = models.ForeignKey(StockLevel, on_delete=models.PROTECT, related_name="allocations")
    claim = models.CharField(max_length=64, db_index=True, help_text="order:1042")
    line = models.CharField(max_length=64, help_text="The order line within the claim: line:77.")
    quantity = models.PositiveIntegerField()
    dispatched = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    reason = models.JSONField(default=dict, help_text="Why this location, and what was rejected.")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["claim", "line", "level"], name="inventory_allocation_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("dispatched") + F("cancelled")), name="inventory_allocation_within_quantity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} {self.line}: {self.quantity}"
