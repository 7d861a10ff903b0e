"""Unique keys that guard orders, money, stock and the one doing of each job: with the key gone, a race ends wrong.

Here the rival does all of its work just before the first one writes: no lock makes it wait, only the key tells them apart.
"""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from django.db import IntegrityError, connection, transaction
from oscar.apps.order.models import Order

from checkout import written_order
from checkout.payments.records import ProviderEvent, Refund
from checkout.payments.refund import refund_payment
from checkout.payments.truth import ReceivedEvent
from checkout.payments.webhooks import store_event
from checkout.placement import place_order
from checkout.quote.records import CheckoutDraft
from checkout.steps.saving import ensure_draft
from inventory.ledger import Entry, receive_stock
from inventory.models import StockMovement
from inventory.reservation import reserve
from shop.outbox.models import OutboxEvent
from shop.outbox.publish import publish
from tests.checkout.made_up_payments import paid_order
from tests.locks.race import Proof, Race, replaced
from tests.shopfloor import attempt_of, make_basket, make_draft, make_product, quote_of, record_of

REFUSED = "refused by the key"
_serial = itertools.count(1)
KEYS: list[Proof] = []


@contextmanager
def dropped(key: str) -> Iterator[None]:
    """Put back afterwards, unless there are twins by then: the database of these tests is replaced in the end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [key]
        )
        table, rule = cursor.fetchone()
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {key}")
        yield
        with suppress(IntegrityError):
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {key} {rule}")


def guards(key: str, *, protects: str) -> Callable[[Callable[[], Race]], Callable[[], Race]]:
    def add(arrange: Callable[[], Race]) -> Callable[[], Race]:
        KEYS.append(Proof(key, protects, arrange, partial(dropped, key)))
        return arrange

    return add


def twice(act: Callable[[], Any], *, table: str, is_broken: Callable[[Any, Any], bool]) -> Race:
    """Whoever comes second is answered the first result, or is refused by the database; both are right."""

    def try_it() -> Any:
        try:
            return act()
        except IntegrityError:
            return REFUSED

    return Race(first=try_it, rival=try_it, is_broken=is_broken, before=f'INSERT INTO "?{table}"?', waits=False)


@guards("order_order_number_key", protects="no two orders have one number")
def two_orders_that_draw_one_number() -> Race:
    thing, same = make_product(stock=9), f"LL-LOCK{next(_serial)}"
    numbers = itertools.chain([same, same], (f"LL-NEXT{number}" for number in _serial))

    def place(draft: CheckoutDraft, digest: str) -> Any:
        return place_order(draft.pk, shown_digest=digest).order.number

    one, other = (partial(place, draft, quote_of(draft).digest) for draft in (make_draft(thing), make_draft(thing)))

    def first() -> Any:
        with replaced(written_order, "new_order_number", lambda: next(numbers)):
            return one()

    return Race(
        first=first,
        rival=other,
        is_broken=lambda *_: Order.objects.filter(number=same).count() != 1,
        before='INSERT INTO "?order_order"?',
        waits=False,
    )


@guards("outbox_outboxevent_key_key", protects="what shall happen once is written down once")
def two_writers_of_one_event() -> Race:
    key = f"lock:{next(_serial)}"

    def write() -> bool:
        with transaction.atomic():
            return publish("order.placed", {"order_id": 0}, key=key)

    return twice(
        write, table="outbox_outboxevent", is_broken=lambda *_: OutboxEvent.objects.filter(key=key).count() != 1
    )


@guards("inventory_stockmovement_idempotency_key_key", protects="a delivery is booked once, on one stock record")
def one_delivery_booked_on_two_records() -> Race:
    key = f"lock:{next(_serial)}"
    records = itertools.cycle([record_of(make_product()).pk, record_of(make_product()).pk])

    def receive() -> Any:
        entry = Entry(stock_record_id=next(records), location_code="main", actor_name="Ann", idempotency_key=key)
        return receive_stock(entry, quantity=3).pk

    return twice(
        receive,
        table="inventory_stockmovement",
        is_broken=lambda *_: StockMovement.objects.filter(idempotency_key=key).count() != 1,
    )


@guards("checkout_providerevent_event_id_key", protects="an event of the provider is stored, and handled, once")
def one_event_delivered_twice() -> Race:
    event = ReceivedEvent(id=f"evt_lock{next(_serial)}", kind="charge.succeeded", payload={"id": "ch_lock"})
    return twice(
        lambda: store_event(event),
        table="checkout_providerevent",
        is_broken=lambda *answers: ProviderEvent.objects.filter(event_id=event.id).count() != 1 or sum(answers) != 1,
    )


@guards("checkout_checkoutdraft_basket_id_key", protects="a basket has one checkout")
def two_first_visits_of_one_checkout() -> Race:
    basket = make_basket(make_product())
    return twice(
        lambda: ensure_draft(basket).pk,
        table="checkout_checkoutdraft",
        is_broken=lambda first, second: first != second,
    )


@guards("checkout_refund_key_key", protects="one reason to give money back gives it back once")
def one_refund_of_two_payments() -> Race:
    key = f"lock:{next(_serial)}"
    attempts = itertools.cycle([attempt_of(paid_order()).pk, attempt_of(paid_order()).pk])

    def refund() -> Any:
        return refund_payment(attempt_id=next(attempts), amount=attempt.amount, key=key, reason="Lock.").pk

    attempt = attempt_of(paid_order())
    return twice(refund, table="checkout_refund", is_broken=lambda *_: Refund.objects.filter(key=key).count() != 1)


@guards("inventory_reservation_once", protects="a claim has one reservation of a thing")
def one_claim_that_reserves() -> Race:
    record, claim = record_of(make_product(stock=9)), f"lock:{next(_serial)}"

    def hold() -> int:
        return len(reserve(claim=claim, quantities={record.pk: 1}, minutes=15))

    return Race(first=hold, rival=hold, is_broken=lambda *answers: answers != (1, 1), before="INSERT")
