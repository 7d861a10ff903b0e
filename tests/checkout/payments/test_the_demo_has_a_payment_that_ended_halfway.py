"""The demo has an order of which staff can ask for the rest: one parcel was charged, then the bank let go."""

import pytest

from checkout.payments.rest import can_ask
from shop.demo import books
from shop.demo.catalogue.orders import demo_orders
from shop.demo.people import STAFF
from tests.backoffice.desk import make_staff
from tests.checkout.till import Till, broken_invariants
from tests.shopfloor import make_draft, make_product, quote_of

pytestmark = pytest.mark.django_db


def test_it_is_held_and_staff_can_ask(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    bought = (make_product("Lamp", price="30.00"), 2)
    monkeypatch.setattr(books, "fill_checkout", lambda demo, **found: (draft := make_draft(bought), quote_of(draft)))
    monkeypatch.setattr(books, "move_stock", lambda *args, **found: None)
    make_staff(email=STAFF[0][0])
    order = books.let_a_payment_end_halfway(demo_orders())
    assert order is not None
    order.refresh_from_db()
    assert (order.status, can_ask(order)) == ("partly shipped", True)
    assert broken_invariants() == []
    assert books.let_a_payment_end_halfway([]) is None
