"""Wrong voucher codes, counted so that nobody can try them all."""

from django.db import models
from django.db.models.functions import Now


class WrongCode(models.Model):
    """One wrong code. `source` is a basket (`basket:12`) or a keyed hash of a network address (`net:…`)."""

    source = models.CharField(max_length=80)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "wrong voucher code"
        ordering = ("-id",)
        indexes = [models.Index(fields=["source", "at"], name="checkout_wrong_codes")]

    def __str__(self) -> str:
        return f"{self.source} at {self.at}"
