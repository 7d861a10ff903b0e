"""What an import did, row by row, with before-images, so that it can be resumed and undone."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class ImportRun(models.Model):
    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        UNDONE = "undone"

    kind = models.CharField(max_length=32, help_text="products, stock, prices, customers or redirects.")
    format = models.CharField(max_length=32)
    file_name = models.CharField(max_length=255)
    file_digest = models.CharField(max_length=64, db_index=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.RUNNING)
    cursor = models.PositiveIntegerField(
        default=0, help_text="Rows of the file that are applied; a resume begins here."
    )
    counts = models.JSONField(default=dict)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    last_category = models.BigIntegerField(
        null=True, editable=False, help_text="The newest category when it began: what it makes has higher numbers."
    )
    undo_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = "import"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"import {self.pk}: {self.file_name}"


class ImportChange(models.Model):
    """Before and after of one thing that an import created or updated."""

    # The run's row is written with every batch; to look for it once for each of a batch's changes would be in vain.
    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="changes", db_index=False, db_constraint=False
    )
    subject = models.CharField(max_length=32, help_text="product or sku.")
    identifier = models.CharField(max_length=255, help_text="The handle or the SKU.")
    before = models.JSONField(null=True, help_text="None when the import created it.")
    after = models.JSONField()

    class Meta:
        verbose_name = "import change"
        ordering = ("id",)
        indexes = [models.Index(fields=["run", "id"], name="catalog_import_changes")]

    def __str__(self) -> str:
        return f"{self.subject} {self.identifier}"
