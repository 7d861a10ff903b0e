"""What stands on our bank statements, which order each entry pays, and money that somebody has to send by hand."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from oscar.apps.order.models import Order

from checkout.payments.records import Refund


class StatementEntry(models.Model):
    """One movement on our account, as the bank wrote it. `key` makes it once, however often files overlap."""

    class State(models.TextChoices):
        OPEN = "open", "to be looked at"
        MATCHED = "matched"
        SENT_BACK = "sent back", "sent back"
        SET_ASIDE = "set aside", "not for an order"

    key = models.CharField(max_length=64, unique=True)
    booked_on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=3, help_text="Negative: it left our account.")
    currency = models.CharField(max_length=12)
    payer_name = models.CharField(max_length=140, blank=True)
    payer_iban = models.CharField(max_length=34, blank=True)
    text = models.CharField(max_length=1000, blank=True)
    bank_reference = models.CharField(max_length=140, blank=True)
    file_name = models.CharField(max_length=200)
    imported_by = models.CharField(max_length=200)
    imported_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    problem = models.CharField(max_length=250, blank=True, help_text="Why a person has to look at it.")
    proposal = models.ForeignKey(
        Order, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text="The order it may be for."
    )

    class Meta:
        verbose_name_plural = "statement entries"
        ordering = ("-booked_on", "-id")
        indexes = [models.Index(fields=["booked_on"], name="checkout_entry_open", condition=Q(state="open"))]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} of {self.booked_on}"


class TransferMatch(models.Model):
    """An entry that pays an order. An undone match stays, with who and when."""

    entry = models.ForeignKey(StatementEntry, on_delete=models.PROTECT, related_name="matches")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="transfer_matches")
    how = models.CharField(max_length=120, help_text="reference, reference with a slip, or by hand.")
    matched_by = models.CharField(max_length=200)
    matched_at = models.DateTimeField(db_default=Now())
    undone_by = models.CharField(max_length=200, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(undone_at__isnull=True), name="checkout_entry_pays_one_order"
            )
        ]

    def __str__(self) -> str:
        return f"entry {self.entry_id} pays order {self.order_id}"


class TransferOut(models.Model):
    """Money that a person sends from our account: a refund, what was too much, or what was not for us."""

    class State(models.TextChoices):
        WAITING = "waiting", "to be sent"
        SENT = "sent"
        DROPPED = "dropped", "not needed any more"

    key = models.CharField(max_length=160, unique=True)
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=12)
    name = models.CharField(max_length=140, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    text = models.CharField(max_length=140)
    order = models.ForeignKey(Order, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    refund = models.OneToOneField(Refund, null=True, blank=True, on_delete=models.PROTECT, related_name="transfer_out")
    entry = models.ForeignKey(StatementEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="sent_back")
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(db_default=Now())
    sent_by = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "transfer to send"
        verbose_name_plural = "transfers to send"
        ordering = ("-id",)
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="checkout_transfer_out_positive")]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} to {self.name}"
