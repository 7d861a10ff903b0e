"""Statements pay orders by their reference, with slips forgiven; what is not plain waits for a person with a proposal."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db.models.functions import Now
from hypothesis import given, settings
from hypothesis import strategies as st

from checkout.models import PaymentAttempt, PlacedOrder, StatementEntry, TransferMatch, TransferOut
from checkout.order_number import ALPHABET, LENGTH, PREFIX
from checkout.orders.cancel import cancel_order
from checkout.payments.sweep import sweep_unpaid_orders
from checkout.payments.transfer.matching import CannotMatch, match_entry, send_back, set_aside, undo_match
from checkout.payments.transfer.reference import find_number, find_similar, reference_of
from checkout.payments.transfer.sending import CannotSend, mark_sent
from inventory.models import Reservation
from tests.checkout.payments.test_settling_at_once_has_one_effect import at_once
from tests.checkout.till import broken_invariants, payment_of, run_jobs, state_of
from tests.checkout.transfer.bank import PAYER, arrive, camt, reference, states, take_in, transfer_order
from tests.shopfloor import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA11")]


def test_an_order_waits_days_with_its_units_and_says_where_to_pay(order_page: Any) -> None:
    order = transfer_order()
    run_jobs()
    placed = PlacedOrder.objects.get(pk=order.pk)
    assert placed.pay_until - order.date_placed > timedelta(days=6, hours=23)
    assert Reservation.objects.get().expires_at > placed.pay_until
    assert payment_of(order).state == "open"
    page = order_page(order).content.decode()
    for words in ("Your order waits for your transfer", "DE02 1203 0000 0000 2020 51", reference(order), "<svg"):
        assert words in page, words
    assert "style=" not in page.split('id="transfer"')[1].split("</section>")[0]
    (letter,) = [one for one in mail.outbox if one.subject.startswith("How to pay")]
    assert reference(order) in letter.body
    assert "24.90 EUR" in letter.body
    assert broken_invariants() == []


@pytest.mark.parametrize(
    "write",
    [
        lambda order: reference(order),
        lambda order: f"SVWZ+Order {reference_of(order.number).lower()} thank you",
        lambda order: f"my order {order.number}",
    ],
)
def test_the_right_reference_pays_the_order_at_once(write: Any, order_page: Any) -> None:
    order = transfer_order()
    (entry,) = arrive(("24.90", write(order)))
    assert states([entry]) == ["matched"]
    assert state_of(order) == "paid"
    run_jobs()
    assert "24.90 EUR by bank transfer." in order_page(order).content.decode()
    assert [one.subject for one in mail.outbox if "confirmed" in one.subject] == [
        f"Your order {order.number} is confirmed"
    ]
    assert broken_invariants() == []


def test_slips_of_the_pen_are_forgiven_when_they_leave_one_order() -> None:
    order, _other = transfer_order(), transfer_order()
    right = reference_of(order.number)
    slipped = right[:6] + ("7" if right[6] != "7" else "8") + right[7:-2] + right[-1] + right[-2]
    (entry,) = arrive(("24.90", slipped))
    assert states([entry]) == ["matched"]
    assert TransferMatch.objects.get().how == "its reference, with a slip of the pen"
    assert state_of(order) == "paid"


def test_a_file_twice_and_overlapping_files_take_each_entry_once() -> None:
    order = transfer_order()
    content = camt(("24.90", reference(order)), ("5.00", "hello"), ("5.00", "hello"), ("-9.99", "rent"))
    first, again = take_in(content), take_in(content)
    assert (first.new, first.known, first.matched, first.open) == (4, 0, 1, 2)
    assert (again.new, again.known, again.matched, again.open) == (0, 4, 0, 2)
    assert take_in(camt(("24.90", reference(order)), ("7.00", "later"))).new == 1
    assert (StatementEntry.objects.count(), TransferMatch.objects.count()) == (5, 1)


def test_too_little_waits_for_the_rest_and_says_how_much(order_page: Any) -> None:
    order = transfer_order()
    arrive(("20.00", reference(order)))
    assert state_of(order) == "pending payment"
    assert "4.90 EUR" in order_page(order).content.decode()
    arrive(("4.90", reference(order)), day="2026-11-21")
    assert state_of(order) == "paid"
    assert broken_invariants() == []


def test_too_much_pays_the_order_and_the_rest_waits_to_be_sent_back() -> None:
    order = transfer_order()
    arrive(("30.00", reference(order)))
    assert state_of(order) == "paid"
    out = TransferOut.objects.get()
    assert (out.amount, out.iban, out.name, out.order) == (Decimal("5.10"), PAYER, "Ada Lovelace", order)
    assert mark_sent(out.pk, actor="tests").state == mark_sent(out.pk, actor="tests").state == "sent"
    assert payment_of(order).refunded == 0
    assert broken_invariants() == []


def test_a_second_transfer_for_a_paid_order_waits_for_a_person() -> None:
    order = transfer_order()
    first, second = arrive(("24.90", reference(order)), ("24.90", reference(order)))
    assert states([first, second]) == ["matched", "open"]
    second.refresh_from_db()
    assert second.problem == f"Order {order.number} is paid already: this came on top."
    assert send_back(second.pk, actor="tests").amount == Decimal("24.90")
    assert send_back(second.pk, actor="tests").pk == TransferOut.objects.get().pk
    assert broken_invariants() == []


def test_a_wrong_order_is_proposed_not_paid() -> None:
    dear, cheap = transfer_order(make_product(price="80.00")), transfer_order()
    (entry,) = arrive(("24.90", reference(dear)))
    entry.refresh_from_db()
    assert (entry.state, entry.proposal) == ("open", cheap)
    assert entry.problem == f"It names order {dear.number}, but comes to what {cheap.number} waits for."
    match_entry(entry.pk, cheap.pk, how="hand", actor=None)
    assert (state_of(cheap), state_of(dear)) == ("paid", "pending payment")


def test_money_that_names_nothing_is_proposed_by_name_and_amount_or_left_open() -> None:
    order = transfer_order()
    named, unknown = arrive(("24.90", "for the lamp"), ("3.00", "rent"))
    named.refresh_from_db()
    unknown.refresh_from_db()
    assert (named.proposal, unknown.proposal) == (order, None)
    assert unknown.problem == "It names no order that we know."
    set_aside(unknown.pk)
    assert states([named, unknown]) == ["open", "set aside"]
    with pytest.raises(CannotMatch):
        match_entry(unknown.pk, order.pk, how="hand")


def test_a_match_can_be_taken_back_and_the_right_one_takes_its_place() -> None:
    one, two = transfer_order(), transfer_order()
    first, second = arrive(("24.90", reference(one)), ("24.90", "no words"), name="Grace")
    undo_match(first.pk, actor="tests")
    assert (payment_of(one).state, payment_of(one).captured, state_of(one)) == ("held", 0, "paid")
    with pytest.raises(CannotMatch, match="pays no order"):
        undo_match(first.pk, actor="tests")
    match_entry(first.pk, two.pk, how="hand")
    match_entry(second.pk, one.pk, how="hand")
    assert [(payment_of(one).state, state_of(one)), (payment_of(two).state, state_of(two))] == [("paid", "paid")] * 2
    assert TransferMatch.objects.filter(undone_at=None).count() == 2
    run_jobs()
    assert broken_invariants() == []


def test_money_that_has_gone_back_keeps_its_match() -> None:
    order = transfer_order()
    (entry,) = arrive(("30.00", reference(order)))
    mark_sent(TransferOut.objects.get().pk, actor="tests")
    with pytest.raises(CannotMatch, match="gone back already"):
        undo_match(entry.pk, actor="tests")


def test_an_order_not_paid_in_time_is_cancelled_and_its_late_transfer_goes_back() -> None:
    order = transfer_order()
    PlacedOrder.objects.update(pay_until=Now() - timedelta(minutes=1))
    assert sweep_unpaid_orders()["cancelled"] == 1
    arrive(("24.90", reference(order)))
    run_jobs()
    assert (state_of(order), payment_of(order).refunded) == ("cancelled", Decimal("24.90"))
    out = TransferOut.objects.get()
    assert (out.amount, out.iban, out.refund.state) == (Decimal("24.90"), PAYER, "pending")
    mark_sent(out.pk, actor="tests")
    run_jobs()
    out.refund.refresh_from_db()
    assert out.refund.state == "succeeded"
    assert [one for one in mail.outbox if one.subject.startswith("Money back")]
    assert broken_invariants() == []


def test_a_part_that_came_before_the_cancellation_goes_to_a_person() -> None:
    order = transfer_order()
    (entry,) = arrive(("20.00", reference(order)))
    cancel_order(order.pk, reason="A test.", actor_name="tests")
    run_jobs()
    entry.refresh_from_db()
    assert (entry.state, entry.proposal) == ("open", order)
    assert "cancelled before it was paid in full" in entry.problem
    surplus = send_back(entry.pk, actor="tests")
    TransferOut.objects.update(state="dropped")
    with pytest.raises(CannotSend):
        mark_sent(surplus.pk, actor="tests")
    assert broken_invariants() == []


@pytest.mark.django_db(transaction=True)
def test_an_entry_pays_one_order_whoever_matches_it_at_once() -> None:
    orders = [transfer_order(), transfer_order(), transfer_order()]
    (entry,) = arrive(("24.90", "no words"), name="Grace")
    raised = at_once([lambda pk=order.pk: match_entry(entry.pk, pk, how="hand") for order in orders])
    assert [type(problem) for problem in raised] == [CannotMatch] * 2
    assert sorted(state_of(order) for order in orders) == ["paid", "pending payment", "pending payment"]
    assert PaymentAttempt.objects.filter(state="paid").count() == 1


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=ALPHABET, min_size=LENGTH, max_size=LENGTH), st.integers(0, 12), st.data())
def test_check_digits_find_every_single_slip_and_the_slip_is_forgiven(tail: str, place: int, data: Any) -> None:
    number = PREFIX + tail
    right = reference_of(number)
    assert find_number(f"x {right} y") == number
    wrong = right[:place] + data.draw(st.sampled_from(ALPHABET.replace(right[place], ""))) + right[place + 1 :]
    if place > 3:
        assert find_number(wrong) != number
    assert find_similar(wrong, [number]) == [number]
