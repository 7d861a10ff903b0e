"""What was asked about VAT ids and what was answered; and the orders that were taxed because nobody answered."""

from django.db import models
from django.db.models.functions import Now
from oscar.apps.order.models import Order


class VatCheck(models.Model):
    """One question to the register and its answer. Kept as it was: it is the merchant's proof."""

    class State(models.TextChoices):
        VALID = "valid"
        INVALID = "invalid"
        UNAVAILABLE = "unavailable", "no answer"

    vat_id = models.CharField(max_length=20, help_text="With its prefix: EL for Greece.")
    requester = models.CharField(max_length=20, blank=True, help_text="Our own id that stood in the question.")
    state = models.CharField(max_length=12, choices=State.choices)
    consultation = models.CharField("consultation number", max_length=40, blank=True)
    name = models.CharField(max_length=250, blank=True)
    address = models.CharField(max_length=500, blank=True)
    detail = models.CharField(max_length=250, blank=True)
    asked_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "check of a VAT id"
        verbose_name_plural = "checks of VAT ids"
        ordering = ("-id",)
        indexes = [models.Index(fields=["vat_id", "-id"], name="checkout_vat_checks")]

    def __str__(self) -> str:
        return f"{self.vat_id}: {self.get_state_display()}"


class VatCase(models.Model):
    """An order with a VAT id that could not be checked in time: tax was charged. Asked again until there is an answer."""

    class State(models.TextChoices):
        WAITING = "waiting", "waits for an answer"
        REFUNDABLE = "refundable", "confirmed: the tax can go back"
        CLOSED = "closed", "not in force, or settled"

    order = models.OneToOneField(Order, primary_key=True, on_delete=models.PROTECT, related_name="vat_case")
    vat_id = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    tax = models.DecimalField(max_digits=12, decimal_places=2, help_text="What the order was taxed with.")
    answer = models.ForeignKey(VatCheck, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    tries = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "VAT id to check"
        verbose_name_plural = "VAT ids to check"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.vat_id} of order {self.order_id}"
