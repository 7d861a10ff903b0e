"""Orders that were paid at the sandbox, with their papers written by the jobs."""

from collections.abc import Callable
from typing import Any

import pytest
from oscar.apps.order.models import Order

from checkout.invoices.records import Paper
from checkout.payments.settle import settle_payment
from tests.checkout.till import Till, payment_of, run_jobs
from tests.shopfloor import make_order


@pytest.fixture
def bought(till: Till) -> Callable[..., tuple[Order, Paper]]:
    """Place, pay, run the jobs; the order and its invoice."""

    def buy(*things: Any, **how: Any) -> tuple[Order, Paper]:
        order = make_order(*things, **how)
        till.pay(order)
        settle_payment(payment_of(order).pk)
        run_jobs()
        return order, Paper.objects.get(order=order, kind="invoice")

    return buy
