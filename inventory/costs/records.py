"""Cost layers: what the units of one movement cost."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from oscar.apps.partner.models import StockRecord


class CostLayer(models.Model):
    """The cost of the units that one movement brought in, in the shop's currency. Refused UPDATE and DELETE.

    A movement without a layer brought in units whose cost nobody has said.
    """

    class Source(models.TextChoices):
        PURCHASE = "purchase", "bought: price and shares of freight and duty"
        STATED = "stated", "the cost that the product states"
        LATEST = "latest", "what the units before them cost"

    movement = models.OneToOneField(
        "inventory.StockMovement", primary_key=True, on_delete=models.DO_NOTHING, related_name="layer"
    )
    stock_record = models.ForeignKey(
        StockRecord, on_delete=models.DO_NOTHING, related_name="cost_layers", db_index=False
    )
    quantity = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=16, decimal_places=3, help_text="Of all units together, without tax.")
    source = models.CharField(max_length=16, choices=Source.choices)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "cost layer"
        ordering = ("-movement_id",)
        indexes = [models.Index(fields=["stock_record", "movement"], name="inventory_layer_record")]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_layer_has_units"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="inventory_layer_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} for {self.amount}"
