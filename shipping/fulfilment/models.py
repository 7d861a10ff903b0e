"""Shipments. One is one parcel's worth of allocations at one location."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from oscar.apps.order.models import Line, Order

from inventory.models import Allocation, Location


class Shipment(models.Model):
    """open → dispatched, or open → cancelled. A partial dispatch leaves the rest in a new open shipment."""

    class State(models.TextChoices):
        OPEN = "open"
        DISPATCHED = "dispatched"
        CANCELLED = "cancelled"

    number = models.CharField(max_length=32, unique=True, help_text="Order number and a running number: LL-7K2QX9-1.")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="shipments")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="shipments")
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    method_code = models.CharField(max_length=64, blank=True)
    carrier = models.CharField(max_length=80, blank=True)
    tracking_number = models.CharField(max_length=120, blank=True)
    tracking_url = models.URLField(max_length=500, blank=True)
    picked_at = models.DateTimeField(null=True, blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=["created_at", "id"], name="fulfilment_to_ship", condition=Q(state="open"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="dispatched", dispatched_at__isnull=False) | ~Q(state="dispatched"),
                name="fulfilment_dispatched_has_time",
            )
        ]

    def __str__(self) -> str:
        return self.number


class ShipmentLine(models.Model):
    """Units of an allocation in this parcel."""

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="shipment_lines")
    allocation = models.ForeignKey(
        Allocation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="shipment_lines",
        help_text="Empty for things whose stock is not tracked.",
    )
    quantity = models.PositiveIntegerField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["shipment", "allocation"], name="fulfilment_allocation_once_per_parcel"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="fulfilment_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.shipment_id}: {self.quantity}"


class ParcelStop(models.Model):
    """Nothing of this order leaves, and no parcel of it is opened, while the row is there."""

    order = models.OneToOneField(Order, primary_key=True, on_delete=models.PROTECT, related_name="parcel_stop")
    reason = models.CharField(max_length=250)
    since = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "stop of parcels"
        verbose_name_plural = "stops of parcels"

    def __str__(self) -> str:
        return f"{self.order_id}: {self.reason}"
