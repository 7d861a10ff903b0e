"""A file for sale, how long and how often a buyer may fetch it, and the products it belongs to."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from oscar.apps.catalogue.models import Product


class DigitalFile(models.Model):
    """One name under which bytes are sold; the same bytes lie on the disk once (`catalog.digital.store`).

    Putting other bytes under the name is a new edition: who has bought it gets that from then on.
    """

    name = models.CharField(
        max_length=150, unique=True, help_text="What the buyer gets and import files say: throw-pattern.pdf"
    )
    digest = models.CharField(max_length=64, db_index=True, help_text="SHA-256 of the bytes.")
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    content_type = models.CharField(max_length=100)
    downloads = models.PositiveSmallIntegerField(
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text="How often who bought it may download it.",
    )
    hours = models.PositiveIntegerField(
        default=72,
        validators=[MinValueValidator(1), MaxValueValidator(87_600)],
        help_text="How long, from the payment on.",
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "file for sale"
        verbose_name_plural = "files for sale"
        ordering = ("name",)
        constraints = [models.CheckConstraint(condition=Q(downloads__gte=1, hours__gte=1), name="catalog_digital_some")]

    def __str__(self) -> str:
        return self.name


class ProductFile(models.Model):
    """A product's file. Of a parent: every variant brings it; of a variant: that one alone, beside its parent's."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="files_for_sale")
    file = models.ForeignKey(DigitalFile, on_delete=models.PROTECT, related_name="uses")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "file of a product"
        verbose_name_plural = "files of products"
        ordering = ("product_id", "position", "id")
        constraints = [models.UniqueConstraint(fields=["product", "file"], name="catalog_digital_file_once")]

    def __str__(self) -> str:
        return f"{self.file} of {self.product_id}"
