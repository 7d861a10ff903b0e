"""An order that was agreed on the phone: prepared for a customer, waiting behind the link in their mail."""

from decimal import Decimal

from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord

from checkout.accounts.models import User
from checkout.prepared.preparing import Wanted, prepare_order
from checkout.prepared.records import PreparedOrder
from shop.demo.people import STAFF

CUSTOMER = "clara.engel@example.com"
ADDRESS = {
    "first_name": "Clara", "last_name": "Engel", "line1": "Kastanienallee 12", "postcode": "10435", "city": "Berlin",
    "country": "DE",
}  # fmt: skip
THINGS = 2
DAYS = 30


def prepare_by_phone() -> None:
    """By the function that the desk uses. Does nothing when one is there, or nothing is for sale."""
    plenty = StockRecord.objects.filter(kit=None, product__structure=Product.STANDALONE, product__is_public=True)
    skus = list(plenty.order_by("-num_in_stock", "pk").values_list("partner_sku", flat=True)[:THINGS])
    if PreparedOrder.objects.exists() or not skus:
        return
    clerk = User.objects.get(email=STAFF[1][0])
    wanted = Wanted(
        email=CUSTOMER,
        lines=[(sku, number) for number, sku in enumerate(skus, start=1)],
        address=ADDRESS,
        discount_percent=Decimal(10),
        reason="Third order this year; agreed on the phone.",
        days=DAYS,
    )
    prepare_order(wanted, actor=clerk)
