"""Tables of prices. The current price itself is Oscar's `StockRecord.price`, changed only by `catalog.pricing.change`."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from oscar.apps.partner.models import StockRecord


class PriceDetail(models.Model):
    """What Oscar's stock record does not hold. All amounts in `StockRecord.price_currency`."""

    stock_record = models.OneToOneField(StockRecord, primary_key=True, on_delete=models.CASCADE, related_name="detail")
    compare_at_price = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    cost = models.DecimalField(
        max_digits=12, decimal_places=4, null=True, blank=True, help_text="Unit cost without tax."
    )
    tax_class = models.CharField(max_length=32, default="standard")
    weight_kg = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)

    class Meta:
        verbose_name = "price detail"
        constraints = [
            models.CheckConstraint(
                condition=Q(compare_at_price__isnull=True) | Q(compare_at_price__gte=0),
                name="catalog_compare_at_positive",
            ),
            models.CheckConstraint(condition=Q(cost__isnull=True) | Q(cost__gte=0), name="catalog_cost_positive"),
            models.CheckConstraint(
                condition=Q(weight_kg__isnull=True) | Q(weight_kg__gte=0), name="catalog_weight_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"price of {self.stock_record_id}"


class PriceChange(models.Model):
    """Append-only: one row per change of the displayed price of a stock record. The database refuses UPDATE and DELETE."""

    stock_record = models.ForeignKey(
        StockRecord, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    sku = models.CharField(max_length=128)
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    compare_at_price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=12)
    effective_at = models.DateTimeField(db_default=Now())
    actor_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=200)

    class Meta:
        verbose_name = "price change"
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["stock_record", "effective_at"], name="catalog_price_history"),
            BrinIndex(fields=["effective_at"], name="catalog_price_time", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.price} {self.currency}"
