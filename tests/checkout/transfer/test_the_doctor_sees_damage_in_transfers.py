"""Each invariant of transfers can fail: damage is seeded past the shop, and the doctor names it."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import transaction

from checkout.models import PaymentAttempt, Refund, StatementEntry, TransferMatch
from checkout.payments.refund import refund_payment, send_refund
from checkout.payments.transfer import invariants
from shop.doctor.checks import registered_checks, run_check
from tests.checkout.till import payment_of
from tests.checkout.transfer.bank import arrive, reference, transfer_order

pytestmark = pytest.mark.django_db


def lose_the_money() -> None:
    StatementEntry.objects.update(amount=Decimal("1.00"))


def lose_the_match() -> None:
    TransferMatch.objects.all().delete()


def finish_the_refund_alone() -> None:
    Refund.objects.update(state="succeeded")


def test_the_damage_is_found() -> None:
    order = transfer_order()
    arrive(("24.90", reference(order)))
    refund_payment(attempt_id=payment_of(order).pk, amount=Decimal("5.00"), key="k", reason="A test.")
    send_refund(Refund.objects.get().pk)
    damages: list[tuple[str, Callable[[], object]]] = [
        ("I3.3", lose_the_money),
        ("I3.4", lose_the_match),
        ("I4.8", finish_the_refund_alone),
    ]
    assert {check.id for check in invariants.CHECKS} == {check_id for check_id, _ in damages}
    for check_id, damage in damages:
        (check,) = [one for one in invariants.CHECKS if one.id == check_id]
        assert check in registered_checks()
        assert run_check(check).violations == 0
        with transaction.atomic():
            damage()
            assert run_check(check).violations == 1
            transaction.set_rollback(True)
    assert PaymentAttempt.objects.get().state == "paid"
