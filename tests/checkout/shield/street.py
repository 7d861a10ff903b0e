"""The street before the shop: shoppers and attackers who try to pay, a provider that counts, and hours that pass at once."""

import itertools
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone
from oscar.apps.order.models import Order

from checkout.orders.states import PENDING
from checkout.shield import door
from checkout.shield.door import PaymentHeld, open_payment
from checkout.shield.noting import note_declined, note_paid
from checkout.shield.visitor import Visitor, hash_of

_serial = itertools.count(1)


def pending_orders(count: int) -> list[Order]:
    """Orders that wait for their payment; only what the shield looks at."""
    numbers = [next(_serial) for _ in range(count)]
    return Order.objects.bulk_create(
        Order(
            number=f"S-{number}",
            site_id=1,
            guest_email=f"shopper-{number}@example.com",
            currency="EUR",
            total_incl_tax=Decimal("10.00"),
            total_excl_tax=Decimal("8.40"),
            status=PENDING,
            date_placed=timezone.now(),
        )
        for number in numbers
    )


# Found before the functions of the same names in pg_catalog, to the end of the transaction.
_CLOCK = """
CREATE SCHEMA street;
CREATE FUNCTION street.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT pg_catalog.statement_timestamp()
         + make_interval(secs => coalesce(nullif(current_setting('street.passed', true), ''), '0')::float8) $$;
CREATE FUNCTION street.now() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT street.statement_timestamp() $$;
ALTER TABLE checkout_paymenttry ALTER COLUMN at SET DEFAULT street.statement_timestamp();
ALTER TABLE checkout_heldpayment ALTER COLUMN first_at SET DEFAULT street.statement_timestamp(),
    ALTER COLUMN last_at SET DEFAULT street.statement_timestamp();
SET LOCAL search_path = street, public, pg_catalog;
"""


class Street:
    """On its own clock, which `wait` puts forward. `reached` counts what came through to the provider: pages asked for. Every card is tried there at once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached = 0
        self._passed = 0.0
        with connection.cursor() as cursor:
            cursor.execute(_CLOCK)
        monkeypatch.setattr(door, "pay_order", self._answer)

    def _answer(self, order_id: int) -> str:
        self.reached += 1
        return "https://pay.example/session"

    def orders(self, count: int) -> list[Order]:
        return pending_orders(count)

    def press(self, order: Order, visitor: Visitor, *, proof: str = "") -> bool:
        """Whether the provider's page comes; what becomes of it is not known yet. False: held."""
        try:
            open_payment(order, visitor=visitor, proof=proof)
        except PaymentHeld:
            return False
        return True

    def tell(self, order: Order, *, is_good: bool) -> None:
        """The provider tells what became of a card."""
        if is_good:
            note_paid(order)
        else:
            note_declined(order, charge=f"ch_{next(_serial)}", attempt_id=0)

    def try_card(self, order: Order, visitor: Visitor, *, is_good: bool = False, proof: str = "") -> bool:
        """Press the button and, when the provider's page comes, try a card, of which is told at once. False: held."""
        if not self.press(order, visitor, proof=proof):
            return False
        self.tell(order, is_good=is_good)
        return True

    def wait(self, seconds: float) -> None:
        """Time passes."""
        self._passed += seconds
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('street.passed', %s, true)", [str(self._passed)])


def from_place(number: int) -> Visitor:
    return Visitor(net=hash_of("net", f"198.51.{number // 250}.{number % 250}"))


NOWHERE = Visitor()
"""Somebody whose address is the proxy's."""


def signed_in(customer_id: int) -> SimpleNamespace:
    return SimpleNamespace(pk=customer_id, is_authenticated=True)
