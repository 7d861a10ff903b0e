"""Buyers on connections of their own, mixed baskets in random order, cut off at twelve points of placing and paying.

Cut off is what kill -9 is to the database: the connection breaks, whatever was not committed is gone. The buyer comes
back and goes on with the same checkout. Afterwards every unit is sold once and the books agree.

    pytest tests/checkout/placement/test_buyers_die_at_twelve_points_and_nothing_is_oversold.py -m long -s

runs 1,000 rounds and three of 200 buyers (KILL_ROUNDS names another number of rounds).
"""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from types import ModuleType
from typing import Any
from unittest import mock

import pytest
from django.db import Error, connection, connections
from oscar.apps.catalogue.models import Product
from oscar.apps.order.models import Order

from catalog.search.index import refresh_documents
from checkout import placement
from checkout.invariants import JOBS_ARE_DONE
from checkout.invoices.invariants import PAID_ORDERS_ARE_INVOICED
from checkout.models import CheckoutDraft, PaymentAttempt
from checkout.payments import settle
from checkout.payments.truth import PaymentTruth
from inventory import allocation, reservation, sharing_out
from inventory.availability import saleable
from inventory.models import Allocation
from inventory.shortage import InsufficientStock
from shop.doctor.checks import run_checks
from tests.shopfloor import make_draft, make_product, quote_of, record_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("IN01")]

POINTS: Sequence[tuple[ModuleType, str]] = (
    (placement, "lock_draft"),
    (placement, "quote_draft"),
    (placement, "write_order"),
    (placement, "publish"),
    (reservation, "lock_stock_records"),
    (reservation, "_write"),
    (placement, "place_order"),
    (settle, "lock_attempt"),
    (allocation, "lock_stock_records"),
    (sharing_out, "change_levels"),
    (allocation, "_write"),
    (settle, "apply_truth"),
)
"""Each is struck when it has done its work: before the commit, but for the two that commit themselves."""
OF_THE_WORKER = (JOBS_ARE_DONE, PAID_ORDERS_ARE_INVOICED)
"""What is owed some minutes later by a worker; none runs beside these rounds."""
ROUNDS = int(os.environ.get("KILL_ROUNDS", "1000"))


def make_lamp(units: int) -> Product:
    lamp = make_product(stock=units)
    refresh_documents([lamp.pk])
    return lamp


class CutOff(BaseException):
    """The process is gone; nobody may catch it and tidy up."""


class Fate(threading.local):
    """At which point this thread's buyer will be cut off, once."""

    point: int | None = None


fate = Fate()


@contextmanager
def struck_points(struck: Counter[int]) -> Iterator[None]:
    """Every point watches whether the buyer that passes is to be cut off here."""

    def watch(number: int, act: Callable[..., Any]) -> Callable[..., Any]:
        def acted(*args: Any, **kwargs: Any) -> Any:
            answer = act(*args, **kwargs)
            if fate.point == number:
                fate.point = None
                struck[number] += 1
                connection.connection.pgconn.finish()
                raise CutOff
            return answer

        return acted

    with ExitStack() as stack:
        for number, (module, name) in enumerate(POINTS):
            stack.enter_context(mock.patch.object(module, name, watch(number, getattr(module, name))))
        yield


def paid(attempt: PaymentAttempt) -> PaymentTruth:
    return PaymentTruth(
        state="paid", amount=attempt.amount, currency=attempt.currency, order_ref=attempt.order.number,
        attempt_ref=str(attempt.pk), session_id=f"cs_{attempt.pk}", intent_id=f"pi_{attempt.pk}", captured=attempt.amount,
        refunded=attempt.amount * 0, fee=None, decline="", latest_charge="", is_disputed=False, capture_before=None,
    )  # fmt: skip


def wait_patiently() -> None:
    """Two hundred buyers share one interpreter here: how long they wait for each other is not the shop's doing."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300s'")


def buy(draft: CheckoutDraft, digest: str, point: int | None) -> str:
    """Place and pay; after a cut once more from the beginning, as a reload does. Anything odd comes out as it is."""
    fate.point = point
    while True:
        wait_patiently()
        try:
            result = placement.place_order(draft.pk, shown_digest=digest)
            attempt = PaymentAttempt.objects.select_related("order").get(pk=result.attempt_id)
            return str(settle.apply_truth(attempt.pk, paid(attempt)).state)
        except InsufficientStock:
            return "sold out"
        except CutOff:
            with suppress(Error):
                connection.close()


def run_round(
    baskets: Sequence[Sequence[tuple[Product, int]]], *, points: Sequence[int | None], struck: Counter[int]
) -> Counter[str]:
    """All buyers at once; answers how they fared."""
    drafts = [make_draft(*things, email=f"buyer{number}@example.com") for number, things in enumerate(baskets)]
    digests = [quote_of(draft).digest for draft in drafts]
    gate = threading.Barrier(len(drafts))

    def run(number: int) -> str:
        try:
            connection.ensure_connection()
            gate.wait(timeout=120)
            return buy(drafts[number], digests[number], points[number])
        finally:
            connections.close_all()

    with struck_points(struck), ThreadPoolExecutor(len(drafts)) as pool:
        return Counter(pool.map(run, range(len(drafts))))


def assert_sold_once(product: Product, units: int) -> None:
    record = record_of(product)
    given = sum(row.quantity for row in Allocation.objects.filter(level__stock_record=record))
    assert given == record.num_allocated == units == record.num_in_stock, "all of it, to somebody, and no more"
    assert saleable(record.pk) == 0


def assert_books_agree(told: Counter[str]) -> None:
    assert set(told) <= {"paid", "sold out"}, "no deadlock and no half-done order reaches a shopper"
    assert Order.objects.filter(status="paid").count() == told["paid"]
    assert Order.objects.exclude(status="paid").count() == 0
    owed = [one for one in run_checks() if one.violations and one.check not in OF_THE_WORKER]
    assert [(one.check.name, one.examples) for one in owed] == []


def test_cut_off_buyers_leave_every_unit_to_somebody() -> None:
    last, few = make_lamp(1), make_lamp(7)
    dice, struck = random.Random(3), Counter[int]()
    baskets = [[(few, 1)] for _ in POINTS] + [[(last, 1)], [(last, 1)]]
    baskets[3:8] = [dice.sample([(few, 1), (last, 1)], 2) for _ in range(5)]
    told = run_round(baskets, points=[*range(len(POINTS)), 5, 10], struck=struck)
    assert_sold_once(last, 1)
    assert_sold_once(few, 7)
    assert_books_agree(told)
    assert {0, 1} <= set(struck), "those come before the stock is looked at; who is sold out comes no further"


def test_each_point_alone_loses_nothing() -> None:
    """One buyer and one unit: whatever the point, the same unit is sold when they come back."""
    told, struck = Counter[str](), Counter[int]()
    for point in range(len(POINTS)):
        lamp = make_lamp(1)
        told += run_round([[(lamp, 1)]], points=[point], struck=struck)
        assert_sold_once(lamp, 1)
    assert struck == Counter(range(12))
    assert_books_agree(told)


@pytest.mark.long
@pytest.mark.timeout(4 * 3600)
def test_a_thousand_rounds_of_cut_off_buyers() -> None:
    dice, struck, told = random.Random(11), Counter[int](), Counter[str]()
    began = time.monotonic()
    for _ in range(ROUNDS):
        things = [(make_lamp(1), 1), (make_lamp(5), 5), (make_lamp(37), 37)]
        products = [product for product, _ in things]
        baskets = [
            [
                (product, dice.randint(1, 2 if units > 5 else 1))
                for product, units in dice.sample(things, dice.randint(1, 3))
            ]
            for _ in range(12)
        ]
        points: list[int | None] = list(range(12))
        dice.shuffle(points)
        told += run_round(baskets, points=points, struck=struck)
        for product in products:
            record = record_of(product)
            given = sum(row.quantity for row in Allocation.objects.filter(level__stock_record=record))
            assert given == record.num_allocated <= record.num_in_stock
    print(f"\n{ROUNDS} rounds, {sum(struck.values())} cuts {dict(sorted(struck.items()))}, {dict(told)} in"
          f" {time.monotonic() - began:.0f} s")  # fmt: skip
    assert set(struck) == set(range(12))
    assert_books_agree(told)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_two_hundred_parallel_checkouts_of_one_and_of_thirty_seven() -> None:
    dice, struck, told = random.Random(5), Counter[int](), Counter[str]()
    for _ in range(3):
        began = time.monotonic()
        last, few, many = make_lamp(1), make_lamp(37), make_lamp(5_000)
        baskets = [
            dice.sample(
                [(few, 1), (many, dice.randint(1, 9)), *([(last, 1)] if number % 4 == 0 else [])], 2 + (number % 4 == 0)
            )
            for number in range(200)
        ]
        points: list[int | None] = [dice.randrange(12) if dice.random() < 0.5 else None for _ in baskets]
        told += run_round(baskets, points=points, struck=struck)
        assert record_of(few).num_allocated <= 37
        assert record_of(last).num_allocated <= 1
        assert_sold_once(few, 37)
        print(f"\n200 checkouts in {time.monotonic() - began:.0f} s, so far {dict(told)}, {sum(struck.values())} cuts")
    assert_books_agree(told)
