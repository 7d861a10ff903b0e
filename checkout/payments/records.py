"""Payment attempts, refunds and the inbox of provider events. Amounts in the order's currency."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from oscar.apps.order.models import Order


class PaymentAttempt(models.Model):
    """One try to pay one order: created → open → authorised/paid, or failed, expired, cancelled; held for a person.

    A held one of which a part was taken ends as lapsed, when the rest has been paid by another.
    """

    class State(models.TextChoices):
        CREATED = "created", "created (the provider was not asked yet)"
        OPEN = "open", "open (the shopper can pay)"
        AUTHORISED = "authorised", "authorised (not captured)"
        PAID = "paid", "paid"
        CANCELLED = "cancelled", "cancelled at the provider"
        HELD = "held", "held for a person"
        LAPSED = "lapsed", "ended with a part taken"

    class Provider(models.TextChoices):
        CARD = "card", "by card"
        TRANSFER = "transfer", "by bank transfer"

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payment_attempts")
    idempotency_key = models.CharField(max_length=64, unique=True, help_text="UUID4, sent to the provider.")
    state = models.CharField(max_length=16, choices=State.choices, default=State.CREATED)
    provider = models.CharField(
        max_length=16, choices=Provider.choices, default=Provider.CARD, db_default=Provider.CARD
    )
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=12)
    session_id = models.CharField(max_length=120, blank=True, db_index=True)
    session_url = models.URLField(max_length=2000, blank=True)
    intent_id = models.CharField(max_length=120, blank=True, db_index=True)
    captured = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    refunded = models.DecimalField(max_digits=12, decimal_places=2, default=0, help_text="Including pending refunds.")
    fee = models.DecimalField(
        max_digits=12, decimal_places=3, null=True, blank=True, help_text="What the provider keeps, once it is known."
    )
    is_embedded = models.BooleanField(
        default=False, db_default=False, help_text="The card is typed in on our page, not on the provider's."
    )
    takes_parts = models.BooleanField(default=False, db_default=False, help_text="May be captured in several steps.")
    capture_before = models.DateTimeField(null=True, blank=True)
    disputed_at = models.DateTimeField(null=True, blank=True, help_text="The bank disputes the payment: no refunds.")
    hold_reason = models.TextField(blank=True)
    rest_asked_at = models.DateTimeField(
        null=True, blank=True, help_text="The shopper got a link to pay what was not taken of it."
    )
    last_decline = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "payment"
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=Q(refunded__lte=F("captured")), name="checkout_refunds_within_captured"),
            models.CheckConstraint(condition=Q(captured__lte=F("amount")), name="checkout_captured_within_amount"),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=["created", "open", "authorised", "paid"]),
                name="checkout_one_live_payment_per_order",
            ),
        ]

    def __str__(self) -> str:
        return f"payment {self.pk} of order {self.order_id}"


class Capture(models.Model):
    """One step of taking what was set aside, up to `target` in all. requested → taken, or dropped when it was overtaken."""

    class State(models.TextChoices):
        REQUESTED = "requested"
        TAKEN = "taken"
        DROPPED = "dropped"

    attempt = models.ForeignKey(PaymentAttempt, on_delete=models.PROTECT, related_name="captures")
    idempotency_key = models.CharField(max_length=64, unique=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    target = models.DecimalField(max_digits=12, decimal_places=2, help_text="What is taken of the payment afterwards.")
    is_final = models.BooleanField(help_text="What is not taken now is let go.")
    state = models.CharField(max_length=16, choices=State.choices, default=State.REQUESTED)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, target__gte=F("amount")), name="checkout_capture_positive"
            ),
            models.UniqueConstraint(
                fields=["attempt"], condition=Q(state="requested"), name="checkout_one_capture_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["attempt", "target"], condition=Q(state="taken"), name="checkout_capture_target_once"
            ),
        ]

    def __str__(self) -> str:
        return f"capture {self.pk} of payment {self.attempt_id}"


class Refund(models.Model):
    """Money going back. requested → pending → succeeded | failed; the key goes to the provider."""

    class State(models.TextChoices):
        REQUESTED = "requested"
        PENDING = "pending"
        SUCCEEDED = "succeeded"
        FAILED = "failed"

    attempt = models.ForeignKey(PaymentAttempt, on_delete=models.PROTECT, related_name="refunds")
    key = models.CharField(max_length=160, unique=True, help_text="What it is for, once: order:1042:cancel.")
    idempotency_key = models.CharField(max_length=64, unique=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    state = models.CharField(max_length=16, choices=State.choices, default=State.REQUESTED)
    provider_id = models.CharField(max_length=120, blank=True, db_index=True)
    reason = models.CharField(max_length=250)
    actor_name = models.CharField(max_length=200)
    failure = models.CharField(max_length=250, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-id",)
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="checkout_refund_positive")]

    def __str__(self) -> str:
        return f"refund {self.pk} of payment {self.attempt_id}"


class ProviderEvent(models.Model):
    """The webhook inbox: signed events as they came, once each."""

    event_id = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=80)
    payload = models.JSONField()
    received_at = models.DateTimeField(db_default=Now())
    handled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=250, blank=True)

    class Meta:
        verbose_name = "provider event"
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["received_at"], name="checkout_event_unhandled", condition=Q(handled_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
