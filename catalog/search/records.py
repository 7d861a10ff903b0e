"""The search document: everything a list page needs about one listed product, in one row.

The long columns stand apart from the row (migrations 0021 and 0024), so that what is read of every product of a
large category fits into few pages.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import OrderBy
from django.db.models.functions import Now
from oscar.apps.catalogue.models import Product

from catalog.media.sources import PictureSources, build_sources


class SearchDocument(models.Model):
    """One row per listed (public, not archived; stand-alone or parent) product. Written by `catalog.search.index` only."""

    product = models.OneToOneField(Product, primary_key=True, on_delete=models.CASCADE, related_name="search_document")
    title = models.CharField(max_length=255)
    slug = models.CharField(max_length=255)
    brand = models.CharField(max_length=255, blank=True)
    category_ids = ArrayField(models.IntegerField(), default=list, help_text="Own categories and all their ancestors.")
    facets = ArrayField(models.TextField(), default=list, help_text="`code:value` of the product and its children.")
    facet_ids = ArrayField(models.IntegerField(), default=list, db_default=[], help_text="The same as numbers.")
    stock_record_ids = ArrayField(models.BigIntegerField(), default=list, help_text="Of the product or its children.")
    currency = models.CharField(max_length=12)
    price_min = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    price_max = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    compare_at_price = models.DecimalField(max_digits=12, decimal_places=2, null=True, help_text="Beside price_min.")
    rating = models.DecimalField(max_digits=3, decimal_places=2, null=True)
    rating_count = models.PositiveIntegerField(default=0)
    popularity = models.PositiveIntegerField(default=0, help_text="Units sold in the last 90 days.")
    published_at = models.DateTimeField()
    publish_from = models.DateTimeField(null=True, help_text="Judged at read: catalog.publication.openness.")
    publish_to = models.DateTimeField(null=True)
    card = models.JSONField(default=dict, help_text="What a product card shows: picture, swatches, badge.")
    text = models.TextField(blank=True, help_text="Lower-case words for typo-tolerant matching: title, brand, SKUs.")
    vector = SearchVectorField(null=True)
    indexed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "search document"
        indexes = [
            GinIndex(fields=["vector"], name="catalog_doc_vector"),
            GinIndex(fields=["category_ids"], name="catalog_doc_categories"),
            GinIndex(fields=["facet_ids"], name="catalog_doc_facet_ids"),
            GinIndex(
                fields=["category_ids"],
                name="catalog_doc_timed",
                condition=Q(publish_to__isnull=False) | Q(publish_from__gt=F("indexed_at")),
            ),
            GinIndex(OpClass(models.F("text"), name="gin_trgm_ops"), name="catalog_doc_trigram"),
            models.Index(fields=["-published_at", "product"], name="catalog_doc_newest"),
            models.Index(fields=["price_min", "product"], name="catalog_doc_price"),
            models.Index(
                OrderBy(F("price_min"), descending=True, nulls_last=True), "product", name="catalog_doc_dearest"
            ),
            models.Index(fields=["-popularity", "product"], name="catalog_doc_popular"),
            models.Index(
                OrderBy(F("rating"), descending=True, nulls_last=True),
                OrderBy(F("rating_count"), descending=True),
                "product",
                name="catalog_doc_rated",
            ),
            models.Index(
                F("price_min") / F("compare_at_price"),
                "product",
                name="catalog_doc_reduced",
                condition=Q(compare_at_price__gt=0),
            ),
        ]

    is_sunk = False
    """Set by the page query of a list in which sold-out products stand last."""
    is_new = False
    """Set by the page query, by the database's clock."""
    why: Any = None
    """Set by the page query when it is asked to explain: `catalog.search.pages.Why`."""

    def __str__(self) -> str:
        return self.title

    @property
    def picture(self) -> PictureSources | None:
        return build_sources(self.card["picture"]) if self.card.get("picture") else None

    @property
    def second_picture(self) -> PictureSources | None:
        return build_sources(self.card["second_picture"]) if self.card.get("second_picture") else None

    @property
    def swatches(self) -> list[str]:
        """What the product comes in: colours where colour is a choice, else the values of its first choice."""
        return self.card.get("swatches", [])

    @property
    def is_from_price(self) -> bool:
        """Whether variants cost differently, so that the card says "from"."""
        return self.price_min != self.price_max

    @property
    def badge(self) -> str:
        """`reduced`, `new` or nothing: one badge at most."""
        if self.compare_at_price is not None:
            return "reduced"
        return "new" if self.is_new else ""
