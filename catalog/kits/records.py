"""Tables of kits. A stock record with a row in `Kit` is a kit; its parts are other stock records, never kits."""

from django.db import models
from django.db.models import Q
from oscar.apps.partner.models import StockRecord


class Kit(models.Model):
    """`percent_off` set: the price is the sum of the parts less that percentage. Empty: the price is fixed."""

    stock_record = models.OneToOneField(StockRecord, primary_key=True, on_delete=models.CASCADE, related_name="kit")
    percent_off = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(percent_off__isnull=True) | Q(percent_off__gte=0, percent_off__lte=100),
                name="catalog_kit_percent",
            )
        ]

    def __str__(self) -> str:
        return f"kit {self.stock_record_id}"


class KitPart(models.Model):
    """`quantity` units of `component` are in one kit."""

    kit = models.ForeignKey(Kit, on_delete=models.CASCADE, related_name="parts")
    component = models.ForeignKey(StockRecord, on_delete=models.PROTECT, related_name="part_of")
    quantity = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("kit", "position", "id")
        constraints = [
            models.UniqueConstraint(fields=["kit", "component"], name="catalog_kit_part_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="catalog_kit_part_positive"),
            models.CheckConstraint(condition=~Q(kit=models.F("component")), name="catalog_kit_not_in_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.component_id} in {self.kit_id}"
