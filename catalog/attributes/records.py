"""What Oscar's attribute does not say: its kind among twelve, unit and bounds; and which classes take no other keys."""

from django.db import models
from django.db.models import F, Q
from oscar.apps.catalogue.models import ProductAttribute, ProductClass

from catalog.attributes.units import ALL_UNITS


class Kind(models.TextChoices):
    """Values are Oscar's type where it has one."""

    TEXT = "text", "Text"
    LONG_TEXT = "richtext", "Long text"
    INTEGER = "integer", "Whole number"
    DECIMAL = "float", "Decimal number"
    BOOLEAN = "boolean", "Yes or no"
    DATE = "date", "Date"
    DATETIME = "datetime", "Date and time"
    OPTION = "option", "One of a list"
    MULTI_OPTION = "multi_option", "Several of a list"
    MEASUREMENT = "measurement", "Measurement with unit"
    COLOUR = "colour", "Colour"
    URL = "url", "Web address"


STORED_AS_TEXT = frozenset({Kind.MEASUREMENT, Kind.COLOUR, Kind.URL})


def oscar_type(kind: str) -> str:
    """The type of Oscar's that holds values of a kind."""
    return str(Kind.TEXT.value) if kind in STORED_AS_TEXT else str(kind)


class AttributeRule(models.Model):
    """Without a row an attribute is of Oscar's type and has no bounds. Bounds of a measurement are in its `unit`."""

    attribute = models.OneToOneField(ProductAttribute, primary_key=True, on_delete=models.CASCADE, related_name="rule")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    unit = models.CharField(max_length=8, blank=True, choices=[(unit, unit) for unit in ALL_UNITS])
    minimum = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    maximum = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)

    class Meta:
        verbose_name = "attribute rule"
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="measurement") | ~Q(unit=""), name="catalog_measurement_has_a_unit"
            ),
            models.CheckConstraint(
                condition=Q(minimum__isnull=True) | Q(maximum__isnull=True) | Q(maximum__gte=F("minimum")),
                name="catalog_attribute_bounds_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"rule of {self.attribute_id}"


class ClosedClass(models.Model):
    """A product class that takes no attribute and no option but its own; other classes learn new ones from files."""

    product_class = models.OneToOneField(
        ProductClass, primary_key=True, on_delete=models.CASCADE, related_name="closed"
    )

    class Meta:
        verbose_name = "closed product class"
        verbose_name_plural = "closed product classes"

    def __str__(self) -> str:
        return f"closed {self.product_class_id}"
