"""Units of a line, a part of the delivery, goodwill, again and again: sums are exact and the tax is that of the part."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from oscar.apps.order.models import Line, Order

from checkout.invoices.crediting import Named, credit_figures
from checkout.invoices.records import Paper
from checkout.models import Refund, RefundPart
from checkout.payments.errors import RefundTooLarge
from checkout.refunds.parts import NothingChosen, PartTooLarge, line_amount
from tests.checkout.invoices.test_credit_notes_add_up_to_their_invoice import TODAY, invoice_of
from tests.checkout.payments.test_refunds_never_exceed_what_was_captured import run_all_jobs
from tests.checkout.refunds.refunding import ask, bought, paid_by_hand
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs, state_of
from tests.shopfloor import make_order, make_product

pytestmark = pytest.mark.feature("PA08")


def lines_of(order: Order) -> list[Line]:
    return list(order.lines.order_by("pk"))


def credited(order: Order) -> list[list[tuple[str, str, str, str]]]:
    notes = Paper.objects.filter(order=order, kind="credit note").order_by("number")
    return [[(row["name"], row["rate"], row["gross"], row["tax"]) for row in note.figures["lines"]] for note in notes]


@pytest.mark.django_db
def test_units_delivery_and_goodwill_are_credited_at_their_own_rates(till: Till) -> None:
    order = bought(till)
    lamps, book = lines_of(order)
    run_jobs()
    ask(order, key="1", units={lamps.pk: 1})
    run_jobs()
    ask(order, key="2", units={book.pk: 1}, delivery=Decimal("4.90"))
    run_jobs()
    notes = credited(order)
    assert notes[0] == [("1 × Lamp", "19", "33.33", "5.32")]
    assert notes[1][0] == ("1 × Book", "7", "10.00", "0.65")
    assert {row[0] for row in notes[1][1:]} == {"Delivery"}
    assert sum(Decimal(row[2]) for row in notes[1][1:]) == Decimal("4.90")
    ask(order, key="3", goodwill=Decimal("6.66"))
    ask(order, key="4", everything=True)
    run_jobs()
    assert (state_of(order), payment_of(order).refunded) == ("refunded", order.total_incl_tax)
    invoice = Paper.objects.get(order=order, kind="invoice").figures
    for row in invoice["taxes"]:
        for key in ("net", "tax", "gross"):
            back = sum(
                Decimal(one[key])
                for note in Paper.objects.filter(kind="credit note")
                for one in note.figures["taxes"]
                if one["rate"] == row["rate"]
            )
            assert back == Decimal(row[key])
    assert broken_invariants() == []


@pytest.mark.django_db
def test_a_line_a_delivery_and_a_payment_give_back_no_more_than_they_took(till: Till) -> None:
    order = bought(till)
    lamps, _ = lines_of(order)
    ask(order, key="1", units={lamps.pk: 2}, delivery=Decimal("3.00"))
    with pytest.raises(PartTooLarge, match="1 of Lamp can still be refunded, not 2"):
        ask(order, key="2", units={lamps.pk: 2})
    with pytest.raises(PartTooLarge, match=r"1\.90 EUR of the delivery"):
        ask(order, key="2", delivery=Decimal("1.91"))
    with pytest.raises(PartTooLarge, match="no line"):
        ask(order, key="2", units={lamps.pk + 1000: 1})
    with pytest.raises(RefundTooLarge):
        ask(order, key="2", goodwill=Decimal("45.24"))
    with pytest.raises(NothingChosen):
        ask(order, key="2")
    ask(order, key="3", everything=True)
    with pytest.raises(NothingChosen, match="Nothing of this payment is left"):
        ask(order, key="4", everything=True)
    assert Refund.objects.count() == 2


@pytest.mark.django_db
def test_a_refund_that_failed_gives_its_units_back_and_is_not_credited_twice(till: Till) -> None:
    order = bought(till, card="4000000000005126")
    run_jobs()
    lamps, _ = lines_of(order)
    refund = ask(order, key="1", units={lamps.pk: 3}).refund
    assert refund is not None
    run_jobs()
    assert len(credited(order)) == 1, "it succeeded first, so it was credited"
    till.control.turn_clock(advance=60)
    till.deliver(till.events("refund.updated", "refund.failed"))
    run_all_jobs()
    refund.refresh_from_db()
    assert refund.state == "failed"
    again = ask(order, key="2", units={lamps.pk: 3}).refund
    assert again is not None
    Refund.objects.filter(pk=again.pk).update(state="succeeded", provider_id="re_again")
    from checkout.invoices.issue import issue_credit_note

    assert issue_credit_note(again.pk) is None, "the credit note stands; this money fulfils it"
    assert len(credited(order)) == 1


@pytest.mark.django_db
def test_parts_are_never_changed() -> None:
    order = make_order(make_product(price="20.00"))
    paid_by_hand(order)
    ask(order, units={lines_of(order)[0].pk: 1})
    for change in (
        lambda: RefundPart.objects.update(amount=1),
        lambda: RefundPart.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 99_999), st.lists(st.integers(1, 9), min_size=1, max_size=6), st.sampled_from(["EUR", "JPY"]))
def test_all_units_of_a_line_come_to_the_line_in_whatever_steps(units: int, steps: list[int], currency: str) -> None:
    line = Line(quantity=sum(steps), line_price_incl_tax=Decimal(units) / (100 if currency == "EUR" else 1))
    taken, back = 0, Decimal(0)
    for step in steps:
        amount = line_amount(line, taken=taken, units=step, currency=currency)
        assert amount >= 0
        taken, back = taken + step, back + amount
    assert back == line.line_price_incl_tax


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_named_and_unnamed_refunds_in_any_order_give_back_exactly_the_invoices_tax(data: st.DataObject) -> None:
    rates = data.draw(st.lists(st.sampled_from(["19", "7", "5.5"]), min_size=1, max_size=3, unique=True))
    rows = [(rate, data.draw(st.integers(1, 9_000)), data.draw(st.integers(0, 1_700))) for rate in rates]
    invoice: dict[str, Any] = {**invoice_of(rows), "currency": "EUR"}
    left, notes = Decimal(invoice["total"]), []
    while left:
        amount = min(left, Decimal(data.draw(st.integers(1, 8_000))) / 100)
        named = []
        if data.draw(st.booleans()):
            sums = {f"S {rate}": Decimal(data.draw(st.integers(0, 5_000))) / 100 for rate in rates}
            named = [Named("1 × Lamp", min(amount, Decimal(data.draw(st.integers(1, 9_000))) / 100), sums)]
        note = credit_figures(invoice, label="R-1", amount=amount, before=notes, reason="", on=TODAY, named=named)
        assert sum(Decimal(row["gross"]) for row in note["lines"]) == amount
        for row in note["taxes"]:
            mine = [one for one in note["lines"] if one["rate"] == row["rate"]]
            assert [sum(Decimal(one[key]) for one in mine) for key in ("net", "tax", "gross")] == [
                Decimal(row[key]) for key in ("net", "tax", "gross")
            ]
            assert Decimal(row["net"]) >= 0
        notes.append(note)
        left -= amount
    for row in invoice["taxes"]:
        for key in ("net", "tax", "gross"):
            back = sum(Decimal(one[key]) for note in notes for one in note["taxes"] if one["rate"] == row["rate"])
            assert back == Decimal(row[key])
