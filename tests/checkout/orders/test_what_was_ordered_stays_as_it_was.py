"""OR02: the customer reads the same page, and gets the same bytes, whatever becomes of product, tax, offer and address."""

import hashlib
import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone
from oscar.apps.address.models import Country, UserAddress
from oscar.apps.catalogue.models import Product
from oscar.apps.offer.models import Benefit, Condition, ConditionalOffer, Range
from oscar.apps.order.models import BillingAddress, Order, ShippingAddress
from oscar.apps.voucher.models import Voucher

from checkout.invoices.drawn import file_of
from checkout.invoices.issue import issue_invoice
from checkout.models import PlacedOrder, TaxRate
from checkout.orders.access import order_path, token_of
from shipping.rates.models import Method
from tests.backoffice.desk import make_customer
from tests.checkout.refunds.refunding import paid_by_hand
from tests.shipping.fulfilment.paid import make_paid_order
from tests.shopfloor import make_product, open_shop

pytestmark = [pytest.mark.django_db, pytest.mark.feature("OR02")]


def words_of(order: Order) -> str:
    """What a person reads on the page of the order, without its pictures and the ways to other pages."""
    page = Client().get(order_path(token_of(order.pk))).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    main = re.sub(r'<section[^>]*id="say".*?</section>', "", main, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def make_offer() -> ConditionalOffer:
    everything = Range.objects.create(name="Everything", includes_all_products=True)
    condition = Condition.objects.create(range=everything, type=Condition.COUNT, value=1)
    benefit = Benefit.objects.create(range=everything, type=Benefit.PERCENTAGE, value=Decimal(10))
    return ConditionalOffer.objects.create(name="Autumn week", condition=condition, benefit=benefit)


def change_everything(product: Product, offer: ConditionalOffer) -> None:
    Product.objects.filter(pk=product.pk).update(title="Something else", slug="something-else", is_public=False)
    product.stockrecords.update(price=Decimal("1.00"), partner_sku="OTHER")
    TaxRate.objects.update(rate=Decimal("0.07"), name="VAT 7 %")
    Method.objects.update(name="By donkey", is_active=False)
    Voucher.objects.all().delete()
    ConditionalOffer.objects.filter(pk=offer.pk).update(name="Another", end_datetime=timezone.now() - timedelta(days=1))
    UserAddress.objects.update(line1="Elsewhere 9")
    Country.objects.filter(pk="DE").update(printable_name="Elsewhere", name="Elsewhere")


def test_page_and_papers_are_the_same_to_the_letter_and_the_byte() -> None:
    open_shop()
    offer, product = make_offer(), make_product("Reading lamp", price="24.90")
    order = make_paid_order((product, 2))
    UserAddress.objects.create(
        user=make_customer(), line1="Musterstraße 12", country=Country.objects.get(pk="DE"), postcode="10115"
    )
    paid_by_hand(order)
    invoice = issue_invoice(order.pk)
    assert invoice is not None
    papers = [hashlib.sha256(file_of(invoice, form)).hexdigest() for form in ("pdf", "ubl")]
    before = words_of(order)
    for expected in ("Reading lamp", "Autumn week", "VAT 19 %", "Musterstraße 12", "Standard"):
        assert expected in before
    change_everything(product, offer)
    for gone in (Product.objects.filter(pk=product.pk), ConditionalOffer.objects.filter(pk=offer.pk)):
        with pytest.raises(ProtectedError):
            gone.delete()
    assert words_of(order) == before
    assert [hashlib.sha256(file_of(invoice, form)).hexdigest() for form in ("pdf", "ubl")] == papers


@pytest.mark.feature("CC08")
def test_the_database_refuses_another_address_quote_or_consent_and_an_order_without_one() -> None:
    open_shop()
    order, other = make_paid_order(make_product()), make_paid_order(make_product())
    before = words_of(order)
    delivery, billing = order.shipping_address, order.billing_address
    assert delivery is not None
    delivery.line1 = billing.line1 = "Elsewhere 9"
    placed = PlacedOrder.objects.filter(order=order)
    for act, words in (
        (delivery.save, "the address of an order"),
        (billing.save, "the address of an order"),
        (ShippingAddress.objects.filter(pk=delivery.pk).delete, "stays as it is"),
        (lambda: BillingAddress.objects.all().update(postcode="10999"), "the address of an order"),
        (lambda: Order.objects.filter(pk=order.pk).update(shipping_address=other.shipping_address_id), "placed with"),
        (lambda: Order.objects.filter(pk=order.pk).update(billing_address=None), "placed with"),
        (lambda: placed.update(quote={}), "placed with"),
        (lambda: placed.update(consents={}), "placed with"),
        (lambda: PlacedOrder(order=other, consents={}).save(force_insert=True), "no consent to the terms"),
    ):
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            act()
    assert words_of(order) == before
    unused = ShippingAddress.objects.create(line1="Nowhere 1", country=Country.objects.get(pk="DE"))
    unused.line1 = "Nowhere 2"
    unused.save()
    assert unused.delete()[0] == 1, "what no order has may be changed"
