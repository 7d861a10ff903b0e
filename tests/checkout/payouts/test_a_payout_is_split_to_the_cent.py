"""Payouts are fetched, split into orders, refunds, fees, disputes and adjustments, and compared with our books."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from checkout.models import PaymentAttempt, Payout, PayoutItem, Refund
from checkout.payments.reconcile import note_differences, reconcile_payments
from checkout.payouts import invariants
from checkout.payouts.fetching import fetch_payouts
from checkout.payouts.splitting import split_payout
from shop.doctor.checks import registered_checks, run_check
from tests.backoffice.desk import staff_client
from tests.checkout.payments.test_refunds_never_exceed_what_was_captured import ask
from tests.checkout.payments.test_settling_at_once_has_one_effect import at_once
from tests.checkout.refunds.refunding import bought
from tests.checkout.till import Till, payment_of, run_jobs
from tests.shopfloor import make_order, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA05")]

LONG_AGO = timezone.now() - timedelta(days=30)


def fetch() -> int:
    return fetch_payouts(since=LONG_AGO)


def pay_out(till: Till) -> None:
    """Three days later everything available is on its way to the bank, and a day later it is there."""
    till.control.turn_clock(advance=3 * 86_400)
    till.control.pay_out()
    till.control.turn_clock(advance=86_400 + 60)


@pytest.fixture
def paid_out(till: Till) -> Payout:
    """Two orders of 24.90 with a refund of 5.00, and one of 44.90 that the bank disputes."""
    first, _ = bought(till, make_product(price="20.00")), bought(till, make_product(price="20.00"))
    ask(first, "5.00")
    bought(till, make_product(price="40.00"), card="4000000000000259")
    run_jobs()
    pay_out(till)
    assert fetch() == 1
    return Payout.objects.get()


def test_orders_refunds_fees_and_disputes_sum_to_the_payout(paid_out: Payout) -> None:
    split = split_payout(paid_out)
    fees = [Decimal("-0.62"), Decimal("-0.62"), Decimal("-0.92"), Decimal("-20.00")]
    assert [(row.label, row.number, row.amount) for row in split.rows] == [
        ("Orders", 3, Decimal("94.70")),
        ("Refunds", 1, Decimal("-5.00")),
        ("Disputes", 1, Decimal("-44.90")),
        ("Fees", 4, sum(fees)),
    ]
    assert split.total == paid_out.amount == Decimal("22.64")
    assert split.difference == 0
    assert split.fee_share == Decimal("2.28")
    items = PayoutItem.objects.filter(kind="order")
    assert {item.attempt.order.number for item in items} == {
        attempt.order.number for attempt in PaymentAttempt.objects.all()
    }
    assert PayoutItem.objects.get(kind="refund").refund == Refund.objects.get()


def test_a_payout_is_split_once_and_its_parts_stay(till: Till, paid_out: Payout) -> None:
    assert (fetch(), Payout.objects.count(), PayoutItem.objects.count()) == (0, 1, 5)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PayoutItem.objects.update(net=1)
    till.control.turn_clock(offset=0)
    bought(till, make_product(price="20.00"))
    pay_out(till)
    assert (fetch(), Payout.objects.count(), PayoutItem.objects.count()) == (1, 2, 6)
    assert reconcile_payments(days=30).differences == ()


def test_a_payout_under_way_is_shown_before_it_can_be_split(till: Till) -> None:
    bought(till, make_product(price="20.00"))
    till.control.turn_clock(advance=3 * 86_400)
    till.control.pay_out()
    assert fetch() == 0
    payout = Payout.objects.get()
    assert (payout.state, payout.is_split) == ("pending", False)
    page = staff_client("accountant").get(f"/admin/checkout/payout/{payout.pk}/change/").content.decode()
    assert "still works out what it consists of" in page
    till.control.turn_clock(advance=86_400 + 60)
    assert fetch() == 1
    payout.refresh_from_db()
    assert (payout.state, payout.is_split) == ("paid", True)


def drift_the_fee() -> None:
    PaymentAttempt.objects.filter(amount=Decimal("44.90")).update(fee=Decimal("0.50"))


def change_the_amount() -> None:
    PaymentAttempt.objects.filter(amount=Decimal("44.90")).update(captured=Decimal("44.00"))


def change_the_refund() -> None:
    Refund.objects.update(amount=Decimal("4.00"))


DRIFTS = [
    (drift_the_fee, "fee", "took a fee of 0.92 EUR"),
    (change_the_amount, "amount in payout", "holds 44.90 EUR of our payment"),
    (change_the_refund, "amount in payout", "holds 5.00 EUR of our refund"),
]


@pytest.mark.usefixtures("paid_out")
def test_what_differs_is_found_and_nothing_moves(till: Till) -> None:
    before = till.control.state()
    for damage, kind, words in DRIFTS:
        with undone():
            damage()
            differences = reconcile_payments(days=30).differences
            found = [one for one in differences if "payout" in one.kind or one.ref.startswith("txn")]
            assert [one.kind for one in found] == [kind]
            assert words in found[0].sentence
            assert found[0].proposal.endswith(".")
            assert note_differences(reconcile_payments(days=30)) > 0
    assert till.control.state() == before


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is forgotten afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_money_of_which_we_know_nothing_is_named(till: Till) -> None:
    order = bought(till, make_product(price="20.00"))
    PaymentAttempt.objects.filter(order=order).update(intent_id="pi_other")
    pay_out(till)
    kinds = [one.kind for one in reconcile_payments(days=30).differences]
    assert "unknown in payout" in kinds
    payout = Payout.objects.get()
    page = staff_client("accountant").get(f"/admin/checkout/payout/{payout.pk}/change/").content.decode()
    assert "not in our books" in page


def test_a_fee_that_was_not_known_yet_is_filled_in(till: Till) -> None:
    order = bought(till, make_product(price="20.00"))
    PaymentAttempt.objects.filter(order=order).update(fee=None)
    pay_out(till)
    fetch()
    assert payment_of(order).fee == Decimal("0.62")


def test_the_page_shows_the_split_and_each_order(paid_out: Payout) -> None:
    client = staff_client("accountant")
    page = client.get(f"/admin/checkout/payout/{paid_out.pk}/change/").content.decode()
    for words in ("22.64 EUR", "94.70 EUR", "-44.90 EUR", "-22.16 EUR", "2.28 % of what the orders brought"):
        assert words in page, words
    for attempt in PaymentAttempt.objects.select_related("order"):
        assert attempt.order.number in page
    assert client.get("/admin/checkout/payout/").status_code == 200
    number = PaymentAttempt.objects.first().order.number
    assert client.get("/admin/checkout/payout/", {"q": number}).context["cl"].result_count == 1


@pytest.mark.django_db(transaction=True)
def test_two_fetches_at_once_write_each_movement_once(till: Till) -> None:
    bought(till, make_product(price="20.00"))
    pay_out(till)
    assert at_once([fetch] * 4) == []
    assert (Payout.objects.count(), PayoutItem.objects.count()) == (1, 1)


def lose_a_movement(payout: Payout) -> None:
    Payout.objects.update(amount=payout.amount + 1)


def pay_out_twice(payout: Payout) -> None:
    again = Payout.objects.create(
        provider_id="po_2", amount=1, currency="EUR", state="paid", is_automatic=True, made_at=Now(), arrives_at=Now()
    )
    first: Any = PayoutItem.objects.filter(kind="order").first()
    first.pk, first.movement_id, first.payout = None, "txn_again", again
    first.save(force_insert=True)


def test_the_doctor_finds_the_damage(paid_out: Payout) -> None:
    for check_id, damage in (("I4.6", lose_a_movement), ("I4.7", pay_out_twice)):
        (check,) = [one for one in invariants.CHECKS if one.id == check_id]
        assert check in registered_checks()
        assert run_check(check).violations == 0
        with undone():
            damage(paid_out)
            assert run_check(check).violations == 1


def test_an_account_without_payouts_is_no_difference(till: Till) -> None:
    make_order()
    assert (fetch(), reconcile_payments().differences) == (0, ())
