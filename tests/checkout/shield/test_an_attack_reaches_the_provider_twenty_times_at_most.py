"""Seventeen hundred stolen cards in an hour, in four styles: twenty tries at most come through, shoppers still buy."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from oscar.apps.order.models import Order

from checkout.shield.limits import BURST_PAUSE, NET_SPENT
from checkout.shield.proof import code_of
from checkout.shield.records import HeldPayment
from checkout.shield.releasing import narrow_to_waiting
from checkout.shield.visitor import Visitor
from tests.checkout.shield.street import NOWHERE, Street, from_place

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CC09")]

HOUR = 3600
STEP = 10
"""The clock of the test is moved on after so many tries."""
MOST = 20

STYLES: dict[str, tuple[int, Callable[[int], Visitor]]] = {
    "from one address": (1700, lambda number: from_place(1)),
    "from 200 addresses": (1700, lambda number: from_place(number % 200)),
    "behind a proxy that hides every address": (1700, lambda number: NOWHERE),
    "on one order": (1, lambda number: from_place(number % 200)),
}


@pytest.fixture
def street(monkeypatch: pytest.MonkeyPatch) -> Street:
    return Street(monkeypatch)


def attack(street: Street, *, tries: int, style: str, seconds: int = 120) -> list[Order]:
    """By default as dense as 1,700 in an hour, and a little more."""
    orders, place = STYLES[style]
    targets = street.orders(min(orders, tries))
    for number in range(tries):
        street.try_card(targets[number % len(targets)], place(number))
        if number % STEP == STEP - 1:
            street.wait(seconds / tries * STEP)
    return targets


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    ("tries", "seconds"),
    [(45, 120), pytest.param(1700, HOUR, marks=[pytest.mark.long, pytest.mark.timeout(3600)])],
    ids=["two minutes", "an hour"],
)
def test_of_such_a_storm_little_comes_through(street: Street, style: str, tries: int, seconds: int) -> None:
    attack(street, tries=tries, style=style, seconds=seconds)
    assert 0 < street.reached <= MOST


def storm(street: Street, *, tries: int, seconds: float, places: int, in_turns: bool, told_after: float) -> None:
    """Each try on an order of its own, from so many places: one after the other, or all of one place before the next.
    The provider tells of each refusal so many seconds after the page was opened."""
    clock, waiting = 0.0, list[tuple[float, Order]]()
    for number, order in enumerate(street.orders(tries)):
        while waiting and waiting[0][0] <= clock:
            street.tell(waiting.pop(0)[1], is_good=False)
        if street.press(order, from_place(number % places if in_turns else number * places // tries)):
            waiting.append((clock + told_after, order))
        street.wait(seconds / tries)
        clock += seconds / tries


AN_HOUR = (pytest.mark.long, pytest.mark.timeout(3600))


@pytest.mark.parametrize(
    ("tries", "seconds", "places", "in_turns", "told_after"),
    [
        (45, 95, 5, False, 0), (80, 170, 20, False, 0), (80, 170, 20, True, 8),
        *(
            pytest.param(1700, HOUR - 60, places, in_turns, told_after, marks=AN_HOUR)
            for places in (2, 3, 6, 20, 200)
            for in_turns in (True, False)
            for told_after in (0, 8, 60)
        ),
    ],
)  # fmt: skip
def test_from_however_many_places_and_however_slowly_it_is_told_no_more_comes_through(
    street: Street, tries: int, seconds: int, places: int, in_turns: bool, told_after: int
) -> None:
    """The hour of the test is a minute shorter, because the seconds that it takes to run pass as well."""
    storm(street, tries=tries, seconds=seconds, places=places, in_turns=in_turns, told_after=told_after)
    assert 0 < street.reached <= MOST


def test_one_place_after_another_gets_nothing_new_in_each_ten_minutes(street: Street) -> None:
    for place in range(7):
        for order in street.orders(12):
            street.try_card(order, from_place(place))
        street.wait(7 * 60)
    assert street.reached == MOST
    street.wait(HOUR)
    (order,) = street.orders(1)
    assert street.press(order, from_place(0)), "an hour later it is over"


def test_of_many_at_one_address_the_eleventh_waits_a_minute_until_others_have_paid(street: Street) -> None:
    orders = street.orders(NET_SPENT + 1)
    opened = [order for order in orders if street.press(order, from_place(1))]
    assert len(opened) == NET_SPENT
    held = HeldPayment.objects.get()
    assert (held.why, held.until - held.last_at <= BURST_PAUSE) == ("burst", True)
    street.tell(opened[0], is_good=True)
    assert street.press(orders[-1], from_place(1))


def test_of_a_burst_before_the_first_answer_no_more_comes_through(street: Street) -> None:
    """Sixty strangers from as many places press at once; the provider's refusals are told seconds later."""
    opened = [order for number, order in enumerate(street.orders(60)) if street.press(order, from_place(number))]
    assert len(opened) == street.reached == MOST
    held = HeldPayment.objects.first()
    assert held is not None
    assert held.why == "burst"
    assert timedelta() < held.until - held.last_at <= BURST_PAUSE
    for order in opened:
        street.tell(order, is_good=False)
    street.wait(60)
    (next_one,) = street.orders(1)
    assert not street.press(next_one, from_place(777)), "now it is known what they are"
    assert HeldPayment.objects.get(order=next_one).why == "rush"


@pytest.mark.parametrize(("places", "most"), [(1, NET_SPENT), (2, MOST), (5, MOST), (20, MOST)])
def test_a_burst_from_few_places_comes_no_further(street: Street, places: int, most: int) -> None:
    for number, order in enumerate(street.orders(60)):
        street.press(order, from_place(number // (60 // places)))
    assert 0 < street.reached <= most


def test_one_place_with_many_open_pages_makes_nobody_else_wait(street: Street) -> None:
    *theirs, mine = street.orders(25)
    for order in theirs:
        street.press(order, from_place(1))
    assert street.press(mine, from_place(2))


def test_a_burst_of_shoppers_goes_on_as_soon_as_the_first_have_paid(street: Street) -> None:
    shoppers = street.orders(30)
    waiting, minutes = list(shoppers), 0
    while waiting and minutes < 5:
        let_in = [order for number, order in enumerate(waiting) if street.press(order, from_place(number))]
        for order in let_in:
            street.tell(order, is_good=True)
        waiting = [order for order in waiting if order not in let_in]
        street.wait(60)
        minutes += 1
    assert not waiting
    assert minutes == 2, "20, then the rest"


def test_who_pays_much_may_have_more_under_way(street: Street) -> None:
    for order in street.orders(20):
        street.try_card(order, from_place(order.pk), is_good=True)
    opened = [order for number, order in enumerate(street.orders(40)) if street.press(order, from_place(500 + number))]
    assert len(opened) == MOST + 20 // 2


def test_a_mail_leads_past_a_burst_and_pages_left_open_count_for_ten_minutes(street: Street) -> None:
    *others, mine, last = street.orders(MOST + 2)
    for number, order in enumerate(others):
        assert street.press(order, from_place(number))
    assert not street.press(mine, from_place(777))
    assert street.press(mine, from_place(777), proof=code_of(mine))
    assert street.press(others[0], from_place(0)), "whose page is open already does not wait for himself"
    street.wait(601)
    assert street.press(last, from_place(778))


def test_one_attacker_alone_does_not_slow_down_the_others(street: Street) -> None:
    attack(street, tries=40, style="from one address")
    (order,) = street.orders(1)
    assert street.try_card(order, from_place(77), is_good=True)


def test_while_it_goes_on_a_shopper_pays_by_way_of_a_mail(street: Street) -> None:
    attack(street, tries=40, style="from 200 addresses")
    (order,) = street.orders(1)
    assert not street.try_card(order, from_place(777), is_good=True)
    assert not street.try_card(order, from_place(777), is_good=True, proof="f" * 26)
    assert street.try_card(order, from_place(777), is_good=True, proof=code_of(order))


def test_who_has_three_refused_cards_when_it_begins_is_not_locked_out(street: Street) -> None:
    (order,) = street.orders(1)
    assert all(street.try_card(order, from_place(777)) for _ in range(3))
    attack(street, tries=40, style="from 200 addresses")
    assert not street.press(order, from_place(777))
    for is_good in (False, False, True):
        assert street.try_card(order, from_place(777), proof=code_of(order), is_good=is_good)


def test_ten_minutes_after_it_ended_nothing_is_asked(street: Street) -> None:
    attack(street, tries=40, style="from 200 addresses")
    street.wait(11 * 60)
    (order,) = street.orders(1)
    assert street.try_card(order, from_place(777), is_good=True)


def test_staff_see_the_held_orders_once_each(street: Street) -> None:
    targets = attack(street, tries=40, style="from 200 addresses")
    held = narrow_to_waiting(HeldPayment.objects.all())
    assert 0 < held.count() == 40 - street.reached
    assert {one.order_id for one in held} <= {order.pk for order in targets}


def test_a_machine_that_does_not_read_is_noticed_sooner(street: Street) -> None:
    for order in street.orders(25):
        street.try_card(order, Visitor(is_hasty=True))
    assert 0 < street.reached <= 12
