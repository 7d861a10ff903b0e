"""What a refund consists of, and what staff asked to give back. Amounts gross, in the payment's currency."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from oscar.apps.order.models import Line

from checkout.payments.records import PaymentAttempt, Refund


class RefundPart(models.Model):
    """One reason of a refund: units of a line, the delivery, or goodwill. Append-only.

    The parts of a refund sum to it. A refund without parts goes back over everything that is left of the order.
    """

    class Kind(models.TextChoices):
        GOODS = "goods"
        DELIVERY = "delivery"
        GOODWILL = "goodwill"

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    line = models.ForeignKey(Line, null=True, blank=True, on_delete=models.PROTECT, related_name="refund_parts")
    quantity = models.PositiveIntegerField(
        default=0, help_text="0 for a rest whose units are counted with another refund of the same request."
    )
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="checkout_refund_part_positive"),
            models.CheckConstraint(
                condition=Q(kind="goods", line__isnull=False) | (~Q(kind="goods") & Q(line__isnull=True, quantity=0)),
                name="checkout_refund_part_names_its_line",
            ),
            models.UniqueConstraint(fields=["refund", "line"], name="checkout_refund_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of refund {self.refund_id}"


class RefundRequest(models.Model):
    """What one person wanted to give back: given at once within their limit, else waiting for a second person."""

    class State(models.TextChoices):
        GIVEN = "given", "given within the limit"
        WAITING = "waiting", "waits for a second person"
        APPROVED = "approved"
        DECLINED = "declined"

    attempt = models.ForeignKey(PaymentAttempt, on_delete=models.PROTECT, related_name="refund_requests")
    key = models.CharField(max_length=160, unique=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    parts = models.JSONField(help_text="[{kind, line, quantity, amount, name}]; empty: everything that is left.")
    reason = models.CharField(max_length=250)
    state = models.CharField(max_length=16, choices=State.choices)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    asked_by_name = models.CharField(max_length=200)
    asked_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    decided_by_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=250, blank=True)
    refund = models.OneToOneField(Refund, null=True, blank=True, on_delete=models.PROTECT, related_name="request")

    class Meta:
        ordering = ("-id",)
        verbose_name = "refund to approve"
        verbose_name_plural = "refunds to approve"
        indexes = [
            models.Index(fields=["asked_at"], name="checkout_refund_waits", condition=Q(state="waiting")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved") | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="checkout_refund_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["given", "approved"], refund__isnull=False)
                | Q(state__in=["waiting", "declined"], refund__isnull=True),
                name="checkout_refund_request_and_refund",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="checkout_refund_request_positive"),
        ]

    def __str__(self) -> str:
        return f"refund request {self.pk} of payment {self.attempt_id}"


class RefundShare(models.Model):
    """A further refund of one request: what the first payment could not give came from another that paid with it."""

    request = models.ForeignKey(RefundRequest, on_delete=models.PROTECT, related_name="shares")
    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, related_name="share")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"refund {self.refund_id} of request {self.request_id}"
