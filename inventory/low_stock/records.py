"""Rules and what was told: a level is told of once, and again only after its state changed."""

from django.db import models
from django.db.models.functions import Now
from oscar.apps.catalogue.models import Product


class LowStockRule(models.Model):
    """From how many free units on a level counts as low. What is left empty holds for all.

    The closest rule counts: of the variant, then of its product, then of the location, then the rule for everything.
    """

    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    location = models.ForeignKey(
        "inventory.Location", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    threshold = models.PositiveIntegerField(help_text="Low when this many free units are left, or fewer.")

    class Meta:
        verbose_name = "low-stock rule"
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["product", "location"], name="inventory_low_stock_rule_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.product or 'everything'} at {self.location or 'every location'}: {self.threshold}"


class LowStockNote(models.Model):
    """A level that is low and was told of. Goes when the level is not low any more."""

    class State(models.TextChoices):
        LOW = "low"
        OUT = "out"

    level = models.OneToOneField(
        "inventory.StockLevel", primary_key=True, on_delete=models.CASCADE, related_name="low_note"
    )
    state = models.CharField(max_length=3, choices=State.choices)
    told_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "low-stock note"

    def __str__(self) -> str:
        return f"{self.level_id} {self.state}"


class LowStockDigest(models.Model):
    """One row per day on which the digest was written, so that nothing writes a second one."""

    day = models.DateField(primary_key=True)
    levels = models.PositiveIntegerField(default=0, help_text="That were new in it.")
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "low-stock digest"

    def __str__(self) -> str:
        return str(self.day)
