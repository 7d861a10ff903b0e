"""Former addresses are written by triggers of the database only (migration 0002), missed ones by `catalog.addresses.missed`."""

from typing import Final

from django.db import models
from django.db.models.functions import Now

PATH_LENGTH: Final = 300


class FormerAddress(models.Model):
    """The product or category `owner_id` once had `address`: a slug, or the slugs from the root joined by `/`.

    A row stays when the owner comes back to an address, and says nothing while something lives there. The owner is no
    foreign key: what is gone has no address, so its rows answer nothing.
    """

    class Kind(models.TextChoices):
        PRODUCT = "product", "product"
        CATEGORY = "category", "category"
        PAGE = "page", "page"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    address = models.TextField()
    owner_id = models.BigIntegerField()
    left_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "former address"
        verbose_name_plural = "former addresses"
        ordering = ("-left_at", "-id")
        constraints = [models.UniqueConstraint(fields=("kind", "address", "owner_id"), name="addresses_left_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.owner_id} was at {self.address}"


class MissedAddress(models.Model):
    """A path that was asked for and not found: how often and when, and nothing about who asked."""

    path = models.CharField(max_length=PATH_LENGTH, unique=True)
    count = models.PositiveIntegerField(default=1, help_text="How often it was asked for since it is remembered.")
    first_at = models.DateTimeField(db_default=Now())
    last_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "missed address"
        verbose_name_plural = "missed addresses"
        ordering = ("-count", "path")
        indexes = [models.Index(fields=("count", "last_at"), name="addresses_missed_least")]

    def __str__(self) -> str:
        return self.path
