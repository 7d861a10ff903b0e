"""What staff gather."""

from django.db import models
from oscar.apps.catalogue.models import Product


class Collection(models.Model):
    """Shown at /collection/<slug>/. `rule` is what `catalog.collections.rule` reads; a manual one has members instead."""

    class Kind(models.TextChoices):
        RULE = "rule", "By rule"
        MANUAL = "manual", "By hand"

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=120, unique=True)
    description = models.TextField(blank=True, max_length=4000)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.RULE)
    rule = models.JSONField(default=dict, blank=True)
    only_in_stock = models.BooleanField(default=False)
    is_public = models.BooleanField("shown", default=False)

    class Meta:
        verbose_name = "collection"
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class CollectionMember(models.Model):
    """A product of a manual collection; the lowest position first."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="members")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "member"
        ordering = ("collection_id", "position", "id")
        constraints = [models.UniqueConstraint(fields=["collection", "product"], name="catalog_member_once")]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.collection_id}"
