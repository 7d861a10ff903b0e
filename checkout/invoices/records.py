"""Papers are append-only: the database refuses UPDATE and DELETE. A correction is a new paper."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from oscar.apps.order.models import Order

from checkout.payments.records import Refund


class PaperSeries(models.Model):
    """One row per kind and year. Its lock is held until the paper is committed: that is what keeps it gapless."""

    code = models.CharField(max_length=16, primary_key=True, help_text="R-2026 for invoices, G-2026 for credit notes.")
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "paper series"

    def __str__(self) -> str:
        return self.code


class Paper(models.Model):
    class Kind(models.TextChoices):
        INVOICE = "invoice"
        CREDIT_NOTE = "credit note"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    series = models.ForeignKey(PaperSeries, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=32, unique=True, help_text="What stands on the paper: R-2026-00042.")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="papers")
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    refund = models.OneToOneField(Refund, null=True, blank=True, on_delete=models.PROTECT, related_name="paper")
    figures = models.JSONField(help_text="Everything on the paper; amounts as strings. Never computed again.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the figures as canonical JSON.")
    issued_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="checkout_paper_number_once"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(kind="invoice"), name="checkout_one_invoice_per_order"
            ),
            models.CheckConstraint(
                condition=Q(kind="invoice", corrects__isnull=True, refund__isnull=True)
                | Q(kind="credit note", corrects__isnull=False, refund__isnull=False),
                name="checkout_credit_note_corrects_an_invoice",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class PaperFile(models.Model):
    """A paper as it was first drawn, byte for byte."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="files")
    form = models.CharField(max_length=8, help_text="pdf (Factur-X inside) or ubl.")
    content = models.BinaryField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content.")
    drawn_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "form"], name="checkout_paper_drawn_once")]

    def __str__(self) -> str:
        return f"{self.paper_id} as {self.form}"
