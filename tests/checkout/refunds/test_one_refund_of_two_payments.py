"""An order whose rest was paid anew is refunded by one act: each payment gives at most what was taken of it."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from oscar.apps.order.models import Order

from checkout.models import Paper, PaymentAttempt, Refund, RefundRequest
from checkout.orders.access import order_path, token_of
from checkout.payments.errors import RefundFrozen, RefundTooLarge
from checkout.payments.refund import apply_refund
from checkout.payments.truth import RefundTruth
from checkout.refunds.asking import approve_refund
from checkout.refunds.parts import NothingChosen, Part, PartTooLarge
from checkout.refunds.splitting import left_of, share_out
from tests.backoffice.desk import staff_client
from tests.checkout.payments.test_each_parcel_charges_what_is_in_it import capture_each_parcel
from tests.checkout.payments.test_settling_at_once_has_one_effect import at_once
from tests.checkout.payments.test_the_rest_of_an_ended_payment_is_paid_by_a_link import ask as ask_rest
from tests.checkout.payments.test_the_rest_of_an_ended_payment_is_paid_by_a_link import ended, pay_rest, states
from tests.checkout.refunds.refunding import ask, clerk, paid_by_hand
from tests.checkout.till import Till, broken_invariants, run_jobs, state_of
from tests.shipping.fulfilment.paid import make_paid_order
from tests.shopfloor import make_product

__all__ = ["capture_each_parcel", "ended"]
pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA08")]


def paid_by_two(*things: Any, first: str = "9.00") -> tuple[Order, PaymentAttempt, PaymentAttempt]:
    """24.90 by default: goods of 20.00 in two pieces, and delivery; `first` was taken before the rest was paid anew."""
    order = make_paid_order(*(things or ((make_product("Lamp", price="10.00"), 2),)))
    rest = paid_by_hand(order)
    ended = PaymentAttempt.objects.create(
        order=order,
        idempotency_key=f"first:{order.pk}",
        state="lapsed",
        created_at=order.date_placed,
        amount=order.total_incl_tax,
        captured=Decimal(first),
        currency="EUR",
        intent_id="pi_0",
        rest_asked_at=order.date_placed,
    )
    left = order.total_incl_tax - ended.captured
    PaymentAttempt.objects.filter(pk=rest.pk).update(amount=left, captured=left)
    rest.refresh_from_db()
    return order, ended, rest


def refunded(*payments: PaymentAttempt) -> list[Decimal]:
    return [PaymentAttempt.objects.values_list("refunded", flat=True).get(pk=one.pk) for one in payments]


def test_all_of_it_goes_back_by_one_press_and_the_order_ends_with_the_last_of_it(till: Till, ended: Any) -> None:
    order, _ = ended
    ask_rest(order)
    pay_rest(till, order)
    client = staff_client()
    page = f"/admin/order/order/{order.pk}/refund/"
    assert "Everything that is left: 114.89 EUR" in client.get(page).text
    for _ in range(2):
        answer = client.post(page, {"everything": "on", "reason": "Broken.", "key": "once"}, follow=True)
        assert "114.89 EUR are on their way back" in answer.text
    assert sorted(Refund.objects.values_list("amount", flat=True)) == [Decimal("38.23"), Decimal("76.66")]
    assert {one.reason for one in Refund.objects.all()} == {"Broken."}
    assert RefundRequest.objects.count() == 1
    run_jobs()
    assert [(state, captured - back) for state, captured, back in states(order)] == [("lapsed", 0), ("paid", 0)]
    assert state_of(order) == "refunded"
    notes = Paper.objects.filter(order=order, kind="credit note")
    assert sorted(note.figures["total"] for note in notes) == ["38.23", "76.66"]
    assert broken_invariants() == []


def test_named_parts_that_are_cut_between_two_payments_are_credited_to_the_cent(till: Till, ended: Any) -> None:
    order, _ = ended
    ask_rest(order)
    pay_rest(till, order)
    lamp, book = order.lines.order_by("pk")
    ask(order, units={lamp.pk: 3, book.pk: 1}, delivery=Decimal("4.90"))
    run_jobs()
    notes = list(Paper.objects.filter(order=order, kind="credit note").order_by("pk"))
    assert sorted(note.figures["total"] for note in notes) == ["38.23", "76.66"]
    names = [line["name"] for note in notes for line in note.figures["lines"]]
    assert sorted(names) == ["1 × Book", "3 × Lamp", "Delivery", "Rest of Lamp"]
    invoice = Paper.objects.get(order=order, kind="invoice")
    assert sum(Decimal(note.figures["total_tax"]) for note in notes) == Decimal(invoice.figures["total_tax"])
    assert state_of(order) == "refunded"
    assert broken_invariants() == []


def test_an_order_is_refunded_only_when_both_of_its_payments_are() -> None:
    order, ended, rest = paid_by_two()
    ask(order, everything=True)
    for refund in Refund.objects.order_by("-amount"):
        assert state_of(order) == "paid", "the second half is under way"
        truth = RefundTruth(
            id=f"re_{refund.pk}",
            state="succeeded",
            amount=refund.amount,
            currency="EUR",
            intent_id=refund.attempt.intent_id,
            refund_ref=str(refund.pk),
            failure="",
        )
        apply_refund(refund.pk, truth)
    assert state_of(order) == "refunded"
    assert refunded(ended, rest) == [Decimal("9.00"), Decimal("15.90")]


def test_what_one_payment_holds_comes_from_it_alone_and_more_from_both() -> None:
    order, ended, rest = paid_by_two()
    (line,) = order.lines.all()
    first = ask(order, key="1", units={line.pk: 1})
    assert (first.refund.attempt_id, list(first.shares.all())) == (rest.pk, [])
    second = ask(order, key="2", units={line.pk: 1}, delivery=Decimal("4.90"))
    assert second.amount == Decimal("14.90")
    assert refunded(ended, rest) == [Decimal("9.00"), Decimal("15.90")]
    refunds = [second.refund, *[one.refund for one in second.shares.all()]]
    found = [(one.amount, [(p.kind, p.quantity, p.amount) for p in one.parts.all()]) for one in refunds]
    assert found == [
        (Decimal("9.00"), [("goods", 1, Decimal("9.00"))]),
        (Decimal("5.90"), [("goods", 0, Decimal("1.00")), ("delivery", 0, Decimal("4.90"))]),
    ]
    assert [name for name, _ in broken_invariants() if name.startswith("I4")] == []
    with pytest.raises(NothingChosen):
        ask(order, key="3", everything=True)
    with pytest.raises(RefundTooLarge):
        ask(order, key="4", goodwill=Decimal("0.01"))


def test_the_customer_reads_what_each_payment_took_and_what_went_back(client: Client) -> None:
    order, _, _ = paid_by_two()
    page = order_path(token_of(order.pk))
    assert "15.90 EUR by card and 9.00 EUR by card." in client.get(page).text
    ask(order, goodwill=Decimal("20.00"))
    assert "15.90 EUR by card and 9.00 EUR by card. 20.00 EUR sent back." in client.get(page).text


def test_the_limit_of_one_person_counts_both_and_the_second_person_decides_once() -> None:
    order, ended, rest = paid_by_two()
    asked = ask(order, everything=True, limit="20.00")
    assert (asked.state, refunded(ended, rest)) == ("waiting", [0, 0])
    boss = clerk("boss@shop.example", "manager")
    assert approve_refund(asked.pk, actor=boss).amount == Decimal("24.90")
    approve_refund(asked.pk, actor=boss)
    assert refunded(ended, rest) == [Decimal("9.00"), Decimal("15.90")]
    assert [name for name, _ in broken_invariants() if name.startswith("I4")] == []


def test_of_two_refunds_the_one_that_failed_can_be_given_again_and_no_more() -> None:
    order, ended, rest = paid_by_two()
    (line,) = order.lines.all()
    waits = ask(order, key="waits", units={line.pk: 2}, limit="0")
    ask(order, units={line.pk: 2})
    failed = Refund.objects.get(attempt=rest)
    truth = RefundTruth(
        id="re_9",
        state="failed",
        amount=failed.amount,
        currency="EUR",
        intent_id="pi_1",
        refund_ref="",
        failure="Gone.",
    )
    apply_refund(failed.pk, truth)
    with pytest.raises(PartTooLarge):
        approve_refund(waits.pk, actor=clerk("boss@shop.example", "manager"))
    again = ask(order, key="again", units={line.pk: 2})
    assert again.amount == failed.amount == Decimal("15.90")
    assert refunded(ended, rest) == [Decimal("4.10"), Decimal("15.90")]
    assert [name for name, _ in broken_invariants() if name.startswith("I4")] == []


def test_a_disputed_payment_is_left_out_while_the_other_can_give() -> None:
    order, _, rest = paid_by_two()
    PaymentAttempt.objects.filter(pk=rest.pk).update(disputed_at=order.date_placed)
    assert ask(order, everything=True).amount == Decimal("9.00")
    with pytest.raises(RefundFrozen):
        ask(order, key="2", everything=True)


@pytest.mark.django_db(transaction=True)
def test_three_people_at_once_never_give_more_than_each_payment_took() -> None:
    order, ended, rest = paid_by_two()
    people = [clerk(f"clerk{number}@shop.example") for number in range(3)]
    raised = at_once(
        [
            lambda: ask(order, people[0], key="a", everything=True),
            lambda: ask(order, people[1], key="b", goodwill=Decimal("12.00")),
            lambda: ask(order, people[2], key="c", goodwill=Decimal("12.50")),
        ]
    )
    assert {type(problem) for problem in raised} <= {RefundTooLarge, NothingChosen}
    sums = {pk: sum(one.amount for one in Refund.objects.filter(attempt=pk)) for pk in (ended.pk, rest.pk)}
    assert [sums[ended.pk], sums[rest.pk]] == refunded(ended, rest)
    assert sums[ended.pk] <= ended.captured
    assert sums[rest.pk] <= rest.captured
    assert sum(sums.values()) in (Decimal("24.90"), Decimal("24.50"))


cents = st.integers(1, 2000).map(lambda number: Decimal(number) / 100)


@settings(max_examples=60, deadline=None)
@given(taken=st.lists(cents, min_size=1, max_size=4), wanted=st.lists(cents, max_size=4))
def test_shares_sum_to_the_wish_and_keep_within_each_payment(taken: list[Decimal], wanted: list[Decimal]) -> None:
    payments = [PaymentAttempt(pk=n, captured=sum_, currency="EUR") for n, sum_ in enumerate(taken)]
    parts = [Part(kind="goods", line=n, quantity=3, amount=amount, name=str(n)) for n, amount in enumerate(wanted)]
    amount = sum(wanted, Decimal(0)) or sum(taken)
    if amount > sum(taken):
        with pytest.raises(RefundTooLarge):
            share_out(payments, amount=amount, parts=parts)
        return
    shares = share_out(payments, amount=amount, parts=parts)
    assert sum(share.amount for share in shares) == amount
    assert all(share.amount <= left_of(share.attempt) for share in shares)
    assert len({share.attempt.pk for share in shares}) == len(shares)
    for share in shares if parts else ():
        assert sum(part.amount for part in share.parts) == share.amount
    for part in parts:
        mine = [one for share in shares for one in share.parts if one.line == part.line]
        assert sum(one.amount for one in mine) == part.amount
        assert sorted(one.quantity for one in mine)[-1:] == [3]
        assert sum(one.quantity for one in mine) == 3
