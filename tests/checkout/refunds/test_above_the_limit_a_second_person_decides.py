"""Within the limit the money leaves at once; above it somebody else has to look, and the database insists on it."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from oscar.apps.order.models import Order

from checkout.models import Refund, RefundRequest
from checkout.payments.errors import RefundTooLarge
from checkout.refunds.asking import AlreadyDecided, NeedsAnotherPerson, approve_refund, decline_refund
from checkout.refunds.parts import PartTooLarge
from tests.checkout.refunds.refunding import ask, clerk, paid_by_hand
from tests.checkout.till import payment_of
from tests.shopfloor import make_order, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA08")]


@pytest.fixture
def order() -> Order:
    """154.90: three lamps of 50.00 and delivery."""
    order = make_order((make_product("Lamp", price="50.00"), 3))
    paid_by_hand(order)
    return order


def test_many_small_refunds_are_one_large_one(order: Order) -> None:
    first = ask(order, key="1", goodwill=Decimal("60.00"), limit="100")
    second = ask(order, key="2", goodwill=Decimal("40.00"), limit="100")
    third = ask(order, key="3", goodwill=Decimal("0.01"), limit="100")
    assert [one.state for one in (first, second, third)] == ["given", "given", "waiting"]
    assert (Refund.objects.count(), payment_of(order).refunded) == (2, Decimal("100.00"))
    colleague = ask(order, clerk("other@shop.example"), key="4", goodwill=Decimal("5.00"), limit="100")
    assert colleague.state == "given"


def test_nobody_approves_their_own_request(order: Order) -> None:
    asker, boss = clerk(), clerk("boss@shop.example", "manager")
    asked = ask(order, asker, everything=True, limit="100")
    assert (asked.state, asked.refund, payment_of(order).refunded) == ("waiting", None, 0)
    with pytest.raises(NeedsAnotherPerson):
        approve_refund(asked.pk, actor=asker)
    approved = approve_refund(asked.pk, actor=boss)
    assert approve_refund(asked.pk, actor=boss).refund == approved.refund
    assert (approved.state, payment_of(order).refunded) == ("approved", Decimal("154.90"))
    assert Refund.objects.get().actor_name == str(boss)
    with pytest.raises(AlreadyDecided):
        decline_refund(asked.pk, reason="No.", actor=asker)
    with pytest.raises(IntegrityError, match="by_two_people"), transaction.atomic():
        RefundRequest.objects.filter(pk=asked.pk).update(decided_by=asker)


def test_what_was_declined_stays_declined_and_moves_nothing(order: Order) -> None:
    asked = ask(order, goodwill=Decimal("120.00"), limit="100")
    decline_refund(asked.pk, reason="It was used.", actor=clerk("boss@shop.example", "manager"))
    with pytest.raises(AlreadyDecided, match="declined, by boss"):
        approve_refund(asked.pk, actor=clerk("third@shop.example", "manager"))
    assert not Refund.objects.exists()
    assert ask(order, goodwill=Decimal("120.00"), limit="100").state == "declined", "the same key, the same answer"


def test_a_request_holds_nothing_and_is_checked_again_when_it_is_approved(order: Order) -> None:
    boss = clerk("boss@shop.example", "manager")
    line = order.lines.get()
    units = ask(order, key="1", units={line.pk: 3}, limit="100")
    money = ask(order, key="2", goodwill=Decimal("150.00"), limit="100")
    ask(order, clerk("other@shop.example"), key="3", units={line.pk: 1}, limit="100")
    with pytest.raises(PartTooLarge, match="2 of Lamp"):
        approve_refund(units.pk, actor=boss)
    with pytest.raises(RefundTooLarge):
        approve_refund(money.pk, actor=boss)
    assert Refund.objects.count() == 1
    assert RefundRequest.objects.filter(state="waiting").count() == 2
