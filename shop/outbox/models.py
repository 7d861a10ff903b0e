"""One row is one thing that must happen, once, after the transaction that asked for it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class OutboxEvent(models.Model):
    """States: due (neither done nor parked), done (`done_at`), parked (`parked_at`, with `last_error`)."""

    name = models.CharField(max_length=80, help_text="What happened, for example order.paid.")
    payload = models.JSONField(default=dict, help_text="Ids only; the handler reads the rest from the database.")
    key = models.CharField(max_length=160, unique=True, help_text="The same key is written once.")
    created_at = models.DateTimeField(db_default=Now())
    available_at = models.DateTimeField(db_default=Now(), help_text="Not handed over before this instant.")
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "job"
        ordering = ("-id",)
        indexes = [
            models.Index(
                fields=["available_at", "id"],
                name="outbox_due",
                condition=Q(done_at__isnull=True, parked_at__isnull=True),
            ),
            models.Index(fields=["parked_at"], name="outbox_parked", condition=Q(parked_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(parked_at__isnull=True), name="outbox_done_or_parked"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"
