"""A file that a person handed in, from the first look to the finished import."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from catalog.importing.records import ImportRun


class ImportUpload(models.Model):
    """`stored_as` is the name below settings.IMPORT_DIR. `preview` holds what the dry run said, `report` what was done."""

    class State(models.TextChoices):
        CHECKING = "checking", "being looked at"
        CHECKED = "checked", "waiting for you"
        WAITING = "waiting", "about to be imported"
        RUNNING = "running", "being imported"
        DONE = "done", "imported"
        FAILED = "failed", "cannot be imported"

    kind = models.CharField(max_length=32)
    format_name = models.CharField(max_length=32, default="auto")
    aborts = models.BooleanField(default=False)
    fetches = models.BooleanField(default=False, help_text="Whether pictures are fetched from addresses in the file.")
    file_name = models.CharField(max_length=255)
    stored_as = models.CharField(max_length=80)
    state = models.CharField(max_length=16, choices=State.choices, default=State.CHECKING)
    preview = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    progress = models.PositiveIntegerField(default=0, help_text="Rows imported so far.")
    problem = models.TextField(blank=True)
    run = models.ForeignKey(ImportRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="uploads")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "import file"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_state_display()})"
