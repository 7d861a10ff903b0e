"""F11: two people at once, a webhook beside a person, a part beside the whole. And what happens without the lock."""

from decimal import Decimal
from typing import Any

import pytest

from checkout.models import PaymentAttempt, Refund, RefundRequest
from checkout.orders.cancel import cancel_order
from checkout.payments.errors import RefundTooLarge
from checkout.payments.foreign_refund import record_refund
from checkout.payments.truth import RefundTruth
from checkout.refunds import asking
from checkout.refunds.asking import AlreadyDecided, approve_refund
from checkout.refunds.parts import NothingChosen, PartTooLarge
from tests.checkout.payments.test_settling_at_once_has_one_effect import at_once
from tests.checkout.refunds.refunding import ask, clerk, paid_by_hand
from tests.checkout.till import broken_invariants, payment_of
from tests.inventory.test_the_lock_is_what_stops_overselling import Competitor
from tests.shipping.fulfilment.paid import make_paid_order
from tests.shopfloor import make_product

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("PA08")]


def paid() -> Any:
    """24.90: goods of 20.00 in two pieces, and delivery."""
    order = make_paid_order((make_product("Lamp", price="10.00"), 2))
    paid_by_hand(order)
    return order


def money_checks() -> list[str]:
    return [name for name, _ in broken_invariants() if name.startswith("I4")]


def test_four_people_at_once_give_each_unit_back_once() -> None:
    order = paid()
    people = [clerk(f"clerk{number}@shop.example") for number in range(4)]
    line = order.lines.get().pk
    raised = at_once([lambda who=who: ask(order, who, key=str(who.pk), units={line: 1}) for who in people])
    assert [type(problem) for problem in raised] == [PartTooLarge] * 2
    assert payment_of(order).refunded == Decimal("20.00")
    assert money_checks() == []


def test_a_part_and_the_whole_at_once_never_exceed_the_captured_sum() -> None:
    order = paid()
    one, two = clerk("one@shop.example"), clerk("two@shop.example")
    raised = at_once(
        [
            lambda: ask(order, one, key="part", goodwill=Decimal("5.00")),
            lambda: ask(order, two, key="whole", everything=True),
            lambda: cancel_order(order.pk, reason="A test.", actor_name="tests"),
        ]
    )
    assert {type(problem) for problem in raised} <= {RefundTooLarge, NothingChosen}
    assert payment_of(order).refunded == payment_of(order).captured == sum(one.amount for one in Refund.objects.all())
    assert money_checks() == []


def test_a_refund_on_the_providers_pages_and_one_at_the_desk_find_each_other() -> None:
    order = paid()
    told = RefundTruth(
        id="re_elsewhere",
        state="succeeded",
        amount=Decimal("20.00"),
        currency="EUR",
        intent_id="pi_1",
        refund_ref="",
        failure="",
    )
    actor = clerk()
    raised = at_once(
        [lambda: record_refund(told), lambda: record_refund(told), lambda: ask(order, actor, goodwill=Decimal("20.00"))]
    )
    payment = payment_of(order)
    assert payment.refunded == Decimal("20.00")
    if raised:
        assert [type(problem) for problem in raised] == [RefundTooLarge]
        assert Refund.objects.get().provider_id == "re_elsewhere"
    else:
        assert (payment.state, Refund.objects.count()) == ("held", 1)
    assert [name for name in money_checks() if name.startswith("I4.1")] == []


def test_two_who_approve_at_once_pay_once() -> None:
    order = paid()
    asked = ask(order, everything=True, limit="0")
    bosses = [clerk(f"boss{number}@shop.example", "manager") for number in range(3)]
    raised = at_once([lambda who=who: approve_refund(asked.pk, actor=who) for who in bosses])
    assert [type(problem) for problem in raised] == [AlreadyDecided] * 2
    assert Refund.objects.get().amount == payment_of(order).captured
    assert money_checks() == []


def test_the_second_person_waits_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, second = race(paid(), monkeypatch)
    assert seen == ["blocked"]
    assert isinstance(second.finish(), RefundTooLarge)
    assert (RefundRequest.objects.count(), Refund.objects.count()) == (1, 1)
    assert money_checks() == []


def test_without_the_lock_both_refunds_would_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_without_lock(attempt_id: int) -> Any:
        attempt = PaymentAttempt.objects.select_related("order").get(pk=attempt_id)
        return attempt.order, attempt

    monkeypatch.setattr(asking, "lock_attempt", read_without_lock)
    seen, second = race(paid(), monkeypatch)
    assert seen == ["done"]
    second.finish()
    assert Refund.objects.count() == 2, "the race that the lock prevents did not happen: this test proves nothing"
    assert money_checks() != []


def race(order: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], Competitor]:
    """A second person asks exactly between the check and the write of the first."""
    one, two = clerk("one@shop.example"), clerk("two@shop.example")
    second = Competitor(lambda: ask(order, two, key="second", goodwill=Decimal("20.00")))
    seen: list[str] = []
    give = asking.give_parts

    def interrupted(*args: Any, **kwargs: Any) -> Refund:
        if not seen:
            seen.append("")
            seen[0] = second.run_until_done_or_blocked()
        return give(*args, **kwargs)

    monkeypatch.setattr(asking, "give_parts", interrupted)
    ask(order, one, key="first", goodwill=Decimal("20.00"))
    return seen, second
