import functools
import random

import pytest

from inventory.allocation import LineDemand, allocate
from inventory.availability import saleable
from inventory.models import Allocation, Reservation
from inventory.reservation import reserve
from inventory.shortage import InsufficientStock
from tests.inventory.shelf import run_at_once, stocked

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("IN01")]


def test_sixty_buyers_of_twenty_units_become_twenty_reservations_and_forty_sentences() -> None:
    record = stocked(20, title="Linen throw")
    buy = [
        functools.partial(reserve, claim=f"order:{number}", quantities={record.pk: 1}, minutes=15)
        for number in range(60)
    ]
    answers = run_at_once(buy)

    refused = [answer for answer in answers if isinstance(answer, InsufficientStock)]
    assert len(refused) == 40
    assert all(str(answer) == "Linen throw is sold out." for answer in refused)
    assert sum(isinstance(answer, list) for answer in answers) == 20
    assert Reservation.objects.count() == 20
    assert saleable(record.pk) == 0


def test_mixed_baskets_in_random_order_never_deadlock_and_never_oversell() -> None:
    records = [stocked(units) for units in (7, 11, 5, 13)]
    dice = random.Random(7)

    def shop(number: int) -> str:
        chosen = dice.sample(records, dice.randint(1, len(records)))
        wanted = {record.pk: dice.randint(1, 2) for record in chosen}
        claim = f"order:{number}"
        reserve(claim=claim, quantities=wanted, minutes=15)
        lines = [LineDemand(f"line:{number}-{pk}", pk, units) for pk, units in wanted.items()]
        dice.shuffle(lines)
        allocate(claim=claim, lines=lines, ship_country="DE")
        return claim

    answers = run_at_once([functools.partial(shop, number) for number in range(40)])

    strange = [answer for answer in answers if not isinstance(answer, str | InsufficientStock)]
    assert strange == []
    assert any(isinstance(answer, InsufficientStock) for answer in answers)
    for record in records:
        record.refresh_from_db()
        allocated = sum(row.quantity for row in Allocation.objects.filter(level__stock_record=record))
        assert allocated == record.num_allocated <= record.num_in_stock
        assert saleable(record.pk) == record.num_in_stock - allocated
    bought = {answer for answer in answers if isinstance(answer, str)}
    assert set(Allocation.objects.values_list("claim", flat=True)) == bought
