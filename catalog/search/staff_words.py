"""What staff tell the search: words that mean the same, products to put first, higher or last. Read at each question.

Phrases are kept by their stems, in any order, so that "power banks" and "bank power" are what "power bank" says.
"""

from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from oscar.apps.catalogue.models import Category, Product

LONGEST_PHRASE: Final = 80
LONGEST_KEY: Final = 200


class SynonymGroup(models.Model):
    """Two ways when `means` is empty: each term finds what the others find. One way: the terms find what `means` finds.

    Written by `catalog.search.synonyms` only, which folds the phrases and keeps their stems.
    """

    language = models.CharField(max_length=8, help_text="The language of the words, for example en.")
    terms = ArrayField(models.CharField(max_length=LONGEST_PHRASE), help_text="What shoppers type.")
    means = ArrayField(models.CharField(max_length=LONGEST_PHRASE), default=list, blank=True)
    stems = ArrayField(models.CharField(max_length=LONGEST_KEY), help_text="Of the terms, in their order.")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "synonym"
        indexes = [GinIndex(fields=["stems"], name="catalog_synonym_stems")]

    def __str__(self) -> str:
        return f"{', '.join(self.terms)} {'→ ' + ', '.join(self.means) if self.means else '(both ways)'}"

    @property
    def is_two_way(self) -> bool:
        return not self.means


class Placement(models.Model):
    """One product's place in one category's list, or in the answers to one question, as staff wish it."""

    class Kind(models.TextChoices):
        PIN = "pin", "Pin: stands first"
        BOOST = "boost", "Boost: stands higher"
        BURY = "bury", "Bury: stands last"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    words = models.CharField(max_length=LONGEST_KEY, blank=True, help_text="What shoppers type; empty for a category.")
    stem = models.CharField(max_length=LONGEST_KEY, blank=True, help_text="The words by their stems.")
    position = models.PositiveSmallIntegerField(default=1, help_text="Among several pinned products: 1 is first.")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "placement"
        ordering = ("category", "words", "position", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(category__isnull=True) & ~Q(stem="") | Q(category__isnull=False) & Q(stem=""),
                name="catalog_placement_one_list",
            ),
            models.UniqueConstraint(
                fields=("product", "category", "stem"), nulls_distinct=False, name="catalog_placement_once"
            ),
        ]
        indexes = [models.Index(fields=["stem"], condition=~Q(stem=""), name="catalog_placement_stem")]

    def __str__(self) -> str:
        return f"{self.kind} {self.product_id} in {self.words or self.category_id}"


class ListRule(models.Model):
    """What staff decided about one category's list. No row: as everywhere."""

    category = models.OneToOneField(Category, primary_key=True, on_delete=models.CASCADE, related_name="+")
    sinks_sold_out = models.BooleanField(
        default=True, help_text="Sold-out products stand below those that can be bought."
    )

    class Meta:
        verbose_name = "rule of a list"

    def __str__(self) -> str:
        return f"{self.category_id}: sold out {'below' if self.sinks_sold_out else 'in place'}"


class SearchMiss(models.Model):
    """How often words found nothing on a day. Nothing tells who asked; `catalog.search.misses` leaves out what could."""

    language = models.CharField(max_length=8)
    words = models.CharField(max_length=LONGEST_KEY)
    day = models.DateField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "search without result"
        verbose_name_plural = "searches without result"
        constraints = [models.UniqueConstraint(fields=("day", "language", "words"), name="catalog_miss_once")]

    def __str__(self) -> str:
        return f"{self.words} on {self.day}: {self.count}"
