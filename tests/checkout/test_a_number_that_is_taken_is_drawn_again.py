"""Order numbers are drawn at random: when the one drawn is another order's, the order is written again with the next."""

from collections.abc import Iterator

import pytest
from oscar.apps.order.models import Order

from checkout import written_order
from checkout.placement import ATTEMPTS, place_order
from checkout.written_order import NumberTaken
from tests.shopfloor import make_draft, make_order, make_product, quote_of

pytestmark = pytest.mark.django_db


def draws(monkeypatch: pytest.MonkeyPatch, *numbers: str) -> Iterator[str]:
    drawn = iter(numbers)
    monkeypatch.setattr(written_order, "new_order_number", lambda: next(drawn))
    return drawn


def test_the_shopper_gets_the_next_number_and_one_order(monkeypatch: pytest.MonkeyPatch) -> None:
    thing = make_product(stock=10)
    taken = make_order(thing).number
    draft = make_draft(thing)
    draws(monkeypatch, taken, taken, "LL-0000001")
    placed = place_order(draft.pk, shown_digest=quote_of(draft).digest)
    assert (placed.order.number, placed.is_new) == ("LL-0000001", True)
    assert Order.objects.count() == 2


def test_it_gives_up_after_some_draws_and_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    thing = make_product(stock=10)
    taken = make_order(thing).number
    draft = make_draft(thing)
    draws(monkeypatch, *[taken] * ATTEMPTS)
    with pytest.raises(NumberTaken):
        place_order(draft.pk, shown_digest=quote_of(draft).digest)
    draft.refresh_from_db()
    assert draft.order_id is None
    assert Order.objects.count() == 1
