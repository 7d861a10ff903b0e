"""Which attributes tell the variants of a product apart, in the order the shopper chooses them."""

from django.db import models
from oscar.apps.catalogue.models import Product, ProductAttribute


class VariantAxis(models.Model):
    """`product` is a parent; each child has a value of `attribute`. Position orders the choices."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variant_axes")
    attribute = models.ForeignKey(ProductAttribute, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60, help_text="What the shopper reads, for example Colour.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "variant choice"
        verbose_name_plural = "variant choices"
        ordering = ("product_id", "position")
        constraints = [models.UniqueConstraint(fields=["product", "attribute"], name="catalog_axis_once")]

    def __str__(self) -> str:
        return self.name
