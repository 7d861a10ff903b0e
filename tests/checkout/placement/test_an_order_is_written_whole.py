"""One transaction writes the order with all that hangs on it, and its figures are the quote's."""

from decimal import Decimal

import pytest
from django.utils import timezone
from oscar.apps.basket.models import Basket
from oscar.apps.order.models import Line, LinePrice, Order

from checkout.models import OrderEvent, PlacedOrder
from checkout.orders.access import find_order
from checkout.placement import CheckoutIncomplete, place_order
from checkout.quote.trace import read_trace, replay
from checkout.terms import TERMS, Consent, give_consent
from inventory.availability import saleable
from inventory.models import Reservation
from inventory.shortage import InsufficientStock
from shop.outbox.models import OutboxEvent
from shop.written_once import ask
from tests.shopfloor import attempt_of, make_draft, make_product, quote_of, record_of

pytestmark = pytest.mark.django_db


def test_the_order_holds_what_the_quote_said() -> None:
    cushion, book = make_product("Cushion", price="24.90"), make_product("Book", price="9.99", tax_class="books")
    draft = make_draft((cushion, 2), book)
    quote = quote_of(draft)
    result = place_order(draft.pk, shown_digest=quote.digest)

    order = Order.objects.get(pk=result.order.pk)
    assert order.status == "pending payment"
    assert order.number.startswith("LL-")
    assert order.total_incl_tax == quote.total == Decimal("64.69")
    assert order.total_excl_tax == quote.total_net
    assert order.shipping_incl_tax == Decimal("4.90")
    lines = list(Line.objects.filter(order=order).order_by("pk"))
    assert [(line.title, line.quantity, line.line_price_incl_tax) for line in lines] == [
        ("Cushion", 2, Decimal("49.80")),
        ("Book", 1, Decimal("9.99")),
    ]
    assert sum(line.line_price_incl_tax for line in lines) + order.shipping_incl_tax == order.total_incl_tax
    prices = LinePrice.objects.filter(order=order)
    assert sum(row.price_incl_tax * row.quantity for row in prices) == Decimal("59.79")
    assert order.shipping_address.line4 == "Berlin"
    assert str(order.shipping_address.phone_number) == "+4930123456"
    assert order.billing_address.postcode == "10115"
    assert find_order(result.token) == order

    placed = PlacedOrder.objects.get(order=order)
    assert placed.quote_digest == quote.digest
    assert set(placed.consents) == {"terms"}
    assert replay(read_trace(placed.quote["trace"]), currency="EUR").total == order.total_incl_tax

    attempt = attempt_of(order)
    assert (attempt.amount, attempt.currency, attempt.state) == (quote.total, "EUR", "created")
    assert OrderEvent.objects.filter(order=order, kind="state", to_state="pending payment").count() == 1
    assert OutboxEvent.objects.filter(name="order.placed", payload={"order_id": order.pk}).count() == 1
    assert Basket.objects.get(pk=draft.basket_id).status == Basket.SUBMITTED
    assert Reservation.objects.filter(claim=f"order:{order.pk}").count() == 2
    assert saleable(record_of(cushion).pk) == 8


@pytest.mark.feature("CC08")
@pytest.mark.parametrize("words", ["", "An older wording of the terms."])
def test_whoever_asks_without_consent_to_todays_words_gets_no_order(words: str) -> None:
    draft = make_draft()
    old = Consent(code=TERMS.code, text=words, refusal="")
    draft.consents = give_consent({}, old, at=timezone.now()) if words else {}
    draft.save()
    with pytest.raises(CheckoutIncomplete, match="agree to the terms of sale"):
        place_order(draft.pk, shown_digest=quote_of(draft).digest)
    assert not Order.objects.exists()
    placed = place_order(draft.pk, shown_digest=quote_of(draft).digest, ticked={TERMS: True}).order.placed
    assert placed.consents["terms"] == {
        "text": TERMS.text, "text_hash": TERMS.text_hash, "at": placed.order.date_placed.isoformat()
    }  # fmt: skip


@pytest.mark.feature("CC04")
def test_placing_again_returns_the_same_order() -> None:
    draft = make_draft()
    first = place_order(draft.pk, shown_digest=quote_of(draft).digest)
    again = place_order(draft.pk, shown_digest="whatever")
    assert first.is_new
    assert not again.is_new
    assert (again.order, again.attempt_id, again.token) == (first.order, first.attempt_id, first.token)
    assert Order.objects.count() == 1


def test_who_is_told_that_it_is_sold_out_costs_the_next_shopper_nothing() -> None:
    """A rollback would: the server then plans every question of this connection anew."""
    draft = make_draft((make_product(stock=1), 2))
    digest = quote_of(draft).digest
    planned = []
    for _ in range(3):
        with pytest.raises(InsufficientStock):
            place_order(draft.pk, shown_digest=digest)
        planned += ask("SELECT count(*) FROM pg_prepared_statements", ())[0]
    assert planned[0] > 5
    assert planned == sorted(planned)


def test_five_and_fifty_lines_cost_the_same_number_of_queries(django_assert_num_queries: object) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for size in (1, 5, 50):
        draft = make_draft(*[make_product() for _ in range(size)])
        digest = quote_of(draft).digest
        with CaptureQueriesContext(
            connection,
        ) as queries:
            place_order(draft.pk, shown_digest=digest)
        counts.append(len(queries))
    assert counts[1] == counts[2], counts
    assert counts[2] < 60, counts
