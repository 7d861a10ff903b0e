"""A visitor finds one order that waits for its customer: with a discount and its reason, a mail with the link, and in stock."""

import re

import pytest
from django.test import Client

from checkout.orders.records import Mail
from checkout.prepared.records import PreparedOrder
from shop.demo.agreed import CUSTOMER, prepare_by_phone
from shop.demo.people import hire_staff
from tests.shopfloor import make_product, open_shop


@pytest.mark.django_db
def test_it_waits_behind_the_link_in_the_mail_and_is_made_once(client: Client) -> None:
    open_shop()
    hire_staff()
    for title in ("Lamp", "Vase"):
        make_product(title, price="50.00")
    prepare_by_phone()
    prepare_by_phone()
    prepared = PreparedOrder.objects.get()
    assert (prepared.draft.email, prepared.discount_percent, prepared.draft.order_id) == (CUSTOMER, 10, None)
    mail = Mail.objects.get(kind="prepared_order", to=CUSTOMER)
    path = re.search(r"/checkout/prepared/[\w-]+/", mail.text)
    assert path is not None
    page = client.get(path[0]).content.decode()
    assert "Lamp" in page
    assert "Vase" in page
    assert "135.00" in page, "one and two things of 50.00, ten per cent less"


@pytest.mark.django_db
def test_a_shop_without_goods_stays_as_it_is() -> None:
    prepare_by_phone()
    assert not PreparedOrder.objects.exists()
