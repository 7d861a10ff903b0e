"""Shoppers as they are: cards that fail once or thrice, offices and mobile networks behind one address. Nobody is held."""

import heapq
import random

import pytest
from oscar.apps.order.models import Order

from checkout.payments.records import PaymentAttempt
from checkout.shield.limits import ORDER_DECLINED
from checkout.shield.visitor import Visitor
from tests.checkout.shield.street import Street, from_place

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CC09")]

SECONDS_BETWEEN = 2
"""1,800 shoppers an hour: as dense as the attack."""
MOST_HELD = 0.001
# How often, refused cards, whether a good one follows. Nobody there may be asked for anything.
KINDS = ((85, 0, True), (8, 1, True), (3, 3, True), (1, 3, False), (3, 0, False))


def somebody(chance: random.Random, number: int) -> Visitor:
    """Seven in ten have an address of their own, two sit in one of forty offices, one is on one of five mobile networks."""
    where = chance.random()
    if where < 0.7:
        return from_place(1000 + number)
    return from_place(chance.randrange(40)) if where < 0.9 else from_place(100 + chance.randrange(5))


@pytest.mark.parametrize("shoppers", [60, pytest.param(10_000, marks=[pytest.mark.long, pytest.mark.timeout(7200)])])
def test_of_many_shoppers_at_most_one_in_a_thousand_is_slowed_down(
    monkeypatch: pytest.MonkeyPatch, shoppers: int
) -> None:
    street, chance = Street(monkeypatch), random.Random(9)
    weights = [weight for weight, _, _ in KINDS]
    held = 0
    for number, order in enumerate(street.orders(shoppers)):
        visitor = somebody(chance, number)
        _, refused, is_paid = chance.choices(KINDS, weights)[0]
        tries = [False] * refused + [True] * is_paid or [False]
        held += not all(street.try_card(order, visitor, is_good=is_good) for is_good in tries)
        if number % 5 == 4:
            street.wait(5 * SECONDS_BETWEEN)
    assert held <= shoppers * MOST_HELD


@pytest.mark.parametrize("shoppers", [60, pytest.param(10_000, marks=[pytest.mark.long, pytest.mark.timeout(7200)])])
def test_who_takes_minutes_to_find_the_card_is_not_taken_for_a_burst(
    monkeypatch: pytest.MonkeyPatch, shoppers: int
) -> None:
    """Twenty seconds to three minutes on the provider's page; one in ten leaves it. It begins with one every ten seconds
    and comes to 1,800 an hour, as a busy day does."""
    street, chance = Street(monkeypatch), random.Random(9)
    clock, passed, told = 0.0, 0.0, list[tuple[float, int, Order]]()
    held = 0
    for number, order in enumerate(street.orders(shoppers)):
        clock += max(SECONDS_BETWEEN, 10 - number / 50)
        if number % 5 == 4:
            street.wait(clock - passed)
            passed = clock
        while told and told[0][0] <= clock:
            street.tell(heapq.heappop(told)[2], is_good=True)
        if not street.press(order, from_place(1000 + number)):
            held += 1
        elif chance.random() < 0.9:
            heapq.heappush(told, (clock + chance.uniform(20, 180), number, order))
    assert held <= shoppers * MOST_HELD


@pytest.mark.parametrize("refused", [3, 7])
def test_a_person_with_refused_cards_pays_in_the_end(monkeypatch: pytest.MonkeyPatch, refused: int) -> None:
    street = Street(monkeypatch)
    (order,) = street.orders(1)
    assert all(street.try_card(order, from_place(1)) for _ in range(refused))
    assert street.try_card(order, from_place(1), is_good=True)


def test_who_pays_by_transfer_is_asked_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    street = Street(monkeypatch)
    (order,) = street.orders(1)
    assert [street.try_card(order, from_place(1)) for _ in range(ORDER_DECLINED + 1)][-1] is False
    PaymentAttempt.objects.create(order=order, idempotency_key="t", amount=10, currency="EUR", provider="transfer")
    assert street.try_card(order, from_place(1))
