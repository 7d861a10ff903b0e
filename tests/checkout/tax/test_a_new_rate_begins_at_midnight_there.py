"""A rate that changes at midnight: orders before have the old one for ever, also in a refund; whoever still looks is asked."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from oscar.apps.order.models import Order

from checkout import placement
from checkout.invoices.issue import issue_invoice
from checkout.invoices.records import Paper
from checkout.models import TaxRate
from checkout.payments.refund import refund_payment
from checkout.placement import QuoteChanged, place_order
from checkout.quote import build
from tests.checkout.till import Till, broken_invariants, payment_of, run_jobs
from tests.shopfloor import make_draft, make_product, quote_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PR07")]

# 30 June 2026: 21:59:59 UTC is one second before midnight in Berlin; in Lisbon there is an hour to go.
BEFORE, AFTER = datetime(2026, 6, 30, 21, 59, 59, tzinfo=UTC), datetime(2026, 6, 30, 22, 0, 0, tzinfo=UTC)


@pytest.fixture
def turn_clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What tax and quote take for now; the database keeps its own time for everything else."""

    def turn(instant: datetime) -> None:
        monkeypatch.setattr(build, "database_now", lambda: instant)
        monkeypatch.setattr(placement, "quote_draft", lambda draft, now: build.quote_draft(draft, now=instant))

    return turn


@pytest.fixture
def rates() -> None:
    for country in ("DE", "PT"):
        for rate, begins, ends in (("0.19", date(2021, 1, 1), date(2026, 7, 1)), ("0.16", date(2026, 7, 1), None)):
            TaxRate.objects.create(
                country=country,
                tax_class="standard",
                rate=Decimal(rate),
                name=f"VAT {rate}",
                valid_from=begins,
                valid_to=ends,
            )


def tax_of(order: Order) -> Decimal:
    return order.total_incl_tax - order.total_excl_tax


def draft_for(country: str = "DE") -> Any:
    draft = make_draft(make_product(price="119.00"))
    draft.address["country"] = country
    return draft


@pytest.mark.usefixtures("rates")
def test_the_second_counts_and_a_refund_keeps_the_orders_rate(turn_clock: Any, till: Till) -> None:
    turn_clock(BEFORE)
    draft = draft_for()
    order = place_order(draft.pk, shown_digest=quote_of(draft).digest).order
    old = order.placed.quote
    turn_clock(AFTER)
    later = draft_for()
    new = place_order(later.pk, shown_digest=quote_of(later).digest).order
    # 123.90 with delivery: × 19/119 = 19.7824, lines apart 19.00 + 0.78; × 16/116 = 17.0897, apart 16.41 + 0.68.
    assert (tax_of(order), tax_of(new)) == (Decimal("19.78"), Decimal("17.09"))

    till.pay(order)
    till.deliver()
    run_jobs()
    issue_invoice(order.pk)
    invoice = Paper.objects.get(order=order, kind="invoice").figures
    assert (invoice["total"], invoice["total_tax"]) == (old["total"], old["total_tax"]) == ("123.90", "19.78")
    attempt = payment_of(order)
    refund_payment(attempt_id=attempt.pk, amount=attempt.captured, key="all", reason="sent back", actor_name="tests")
    run_jobs()
    till.deliver()
    run_jobs()
    credit = Paper.objects.get(order=order, kind="credit note").figures
    assert [(row["rate"], row["tax"]) for row in credit["taxes"]] == [("19", "19.78")]
    order.placed.refresh_from_db()
    assert order.placed.quote == old
    assert broken_invariants() == []


@pytest.mark.usefixtures("rates")
def test_who_looked_before_midnight_confirms_the_new_figures(turn_clock: Any) -> None:
    turn_clock(BEFORE)
    draft = draft_for()
    shown = quote_of(draft).digest
    turn_clock(AFTER)
    with pytest.raises(QuoteChanged):
        place_order(draft.pk, shown_digest=shown)


@pytest.mark.usefixtures("rates")
def test_midnight_is_that_of_the_place_it_goes_to(turn_clock: Any) -> None:
    turn_clock(AFTER)
    assert quote_of(draft_for("DE")).taxes[0].rate == Decimal("0.16")
    assert quote_of(draft_for("PT")).taxes[0].rate == Decimal("0.19")
