"""A bulk edit and its rows. What the preview showed is what is stored, and what is applied."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class BulkEdit(models.Model):
    """Draft (products chosen), previewed (rows stored), applying, applied, undoing, undone."""

    class State(models.TextChoices):
        DRAFT = "draft", "being written"
        PREVIEWED = "previewed", "to be applied"
        APPLYING = "applying", "being applied"
        APPLIED = "applied", "applied"
        UNDOING = "undoing", "being undone"
        UNDONE = "undone", "undone"

    kind = models.CharField(max_length=16, blank=True)
    choices = models.JSONField(default=dict, help_text="What the kind of change needs to know.")
    product_ids = ArrayField(models.BigIntegerField(), default=list)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    reason = models.CharField(max_length=200, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    actor_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "bulk edit"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"bulk edit {self.pk}"


class BulkRow(models.Model):
    """One thing before and after. `notes` are rules that the new value meets; `refusal` keeps the row out."""

    class Outcome(models.TextChoices):
        WAITING = "", "to be applied"
        REFUSED = "refused", "left out"
        APPLIED = "applied", "applied"
        SKIPPED = "skipped", "changed since the preview"
        UNDONE = "undone", "undone"
        LEFT_ALONE = "left alone", "changed since, left alone"

    edit = models.ForeignKey(BulkEdit, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    subject_id = models.BigIntegerField(help_text="A stock record of prices and tax classes, else a product.")
    label = models.CharField(max_length=400)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    notes = models.JSONField(default=list)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default="", blank=True)
    reason = models.CharField(max_length=400, blank=True, help_text="Why it was left out, skipped or left alone.")

    class Meta:
        verbose_name = "bulk edit row"
        ordering = ("edit_id", "position")
        constraints = [models.UniqueConstraint(fields=["edit", "subject_id"], name="catalog_bulk_row_once")]
        indexes = [
            models.Index(fields=["edit", "outcome", "position"], name="catalog_bulk_outcome"),
            models.Index(fields=["edit", "position"], condition=~Q(notes=[]), name="catalog_bulk_hits"),
        ]

    def __str__(self) -> str:
        return f"{self.label} in {self.edit_id}"
