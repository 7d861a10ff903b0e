"""Declines and refused 3-D Secure: the right words, nothing charged, the order kept, and another try that works."""

from typing import Any

import pytest
from django.test import Client

from checkout.orders.access import order_path, token_of
from checkout.payments.declines import PLAIN
from inventory.models import Reservation
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs, state_of
from tests.shopfloor import make_order

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA09")]

NO_MONEY = "There was not enough money on the card."
NOT_CONFIRMED = "Your bank could not confirm that it was you"

OUTCOMES = [
    ("4000000000000002", "approve", PLAIN),
    ("4000000000009995", "approve", NO_MONEY),
    ("4000000000009987", "approve", PLAIN),
    ("4000000000009979", "approve", PLAIN),
    ("4000000000000069", "approve", "The card has expired."),
    ("4000000000000127", "approve", "The security code of the card did not match."),
    ("4000000000000119", "approve", "The bank could not answer just now."),
    ("4000000000006975", "approve", "The card&#x27;s limit is reached."),
    ("4100000000000019", "approve", PLAIN),
    ("4000000000000341", "approve", PLAIN),
    ("4000002760003184", "refuse", NOT_CONFIRMED),
    ("4000000000003220", "refuse", NOT_CONFIRMED),
    ("4000008260003178", "approve", NO_MONEY),
    ("4000008400001629", "approve", PLAIN),
]


@pytest.mark.parametrize(("card", "authenticate", "words"), OUTCOMES)
def test_the_shopper_reads_why_and_pays_with_another_card(
    till: Till, client: Client, order_page: Any, card: str, authenticate: Any, words: str
) -> None:
    order = make_order()
    till.pay(order, card=card, authenticate=authenticate)
    till.deliver()
    run_jobs()
    assert (state_of(order), payment_of(order).state) == ("pending payment", "open")
    assert till.held() == []
    page = order_page(order, "left=1").content.decode()
    assert "Your payment did not go through" in page
    assert words in page
    assert "fraud" not in page
    assert "stolen" not in page
    assert Reservation.objects.filter(released_at__isnull=True).exists()

    answer = client.post(f"{order_path(token_of(order.pk))}pay/")
    assert answer.status_code == 303
    assert answer["Location"] == payment_of(order).session_url
    till.pay(order)
    till.deliver()
    run_jobs()
    assert state_of(order) == "paid"
    assert len(till.held()) == 1
    assert broken_invariants() == []


def test_a_shopper_who_leaves_at_the_banks_question_can_come_back(till: Till, order_page: Any) -> None:
    order = make_order()
    till.pay(order, card="4000002760003184", authenticate="stop")
    till.deliver()
    run_jobs()
    assert "You left the payment page" in order_page(order, "left=1").content.decode()
    till.pay(order)
    till.deliver()
    run_jobs()
    assert state_of(order) == "paid"
