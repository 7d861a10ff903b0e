"""What Oscar's `is_public` does not say: from when to when a product is shown, and whether it was put away."""

from django.db import models
from django.db.models import F, Q
from oscar.apps.catalogue.models import Product


class Publication(models.Model):
    """Of a listed product (stand-alone or parent); without a row it has no window and is not archived.

    A product is shown from `publish_from` until just before `publish_to`, both to the minute; None leaves an end open.
    """

    product = models.OneToOneField(Product, primary_key=True, on_delete=models.CASCADE, related_name="publication")
    publish_from = models.DateTimeField(null=True, blank=True)
    publish_to = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "publication"
        constraints = [
            models.CheckConstraint(
                condition=Q(publish_from__isnull=True)
                | Q(publish_to__isnull=True)
                | Q(publish_to__gt=F("publish_from")),
                name="catalog_publication_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(
                fields=["publish_from"], condition=Q(publish_from__isnull=False), name="catalog_publication_begins"
            ),
            models.Index(fields=["publish_to"], condition=Q(publish_to__isnull=False), name="catalog_publication_ends"),
        ]

    def __str__(self) -> str:
        return f"publication of {self.product_id}"
