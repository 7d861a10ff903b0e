"""What happened to tries to pay, and which orders were asked for a slower path. Who, only as keyed hashes."""

from django.db import models
from django.db.models.functions import Now
from oscar.apps.order.models import Order


class PaymentTry(models.Model):
    """A payment page was opened, a card refused, an order paid. Kept for a day."""

    class Kind(models.TextChoices):
        OPENED = "opened"
        DECLINED = "declined"
        PAID = "paid"

    key = models.CharField(max_length=160, unique=True, help_text="What makes it count once: declined:ch_1.")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    net = models.CharField(max_length=40, blank=True, help_text="Hash of the network; empty when it is not public.")
    mail = models.CharField(max_length=40)
    card = models.CharField(max_length=40, blank=True, help_text="Hash of the provider's fingerprint, once known.")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "try to pay"
        verbose_name_plural = "tries to pay"
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["at"], name="checkout_tries_by_time"),
            models.Index(fields=["net", "at"], name="checkout_tries_by_net"),
            models.Index(fields=["mail", "at"], name="checkout_tries_by_mail"),
            models.Index(fields=["card", "at"], name="checkout_tries_by_card"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class HeldPayment(models.Model):
    """An order whose payment was asked to take the slower path: confirm by mail, wait, or be let through by staff."""

    class Why(models.TextChoices):
        OFTEN = "often", "tried too often"
        RUSH = "rush", "many cards are being refused in the shop"
        BURST = "burst", "many payments are under way in the shop"

    order = models.OneToOneField(Order, primary_key=True, on_delete=models.CASCADE, related_name="held_payment")
    why = models.CharField(max_length=8, choices=Why.choices)
    net = models.CharField(max_length=40, blank=True)
    is_hasty = models.BooleanField(default=False, help_text="The order was placed faster than a person reads.")
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(db_default=Now())
    last_at = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(help_text="From then on it may be tried again without more ado.")
    proven_at = models.DateTimeField(null=True, blank=True, help_text="The link in the mail was used.")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "held payment"
        ordering = ("-last_at", "-pk")
        indexes = [models.Index(fields=["last_at"], name="checkout_held_by_time")]

    def __str__(self) -> str:
        return f"payment of order {self.order_id}, held: {self.get_why_display()}"
