"""A stored picture and its place on a product."""

from django.db import models
from django.db.models.functions import Now
from oscar.apps.catalogue.models import Product


class MediaFile(models.Model):
    """One picture by content. Renditions lie beside it: `<folder>/<digest>/<width>.<format>`."""

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the uploaded bytes.")
    width = models.PositiveIntegerField(help_text="Pixels.")
    height = models.PositiveIntegerField(help_text="Pixels.")
    widths = models.JSONField(default=list, help_text="Rendition widths that exist, ascending, in pixels.")
    formats = models.JSONField(default=list, help_text="Rendition formats that exist, best first: avif, webp.")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "picture"
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.digest[:12]


class ProductMedia(models.Model):
    """A picture in a product's gallery; position 0 is the main one. A child's pictures show when it is chosen."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="media")
    file = models.ForeignKey(MediaFile, on_delete=models.PROTECT, related_name="uses")
    alt = models.CharField(max_length=250, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "product picture"
        ordering = ("product_id", "position", "id")
        constraints = [models.UniqueConstraint(fields=["product", "file"], name="catalog_picture_once")]

    def __str__(self) -> str:
        return self.alt or str(self.file)
