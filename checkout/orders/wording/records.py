"""Published words of mails. Append-only: the newest version of a kind counts, an older one is published anew."""

from django.db import models
from django.db.models.functions import Now


class MailWording(models.Model):
    """`number` counts from 1 within the kind; without a version the shop's own words are sent."""

    kind = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=250)
    headline = models.CharField(max_length=250)
    sentence = models.TextField()
    closing = models.TextField(blank=True)
    note = models.CharField(max_length=250, blank=True, help_text="What changed, and why.")
    actor_name = models.CharField(max_length=200)
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "wording of a mail"
        ordering = ("-id",)
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="checkout_mail_wording_once")]

    def __str__(self) -> str:
        return f"version {self.number} of {self.kind}"
