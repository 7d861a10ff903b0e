"""Which attributes tell the variants of a product apart, in the order the shopper chooses them."""

from django.db import models
from oscar.apps.catalogue.models import Product, ProductAttribute


class VariantAxis(models.Model):
    """`product` is a parent; each child has a value of `attribute`. Position orders the choices."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variant_axes", db_index=False)
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


class VariantCombination(models.Model):
    """What makes a variant this one among its siblings; kept by triggers (migration `one_variant_a_combination`).

    Only variants with a value for every choice have a row. No two of a parent are alike when a transaction ends.
    """

    product = models.OneToOneField(Product, primary_key=True, on_delete=models.CASCADE, related_name="+")
    # Copied from the product, whose own foreign key holds it.
    parent = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    digest = models.CharField(max_length=32, help_text="MD5 of the values in the order of the choices.")

    class Meta:
        verbose_name = "variant combination"
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "digest"], name="catalog_combination_once", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return f"combination of {self.product_id}"
