"""Real connections, all at once: one checkout makes one order; 20 units make 20 orders; losers are told in words."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest import mock

import pytest
from django.db import connections
from oscar.apps.order.models import Order

from catalog.search.index import refresh_documents
from checkout import placement
from checkout.models import CheckoutDraft, PaymentAttempt
from checkout.placement import place_order
from inventory.availability import saleable
from inventory.models import Reservation
from inventory.shortage import InsufficientStock
from shop.doctor.checks import run_checks
from tests.shopfloor import make_draft, make_product, quote_of, record_of

pytestmark = pytest.mark.django_db(transaction=True)


def run_at_once(tasks: list[Callable[[], Any]]) -> list[Any]:
    barrier = threading.Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            return task()
        except Exception as problem:
            return problem
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


@pytest.mark.feature("CC04")
def test_twenty_identical_submits_make_one_order_and_one_payment() -> None:
    draft = make_draft((make_product(stock=100), 2))
    digest = quote_of(draft).digest
    results = run_at_once([lambda: place_order(draft.pk, shown_digest=digest)] * 20)
    assert not [result for result in results if isinstance(result, Exception)]
    assert len({result.order.pk for result in results}) == 1
    assert len({result.token for result in results}) == 1
    assert sum(result.is_new for result in results) == 1
    assert (Order.objects.count(), PaymentAttempt.objects.count(), Reservation.objects.count()) == (1, 1, 1)


@pytest.mark.feature("CC04")
def test_sixty_buyers_and_twenty_units_make_twenty_orders() -> None:
    lamp, bulb = make_product("Lamp", stock=20), make_product("Bulb", stock=500)
    refresh_documents([lamp.pk, bulb.pk])
    drafts = [make_draft(*((lamp, bulb) if number % 2 else (bulb, lamp))) for number in range(60)]
    digests = [quote_of(draft).digest for draft in drafts]
    results = run_at_once(
        [
            lambda draft=draft, digest=digest: place_order(draft.pk, shown_digest=digest)
            for draft, digest in zip(drafts, digests, strict=True)
        ]
    )
    losers = [result for result in results if isinstance(result, Exception)]
    assert {type(loser) for loser in losers} == {InsufficientStock}
    assert all(str(loser) == "Lamp is sold out." for loser in losers)
    assert (len(losers), Order.objects.count()) == (40, 20)
    assert saleable(record_of(lamp).pk) == 0
    assert saleable(record_of(bulb).pk) == 480
    assert CheckoutDraft.objects.filter(order=None).count() == 40
    assert [(one.check.id, one.check.name, one.examples) for one in run_checks() if one.violations] == []


def test_without_the_lock_of_the_checkout_a_competing_submit_would_get_through() -> None:
    """The proof that the test above can fail: with a plain read in place of the lock, a second order appears.

    The competing request runs exactly between reading the checkout and writing the order.
    """
    draft = make_draft(make_product(stock=100))
    digest = quote_of(draft).digest

    def unlocked(draft_id: int) -> CheckoutDraft:
        return CheckoutDraft.objects.select_related("basket").get(pk=draft_id)

    with mock.patch.object(placement, "lock_draft", unlocked):
        write = placement.write_order

        def compete_then_write(*args: object, **kwargs: object) -> Order:
            with mock.patch.object(placement, "write_order", write):
                run_at_once([lambda: place_order(draft.pk, shown_digest=digest)])
            return write(*args, **kwargs)

        with mock.patch.object(placement, "write_order", compete_then_write):
            place_order(draft.pk, shown_digest=digest)
    assert Order.objects.count() == 2


def test_a_competing_submit_waits_for_the_lock_and_gets_the_same_order() -> None:
    """As above with the lock in place: the competitor cannot get between reading and writing."""
    draft = make_draft(make_product(stock=100))
    digest = quote_of(draft).digest
    write = placement.write_order
    competitors: list[object] = []
    started: list[threading.Thread] = []

    def compete() -> None:
        try:
            competitors.append(place_order(draft.pk, shown_digest=digest))
        finally:
            connections.close_all()

    def start_competitor_then_write(*args: object, **kwargs: object) -> Order:
        if not started:
            started.append(threading.Thread(target=compete))
            started[0].start()
            started[0].join(timeout=0.5)
            assert not competitors
        return write(*args, **kwargs)

    with mock.patch.object(placement, "write_order", start_competitor_then_write):
        result = place_order(draft.pk, shown_digest=digest)
        started[0].join(timeout=10)
    assert [one.order for one in competitors] == [result.order]
    assert Order.objects.count() == 1
