"""Tax zones, dated rates, and where tax is collected at all. A rate is in force from `valid_from` until `valid_to` (exclusive), by the destination's local date."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from checkout.tax.rounding import Rounding


class DateRange(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class TaxZone(models.Model):
    """A country, or a part of it known by its postcodes, with rules of its own. What has no zone is the plain country."""

    code = models.CharField(
        max_length=8, primary_key=True, help_text="The country's code, or that of a part of it (ISO 3166-2): ES-CN."
    )
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2.")
    name = models.CharField(max_length=80)
    postcodes = ArrayField(
        models.CharField(max_length=24),
        blank=True,
        default=list,
        help_text="How they begin (35, 38), or from one to another (9500-9980). Empty: the whole country.",
    )
    is_outside = models.BooleanField(
        "outside the VAT area", default=False, help_text="Goods sent there are an export, though the country is not."
    )
    rounding = models.CharField(
        max_length=12, choices=[(one.value, one.words) for one in Rounding], default=Rounding.LINE.value
    )

    class Meta:
        verbose_name = "tax zone"
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(
                condition=Q(code__startswith=F("country")), name="checkout_tax_zone_is_of_its_country"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class TaxRate(models.Model):
    country = models.CharField(max_length=8, help_text="ISO 3166-1 alpha-2 of the destination, or the code of a zone.")
    tax_class = models.CharField(max_length=32, help_text="standard, reduced, books, zero …")
    rate = models.DecimalField(max_digits=7, decimal_places=5, help_text="0.19000 is 19 %.")
    name = models.CharField(max_length=60, help_text="What the shopper reads: VAT 19 %.")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "tax rate"
        ordering = ("country", "tax_class", "valid_from")
        constraints = [
            models.CheckConstraint(condition=Q(rate__gte=0) & Q(rate__lt=1), name="checkout_tax_rate_is_a_fraction"),
            ExclusionConstraint(
                name="checkout_one_tax_rate_at_a_time",
                expressions=[
                    (F("country"), RangeOperators.EQUAL),
                    (F("tax_class"), RangeOperators.EQUAL),
                    (
                        DateRange(F("valid_from"), F("valid_to"), RangeBoundary(inclusive_lower=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.tax_class} {self.rate}"


class TaxNexus(models.Model):
    """Sales tax is collected in this state from `valid_from` until `valid_to` (exclusive), by its local date."""

    place = models.CharField(max_length=8, help_text="The code of a state's tax zone (ISO 3166-2): US-CA.")
    reason = models.CharField(max_length=120, help_text="Warehouse, staff, or sales above the state's threshold.")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "nexus"
        verbose_name_plural = "nexus"
        ordering = ("place", "valid_from")
        constraints = [
            ExclusionConstraint(
                name="checkout_one_nexus_at_a_time",
                expressions=[
                    (F("place"), RangeOperators.EQUAL),
                    (
                        DateRange(F("valid_from"), F("valid_to"), RangeBoundary(inclusive_lower=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} from {self.valid_from}"
