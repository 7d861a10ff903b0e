"""Suppliers, purchase orders, and the deliveries that came of them. All amounts in the shop's currency, without tax."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from oscar.apps.partner.models import StockRecord


class Supplier(models.Model):
    name = models.CharField(max_length=120, unique=True)
    email = models.EmailField(blank=True)
    lead_days = models.PositiveSmallIntegerField(
        "days until delivery", default=14, help_text="From the order to the delivery, as a rule."
    )
    note = models.TextField(blank=True, help_text="Account number, smallest order, whom to ask for.")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class PurchaseOrder(models.Model):
    """draft → ordered → closed, or cancelled before anything came. Its lines are fixed once it is ordered."""

    class State(models.TextChoices):
        DRAFT = "draft"
        ORDERED = "ordered"
        CLOSED = "closed"
        CANCELLED = "cancelled"

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="orders")
    location = models.ForeignKey("inventory.Location", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    expected_on = models.DateField(null=True, blank=True)
    freight = models.DecimalField(
        max_digits=12, decimal_places=3, default=0, help_text="As quoted, of the whole order."
    )
    duty = models.DecimalField(max_digits=12, decimal_places=3, default=0, help_text="As expected, of the whole order.")
    note = models.TextField(blank=True)
    actor_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=Now())
    ordered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "purchase order"
        ordering = ("-id",)
        indexes = [models.Index(fields=["state", "expected_on"], name="inventory_purchase_expected")]
        constraints = [
            models.CheckConstraint(condition=Q(freight__gte=0, duty__gte=0), name="inventory_purchase_costs_positive")
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"PO-{self.pk:05d}" if self.pk else "new purchase order"


class PurchaseLine(models.Model):
    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="lines")
    stock_record = models.ForeignKey(StockRecord, on_delete=models.PROTECT, related_name="purchase_lines")
    quantity = models.PositiveIntegerField()
    unit_cost = models.DecimalField(max_digits=12, decimal_places=4)

    class Meta:
        verbose_name = "line of a purchase order"
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["order", "stock_record"], name="inventory_purchase_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_purchase_line_units"),
            models.CheckConstraint(condition=Q(unit_cost__gte=0), name="inventory_purchase_line_cost"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.stock_record_id}"


class GoodsReceipt(models.Model):
    """One delivery for one order, by the number of its delivery note. Refused UPDATE and DELETE."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.DO_NOTHING, related_name="receipts")
    number = models.CharField(max_length=60, help_text="Of the delivery note; the same number is the same delivery.")
    freight = models.DecimalField(max_digits=12, decimal_places=3)
    duty = models.DecimalField(max_digits=12, decimal_places=3)
    note = models.TextField(blank=True)
    actor_name = models.CharField(max_length=200)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "goods receipt"
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="inventory_receipt_once")]

    def __str__(self) -> str:
        return self.number


class ReceiptLine(models.Model):
    """What came of one line, and what it cost: `goods` by the line's price, `landed` its share of freight and duty."""

    receipt = models.ForeignKey(GoodsReceipt, on_delete=models.DO_NOTHING, related_name="lines")
    line = models.ForeignKey(PurchaseLine, on_delete=models.DO_NOTHING, related_name="received")
    movement = models.OneToOneField("inventory.StockMovement", on_delete=models.DO_NOTHING, related_name="+")
    quantity = models.PositiveIntegerField()
    goods = models.DecimalField(max_digits=16, decimal_places=3)
    landed = models.DecimalField(max_digits=16, decimal_places=3)

    class Meta:
        verbose_name = "line of a goods receipt"
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["receipt", "line"], name="inventory_receipt_line_once")]

    def __str__(self) -> str:
        return f"{self.quantity} of line {self.line_id}"
