"""Both ways over the last days: what can be settled is, the rest is named with a proposal; no money moves."""

import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models.functions import Now

from checkout.models import PaymentAttempt, Refund
from checkout.payments.gateway import API_VERSION, get_gateway
from checkout.payments.reconcile import note_differences, reconcile_payments
from checkout.payments.settle import settle_payment
from tests.checkout.payments.test_refunds_never_exceed_what_was_captured import ask, paid_order
from tests.checkout.till import Till, payment_of, run_jobs, state_of
from tests.shopfloor import make_order

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA05")]


def kinds() -> list[str]:
    return sorted(one.kind for one in reconcile_payments().differences)


def test_books_that_agree_leave_nothing(till: Till) -> None:
    order = paid_order(till)
    ask(order, "5.00")
    run_jobs()
    result = reconcile_payments()
    assert (result.payments, result.refunds, result.differences) == (1, 1, ())


def test_a_payment_that_nobody_told_us_of_is_settled(till: Till) -> None:
    order = make_order()
    till.pay(order)
    result = reconcile_payments()
    assert (result.healed, result.differences) == (1, ())
    assert state_of(order) == "paid"


def test_paid_without_an_order(till: Till) -> None:
    order = paid_order(till)
    PaymentAttempt.objects.filter(order=order).update(intent_id="", session_id="", state="cancelled", captured=0)
    found = reconcile_payments().differences
    assert [one.kind for one in found] == ["paid without order"]
    assert order.number in found[0].sentence + found[0].order
    assert till.refunds() == []


def test_an_order_without_a_payment(till: Till) -> None:
    order = make_order()
    PaymentAttempt.objects.filter(order=order).update(
        state="paid", intent_id="pi_dream", captured=order.total_incl_tax, created_at=Now() - timedelta(hours=1)
    )
    assert kinds() == ["order without payment"]
    assert note_differences(reconcile_payments()) == 1
    assert note_differences(reconcile_payments()) == 0


def test_a_double_capture(till: Till) -> None:
    order = make_order()
    till.pay(order)
    PaymentAttempt.objects.filter(order=order).update(state="cancelled")
    till.pay(order)
    settle_payment(payment_of(order).pk)
    assert "double capture" in kinds()


def test_refunds_that_differ_both_ways(till: Till) -> None:
    order = paid_order(till)
    ask(order, "5.00")
    run_jobs()
    Refund.objects.update(amount=Decimal("4.00"))
    assert kinds() == ["refund amount"]
    Refund.objects.update(amount=Decimal("5.00"), created_at=Now() - timedelta(hours=1), provider_id="re_dream")
    till.control.reset()
    assert "row without refund" in kinds()


def test_a_refund_made_elsewhere_is_written_down_and_no_difference(till: Till) -> None:
    order = paid_order(till)
    get_gateway().refund(
        intent_id=payment_of(order).intent_id, amount=Decimal("3.00"), currency="EUR", key="hand", refund_ref=""
    )
    result = reconcile_payments()
    assert (result.healed, result.differences) == (1, ())


def test_a_fee_that_drifted(till: Till) -> None:
    order = paid_order(till)
    reconcile_payments()
    settle_payment(payment_of(order).pk)
    assert payment_of(order).fee is not None
    PaymentAttempt.objects.filter(order=order).update(fee=Decimal("0.01"))
    assert kinds() == ["fee"]


def test_the_command_speaks_to_machines_and_people(till: Till, settings: Any) -> None:
    out = StringIO()
    call_command("reconcile_payments", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"ok": True, "payments": 0, "refunds": 0, "healed": 0, "differences": []}
    order = make_order()
    PaymentAttempt.objects.filter(order=order).update(
        state="paid", intent_id="pi_dream", captured=order.total_incl_tax, created_at=Now() - timedelta(hours=1)
    )
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("reconcile_payments", stdout=out)
    assert end.value.code == 1
    assert "order without payment" in out.getvalue()
    from django.core.management.base import CommandError

    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    with pytest.raises(CommandError, match="cannot be compared"):
        call_command("reconcile_payments")
    with pytest.raises(CommandError, match="from 1 to 90"):
        call_command("reconcile_payments", "--days", "0")


@pytest.mark.feature("PA02")
def test_the_api_version_is_pinned_to_the_one_the_sdk_was_made_for() -> None:
    """An upgrade of the SDK fails here until the version, and what it changed, was looked at."""
    from stripe._api_version import _ApiVersion

    assert API_VERSION == _ApiVersion.CURRENT == "2026-10-28.endive"
