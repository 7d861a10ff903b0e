"""A buyer's right to a file, each time it was used, and the codes by which a stranger's browser proves itself."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from oscar.apps.order.models import Line, Order

from catalog.digital.records import DigitalFile


class Entitlement(models.Model):
    """One file of one order line. Ends with its time, its downloads, the order's refund, or `revoked_at`.

    The link is derived from the id and `serial` and stored nowhere; a renewal raises the serial.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="entitlements")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="entitlements")
    file = models.ForeignKey(DigitalFile, on_delete=models.PROTECT, related_name="entitlements")
    title = models.CharField(max_length=255, help_text="What was bought.")
    downloads = models.PositiveIntegerField(help_text="What one grant allows: the purchase, and each renewal.")
    hours = models.PositiveIntegerField(help_text="How long one grant lasts.")
    allowed = models.PositiveIntegerField(help_text="Downloads in all.")
    used = models.PositiveIntegerField(default=0, help_text="The number of its downloads in the ledger.")
    serial = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField()
    open_until = models.DateTimeField(null=True, blank=True, help_text="Parts of the download begun last are free.")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=250, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "download for a buyer"
        verbose_name_plural = "downloads for buyers"
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=["line", "file"], name="checkout_entitlement_once"),
            models.CheckConstraint(condition=Q(used__lte=F("allowed")), name="checkout_entitlement_within_allowed"),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.file}"


class Download(models.Model):
    """The ledger. Append-only: the database refuses UPDATE and DELETE."""

    entitlement = models.ForeignKey(Entitlement, on_delete=models.DO_NOTHING, related_name="uses")
    at = models.DateTimeField(db_default=Now())
    number = models.PositiveIntegerField(help_text="The how-manieth of this right.")
    is_part = models.BooleanField(help_text="Begun with a part of the file: a resumed or split download.")

    class Meta:
        verbose_name = "download"
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["entitlement", "number"], name="checkout_download_number_once")]

    def __str__(self) -> str:
        return f"download {self.number} of {self.entitlement_id}"


class ProofCode(models.Model):
    """Six figures sent to the order's address, for a browser that only has the link. One an order; a new one replaces it."""

    order = models.OneToOneField(Order, primary_key=True, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    tries_left = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = "code for a download"
        verbose_name_plural = "codes for downloads"

    def __str__(self) -> str:
        return f"code for order {self.order_id}"
