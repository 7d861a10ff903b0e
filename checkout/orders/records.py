"""What Oscar's order does not hold: the trace, the access link, the timeline, mails as sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from oscar.apps.order.models import Line, Order
from oscar.apps.partner.models import StockRecord


class PlacedOrder(models.Model):
    """One to one with Oscar's order; written in the placing transaction."""

    order = models.OneToOneField(Order, primary_key=True, on_delete=models.PROTECT, related_name="placed")
    quote = models.JSONField(help_text="The quote that the shopper agreed to, with its trace.")
    quote_digest = models.CharField(max_length=64)
    access_token = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token in the guest link.")
    access_serial = models.PositiveSmallIntegerField(default=1, help_text="Raised when the guest link is renewed.")
    access_expires_at = models.DateTimeField()
    pay_until = models.DateTimeField(help_text="Unpaid after this instant: the sweeper cancels.")
    consents = models.JSONField(default=dict)
    paid_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="Cancelled, or everything shipped.")

    class Meta:
        verbose_name = "order record"

    def __str__(self) -> str:
        return str(self.order_id)


class LinePart(models.Model):
    """What one kit of an order's line consisted of when it was ordered: `quantity` units of the part in one kit."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="parts")
    stock_record = models.ForeignKey(StockRecord, on_delete=models.PROTECT, related_name="+")
    sku = models.CharField(max_length=128)
    title = models.CharField(max_length=255)
    quantity = models.PositiveIntegerField()

    class Meta:
        verbose_name = "part of a line"
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["line", "stock_record"], name="checkout_line_part_once")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"


class OrderEvent(models.Model):
    """The timeline. Append-only: the database refuses UPDATE and DELETE."""

    order = models.ForeignKey(Order, on_delete=models.DO_NOTHING, related_name="events")
    at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=40, help_text="state, payment, refund, mail, shipment, note, edit.")
    message = models.TextField(help_text="A sentence for staff.")
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    actor_name = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = "timeline entry"
        verbose_name_plural = "timeline entries"
        ordering = ("id",)
        indexes = [models.Index(fields=["order", "id"], name="checkout_timeline")]

    def __str__(self) -> str:
        return self.message


class Mail(models.Model):
    """A mail as sent. The key makes it once; the Message-ID is stable, so a doubled hand-over can be seen."""

    order = models.ForeignKey(Order, null=True, blank=True, on_delete=models.PROTECT, related_name="mails")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=160, unique=True)
    message_id = models.CharField(max_length=200, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True)
    unsubscribe_url = models.CharField(max_length=300, blank=True, help_text="RFC 8058: one click stops such mails.")
    wording = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Version of the words that staff published; 0: the shop's own."
    )
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=["created_at"], name="checkout_mail_unsent", condition=Q(sent_at__isnull=True))]

    def __str__(self) -> str:
        return self.subject
