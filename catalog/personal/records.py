"""Tables of personalisation. The field itself is Oscar's `Option`, offered by a product through `product_options`."""

from django.db import models
from django.db.models import Q
from oscar.apps.catalogue.models import Option


class TextRule(models.Model):
    """What may be written into an option, and what it costs on each unit, in the shop's currency and with its tax."""

    option = models.OneToOneField(Option, primary_key=True, on_delete=models.CASCADE, related_name="text_rule")
    max_length = models.PositiveSmallIntegerField(default=20)
    extra_characters = models.CharField(
        max_length=80,
        blank=True,
        default=".,'-&!?",
        help_text="Allowed beside letters, figures and spaces.",
    )
    surcharge = models.DecimalField(max_digits=12, decimal_places=2, default=0, help_text="For each unit.")

    class Meta:
        verbose_name = "personalisation"
        constraints = [
            models.CheckConstraint(condition=Q(max_length__gte=1, max_length__lte=200), name="catalog_text_length"),
            models.CheckConstraint(condition=Q(surcharge__gte=0), name="catalog_text_surcharge"),
        ]

    def __str__(self) -> str:
        return str(self.option)


class BannedWord(models.Model):
    """A word that the shop writes on nothing. Kept folded: small letters without accents."""

    word = models.CharField(max_length=60, unique=True)

    class Meta:
        verbose_name = "banned word"
        ordering = ("word",)

    def __str__(self) -> str:
        return self.word
