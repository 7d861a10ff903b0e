"""Dated tax rates. A rate is in force from `valid_from` until `valid_to` (exclusive), by the destination's local date."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q


class DateRange(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class TaxRate(models.Model):
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2 of the destination.")
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
