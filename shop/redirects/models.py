"""Written only through `shop.redirects.moves`, which keeps every answer one step long."""

from django.db import models
from django.db.models.functions import Now

PATH_LENGTH = 600


class Redirect(models.Model):
    """`from_path` is in the form of `shop.redirects.paths.clean_path`; `to_path` is a path of this shop."""

    from_path = models.CharField(max_length=PATH_LENGTH, unique=True)
    to_path = models.CharField(max_length=PATH_LENGTH, db_index=True)
    reason = models.CharField(max_length=80, blank=True, help_text="Who made it: slug, staff, import 12.")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=~models.Q(from_path=models.F("to_path")), name="redirect_leads_elsewhere")
        ]

    def __str__(self) -> str:
        return f"{self.from_path} → {self.to_path}"
