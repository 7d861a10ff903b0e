"""Server errors, one row each. No query string, no form, no person: the log has the rest under the request id."""

from django.db import models
from django.db.models.functions import Now


class ServerFailure(models.Model):
    at = models.DateTimeField(db_default=Now())
    request_id = models.CharField(max_length=64)
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=300)
    kind = models.CharField(max_length=200, help_text="The exception's class.")
    explained_at = models.DateTimeField(null=True, blank=True)
    explained_by = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "server error"
        verbose_name_plural = "server errors"
        ordering = ("-id",)
        indexes = [models.Index(fields=["id"], name="failures_open", condition=models.Q(explained_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.method} {self.path}: {self.kind}"
