"""Makers and responsible persons, what each product says of them, and the categories that the law covers."""

from django.db import models
from django.db.models import Q
from oscar.apps.catalogue.models import Category, Product


class Party(models.Model):
    """A maker, importer or responsible person, with the contact that a shopper is shown."""

    name = models.CharField(max_length=200, unique=True, help_text="Registered name or trade mark.")
    postal_address = models.TextField(blank=True, max_length=400)
    country = models.CharField(max_length=2, blank=True, help_text="Two letters, ISO 3166.")
    email = models.EmailField(blank=True)
    url = models.URLField("contact page", blank=True)

    class Meta:
        verbose_name = "maker or responsible person"
        verbose_name_plural = "makers and responsible persons"
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(condition=Q(country__regex=r"^([A-Z]{2})?$"), name="catalog_party_country"),
        ]

    def __str__(self) -> str:
        return self.name


class ProductSafety(models.Model):
    """Of a listed product; its variants share it."""

    product = models.OneToOneField(Product, primary_key=True, on_delete=models.CASCADE, related_name="safety")
    maker = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="made")
    responsible = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="answered_for",
        help_text="Importer or responsible person in the EU; needed when the maker is outside it.",
    )  # fmt: skip
    warnings = models.TextField(blank=True, max_length=4000)

    class Meta:
        verbose_name = "product safety"
        verbose_name_plural = "product safety"

    def __str__(self) -> str:
        return f"safety of {self.product_id}"


class SafetyDocument(models.Model):
    """A manual, a safety sheet, a declaration: a title and where it lies."""

    safety = models.ForeignKey(ProductSafety, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(max_length=120)
    url = models.URLField(max_length=500)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "safety document"
        ordering = ("safety_id", "position", "id")

    def __str__(self) -> str:
        return self.title


class CoveredCategory(models.Model):
    """Products here and below need a maker or a responsible person before they can be published."""

    category = models.OneToOneField(Category, primary_key=True, on_delete=models.CASCADE, related_name="covered")

    class Meta:
        verbose_name = "covered category"
        verbose_name_plural = "covered categories"

    def __str__(self) -> str:
        return f"covered {self.category_id}"
