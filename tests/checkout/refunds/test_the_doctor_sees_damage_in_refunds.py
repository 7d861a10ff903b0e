"""Each invariant of refunds and their credit notes can fail: damage is seeded past the shop, and the doctor names it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models.functions import Now
from oscar.apps.order.models import Order

from checkout.invoices import invariants as papers
from checkout.invoices.issue import issue_invoice
from checkout.models import Refund, RefundPart, RefundRequest
from checkout.refunds import invariants
from shop.doctor.checks import registered_checks, run_check
from tests.checkout.refunds.refunding import ask, paid_by_hand
from tests.shipping.fulfilment.paid import make_paid_order
from tests.shopfloor import make_product

pytestmark = pytest.mark.django_db


def change_a_refund(order: Order) -> None:
    Refund.objects.update(amount=Decimal("1.00"))


def give_a_unit_back_again(order: Order) -> None:
    RefundPart.objects.create(
        refund=ask(order, key="2", goodwill=Decimal("1.00")).refund,
        kind="goods",
        line=order.lines.get(),
        quantity=2,
        amount=Decimal("1.00"),
    )


def change_a_request(order: Order) -> None:
    RefundRequest.objects.update(amount=Decimal("1.00"))


def forget_the_credit_note(order: Order) -> None:
    Refund.objects.update(state="succeeded", updated_at=Now() - timedelta(hours=1))


DAMAGES = [
    ("I4.3", change_a_refund),
    ("I4.4", give_a_unit_back_again),
    ("I4.5", change_a_request),
    ("I6.4", forget_the_credit_note),
]


@pytest.mark.parametrize(("check_id", "damage"), DAMAGES, ids=lambda value: getattr(value, "__name__", value))
def test_the_damage_is_found(check_id: str, damage: Callable[[Order], None]) -> None:
    order = make_paid_order((make_product(price="10.00"), 2))
    paid_by_hand(order)
    issue_invoice(order.pk)
    ask(order, units={order.lines.get().pk: 1}, delivery=Decimal("4.90"))
    (check,) = [one for one in (*invariants.CHECKS, papers.REFUNDS_ARE_CREDITED) if one.id == check_id]
    assert check in registered_checks()
    assert run_check(check).violations == 0
    damage(order)
    found = run_check(check)
    assert found.violations == 1
    assert found.examples
    assert check.repair.endswith(".")
