"""One table of moves: all pairs, through the function, and past it at the database."""

import pytest
from django.db import DatabaseError, connection, transaction
from oscar.apps.order.models import Order

from checkout.models import OrderEvent
from checkout.orders.states import MOVES, STATES, IllegalMove, lock_order, move_order
from tests.shopfloor import make_order

pytestmark = [pytest.mark.django_db, pytest.mark.feature("OR01")]

PAIRS = [(before, after) for before in STATES for after in STATES]


def put(order: Order, state: str) -> None:
    """Any state at once, which only the owner of the database can do."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE order_order DISABLE TRIGGER order_state_guard")
        cursor.execute("UPDATE order_order SET status = %s WHERE id = %s", [state, order.pk])
        cursor.execute("ALTER TABLE order_order ENABLE TRIGGER order_state_guard")


def test_every_pair_is_either_in_the_table_or_refused_by_function_and_database(transactional_db: None) -> None:
    order = make_order()
    for before, after in PAIRS:
        put(order, before)
        allowed = before == after or after in MOVES[before]
        with transaction.atomic():
            locked = lock_order(order.pk)
            events = OrderEvent.objects.filter(order=order).count()
            if allowed:
                assert move_order(locked, after, reason="A test.", actor_name="tests") is (before != after)
            else:
                with pytest.raises(IllegalMove, match=f"is {before}; it can become .* not {after}"):
                    move_order(locked, after, reason="A test.", actor_name="tests")
        written = OrderEvent.objects.filter(order=order).count() - events
        assert written == (1 if allowed and before != after else 0)

        put(order, before)
        try:
            with transaction.atomic():
                Order.objects.filter(pk=order.pk).update(status=after)
            assert allowed, f"the database let {before} become {after}"
        except DatabaseError as refusal:
            assert not allowed
            assert f"cannot move from {before} to {after}" in str(refusal)  # noqa: PT017
        order.refresh_from_db()
        assert order.status == (after if allowed else before)


def test_every_move_names_its_actor_and_reason() -> None:
    order = make_order()
    with transaction.atomic():
        move_order(lock_order(order.pk), "cancelled", reason="Because.", actor_name="tests")
    event = OrderEvent.objects.get(order=order, to_state="cancelled")
    assert (event.from_state, event.actor_name, event.reason) == ("pending payment", "tests", "Because.")
    assert order.placed.closed_at is None
    order.placed.refresh_from_db()
    assert order.placed.closed_at is not None


def test_the_timeline_is_append_only() -> None:
    order = make_order()
    for act in (
        lambda: OrderEvent.objects.filter(order=order).update(message="Other."),
        lambda: OrderEvent.objects.filter(order=order).delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()
