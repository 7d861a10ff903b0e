"""What the shopper has entered so far in one checkout. It becomes an order at most once."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from oscar.apps.basket.models import Basket
from oscar.apps.order.models import Order


class CheckoutDraft(models.Model):
    """One per basket. Voucher codes stand on the basket; the figures the shopper saw travel, signed, with the page."""

    basket = models.OneToOneField(Basket, on_delete=models.CASCADE, related_name="draft")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=32, blank=True)
    vat_id = models.CharField(max_length=20, blank=True, help_text="What a company typed, in its usual form.")
    address = models.JSONField(
        default=dict, help_text="first_name, last_name, line1, line2, city, district, region, postcode, country."
    )
    billing_address = models.JSONField(default=dict, blank=True, help_text="Empty: the same as the delivery address.")
    method_code = models.CharField(max_length=64, blank=True)
    consents = models.JSONField(default=dict, help_text="code → {text_hash, at}.")
    order = models.OneToOneField(Order, null=True, blank=True, on_delete=models.PROTECT, related_name="draft")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "checkout in progress"
        verbose_name_plural = "checkouts in progress"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"checkout of basket {self.basket_id}"
