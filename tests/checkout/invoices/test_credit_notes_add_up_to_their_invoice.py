"""Each refund that goes through gets a credit note; over the whole sum they give back each rate's tax to the cent."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oscar.apps.order.models import Order

from checkout.invoices.crediting import credit_figures
from checkout.invoices.issue import issue_credit_note
from checkout.invoices.records import Paper
from checkout.payments.records import Refund
from checkout.payments.refund import refund_payment
from shop.money import split_money
from tests.checkout.till import broken_invariants, payment_of, run_jobs
from tests.shopfloor import make_product

TODAY = date(2026, 11, 2)


def invoice_of(rows: list[tuple[str, int, int]]) -> dict[str, Any]:
    """Figures of an invoice with (rate, net cents, tax cents) rows."""
    taxes = [
        {
            "name": f"VAT {rate} %",
            "rate": rate,
            "category": "S",
            "net": str(Decimal(net) / 100),
            "tax": str((Decimal(tax) / 100).quantize(Decimal("0.01"))),
            "gross": str(Decimal(net + tax) / 100),
        }
        for rate, net, tax in rows
    ]
    whole = dict.fromkeys(("order", "ordered_on", "currency", "is_export", "seller", "buyer", "delivery"), "")
    total = sum((Decimal(row["gross"]) for row in taxes), Decimal(0)).quantize(Decimal("0.01"))
    return {**whole, "prices_include_tax": True, "issued_on": "2026-11-01", "taxes": taxes, "total": str(total)}


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_split_of_the_whole_gives_back_exactly_the_invoices_tax(data: st.DataObject) -> None:
    rates = data.draw(st.lists(st.sampled_from(["19", "7", "5.5", "20"]), min_size=1, max_size=3, unique=True))
    rows = [(rate, data.draw(st.integers(1, 50_000)), data.draw(st.integers(0, 9_000))) for rate in rates]
    invoice = invoice_of(rows)
    weights = data.draw(st.lists(st.integers(1, 100), min_size=1, max_size=5))
    parts = [one for one in split_money(Decimal(invoice["total"]), [Decimal(w) for w in weights], "EUR") if one]
    notes: list[dict[str, Any]] = []
    for part in parts:
        note = credit_figures(invoice, label="R-1", amount=part, before=notes, reason="", on=TODAY)
        assert sum(Decimal(row["gross"]) for row in note["taxes"]) == part == Decimal(note["total"])
        assert Decimal(note["total_net"]) + Decimal(note["total_tax"]) == part
        notes.append(note)
    for row in invoice["taxes"]:
        for key in ("net", "tax", "gross"):
            given_back = sum(Decimal(one[key]) for note in notes for one in note["taxes"] if one["rate"] == row["rate"])
            assert given_back == Decimal(row[key]), (row["rate"], key)


@pytest.mark.django_db
def test_two_partial_refunds_write_two_credit_notes(bought: Callable[..., tuple[Order, Paper]]) -> None:
    order, invoice = bought(
        (make_product("Lamp", price="19.99"), 2), make_product("Book", price="12.00", tax_class="books")
    )
    attempt = payment_of(order)
    for number, amount in enumerate((Decimal("10.00"), attempt.captured - 10), start=1):
        refund_payment(attempt_id=attempt.pk, amount=amount, key=f"test:{number}", reason="It came broken.")
        run_jobs()
    notes = list(Paper.objects.filter(kind="credit note").order_by("number"))
    assert [(note.number, note.corrects, note.refund.amount) for note in notes] == [
        (1, invoice, Decimal("10.00")),
        (2, invoice, attempt.captured - 10),
    ]
    assert notes[0].figures["corrects"]["label"] == invoice.label
    for row in invoice.figures["taxes"]:
        back = sum(Decimal(one["tax"]) for note in notes for one in note.figures["taxes"] if one["rate"] == row["rate"])
        assert back == Decimal(row["tax"])
    assert broken_invariants() == []


@pytest.mark.django_db
def test_a_refund_is_credited_once_and_only_when_it_went_through(bought: Callable[..., tuple[Order, Paper]]) -> None:
    order, _ = bought()
    refund = refund_payment(attempt_id=payment_of(order).pk, amount=Decimal("1.00"), key="test", reason="Goodwill.")
    assert issue_credit_note(refund.pk) is None
    run_jobs()
    assert Refund.objects.get(pk=refund.pk).state == "succeeded"
    assert issue_credit_note(refund.pk) == issue_credit_note(refund.pk) == Paper.objects.get(refund=refund)
