"""Zones, methods and their price bands. Prices are gross or net as the shop's prices are (PRICES_INCLUDE_TAX)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Zone(models.Model):
    name = models.CharField(max_length=80, unique=True)
    countries = ArrayField(models.CharField(max_length=2), help_text="ISO 3166-1 alpha-2 codes, comma separated.")

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Method(models.Model):
    """One way to send a basket to a zone. The band that fits weight and total gives the price."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="methods")
    code = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=80)
    carrier = models.CharField(max_length=80, blank=True)
    days_min = models.PositiveSmallIntegerField(help_text="Working days in transit, at the least.")
    days_max = models.PositiveSmallIntegerField(help_text="Working days in transit, at the most.")
    free_from = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True, help_text="Total of goods.")
    tracking_url = models.URLField(blank=True, help_text="With {number} where the tracking number goes.")
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = "shipping method"
        ordering = ("position", "code")
        constraints = [
            models.CheckConstraint(condition=Q(days_min__lte=F("days_max")), name="shipping_days_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.zone})"


class Band(models.Model):
    """A price for baskets up to a weight and from a total of goods; the first that fits wins, cheapest first."""

    method = models.ForeignKey(Method, on_delete=models.CASCADE, related_name="bands")
    up_to_kg = models.DecimalField(
        max_digits=9, decimal_places=3, null=True, blank=True, help_text="Empty: any weight."
    )
    from_total = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    price = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        ordering = ("method_id", "price")
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="shipping_price_not_negative"),
            models.UniqueConstraint(
                fields=["method", "up_to_kg", "from_total"], name="shipping_band_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method}: {self.price}"
