import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.sourcing import Demand, NotEnoughUnits, Place, choose_sources, distance_to

pytestmark = pytest.mark.feature("IN04")


def place(number: int, units: dict[int, int], *, priority: int = 100, country: str = "") -> Place:
    return Place(
        location_id=number,
        code=f"place-{number}",
        name=f"Place {number}",
        priority=priority,
        country=country,
        units=units,
    )


def demand(line: str, record: int, quantity: int) -> Demand:
    return Demand(line, record, quantity)


def test_one_location_that_has_every_line_wins_over_two_that_are_asked_first() -> None:
    places = [place(1, {1: 9}, priority=1), place(2, {2: 9}, priority=2), place(3, {1: 1, 2: 1}, priority=9)]
    plan = choose_sources(demands=[demand("a", 1, 1), demand("b", 2, 1)], places=places)
    assert {part.location_id for part in plan.parts} == {3}
    assert plan.reasons[3] == {
        "chosen": "place-3",
        "why": "Has every unit, and is the first to be asked among those that have.",
        "parcels": 1,
        "rejected": [
            {
                "location": "place-1",
                "why": "Has 1 of 2 units; sending the rest from elsewhere would make a second parcel.",
            },
            {
                "location": "place-2",
                "why": "Has 1 of 2 units; sending the rest from elsewhere would make a second parcel.",
            },
        ],
    }


def test_among_equals_the_lower_priority_number_is_asked_first() -> None:
    places = [place(1, {1: 5}, priority=20), place(2, {1: 5}, priority=10)]
    plan = choose_sources(demands=[demand("a", 1, 5)], places=places)
    assert plan.reasons[2]["rejected"] == [
        {"location": "place-1", "why": "Has every unit, but is asked later (priority 20)."}
    ]


def test_at_equal_priority_the_country_it_is_shipped_to_decides() -> None:
    places = [place(1, {1: 5}, country="FR"), place(2, {1: 5}, country="DE")]
    plan = choose_sources(demands=[demand("a", 1, 5)], places=places, ship_country="DE")
    assert [part.location_id for part in plan.parts] == [2]


def test_in_the_country_the_nearest_postcode_decides_and_the_other_says_that_it_is_farther() -> None:
    places = [
        Place(number, f"place-{number}", "", 100, "DE", {1: 5}, postcode=postcode)
        for number, postcode in enumerate(("80331", "10119", "10 115"), start=1)
    ]
    plan = choose_sources(demands=[demand("a", 1, 5)], places=places, ship_country="DE", ship_postcode="10117")
    assert [part.location_id for part in plan.parts] == [2]
    assert plan.reasons[2]["rejected"][0]["why"] == "Has every unit, but lies farther from the address."
    assert distance_to(places[2], country="DE", postcode="10115") == 0
    assert distance_to(places[2], country="FR", postcode="10115") > distance_to(places[0], country="DE", postcode="1")


def test_a_line_is_split_only_when_no_location_has_it_whole() -> None:
    places = [place(1, {1: 3, 2: 1}, priority=1), place(2, {1: 2, 2: 4}, priority=2)]
    plan = choose_sources(demands=[demand("a", 1, 5), demand("b", 2, 4)], places=places)
    assert sorted((part.line, part.location_id, part.quantity) for part in plan.parts) == [
        ("a", 1, 3),
        ("a", 2, 2),
        ("b", 2, 4),
    ]
    assert "No fewer than 2 locations" in plan.reasons[1]["why"]


def test_two_lines_of_the_same_record_share_the_units() -> None:
    places = [place(1, {1: 3}, priority=1), place(2, {1: 3}, priority=2)]
    plan = choose_sources(demands=[demand("a", 1, 2), demand("b", 1, 2)], places=places)
    assert sum(part.quantity for part in plan.parts if part.location_id == 1) <= 3
    assert sum(part.quantity for part in plan.parts) == 4


def test_too_few_units_altogether_are_refused() -> None:
    with pytest.raises(NotEnoughUnits):
        choose_sources(demands=[demand("a", 1, 5)], places=[place(1, {1: 4})])


@st.composite
def small_cases(draw: st.DrawFn) -> tuple[list[Demand], list[Place]]:
    records = range(1, draw(st.integers(1, 3)) + 1)
    places = [
        place(
            number,
            {record: draw(st.integers(0, 4)) for record in records},
            priority=draw(st.integers(1, 3)),
        )
        for number in range(1, draw(st.integers(1, 5)) + 1)
    ]
    demands = [
        demand(f"line {index}", draw(st.sampled_from(list(records))), draw(st.integers(1, 4)))
        for index in range(draw(st.integers(1, 4)))
    ]
    return demands, places


def best_locations(demands: list[Demand], places: list[Place]) -> list[int] | None:
    """By trying every set of locations: the fewest, and of these the ones that are asked first."""
    wanted: dict[int, int] = {}
    for one in demands:
        wanted[one.stock_record_id] = wanted.get(one.stock_record_id, 0) + one.quantity
    covering = [
        some
        for size in range(1, len(places) + 1)
        for some in itertools.combinations(places, size)
        if all(sum(one.units.get(pk, 0) for one in some) >= units for pk, units in wanted.items())
    ]
    best = min(covering, key=lambda some: (len(some), sorted((one.priority, one.code) for one in some)), default=None)
    return sorted(one.location_id for one in best) if best is not None else None


@settings(max_examples=1000, deadline=None)
@given(case=small_cases())
def test_a_plan_is_never_worse_than_the_best_of_all_plans(case: tuple[list[Demand], list[Place]]) -> None:
    demands, places = case
    best = best_locations(demands, places)
    if best is None:
        with pytest.raises(NotEnoughUnits):
            choose_sources(demands=demands, places=places)
        return
    plan = choose_sources(demands=demands, places=places)
    assert sorted({part.location_id for part in plan.parts}) == best
    for one in demands:
        assert sum(part.quantity for part in plan.parts if part.line == one.line) == one.quantity
    for one in places:
        for record, units in one.units.items():
            given_units = sum(
                part.quantity
                for part in plan.parts
                if part.location_id == one.location_id and part.stock_record_id == record
            )
            assert given_units <= units
    assert set(plan.reasons) == {part.location_id for part in plan.parts}


def test_twenty_lines_at_ten_locations_take_at_most_fifty_milliseconds() -> None:
    demands = [demand(f"line {record}", record, 3) for record in range(20)]
    # No location has more than two of the three units of any line: the whole search is needed.
    places = [place(number, {record: (number + record) % 3 for record in range(20)}) for number in range(10)]
    times = []
    for _ in range(5):
        began = time.perf_counter()
        choose_sources(demands=demands, places=places)
        times.append(time.perf_counter() - began)
    assert min(times) < 0.05


def test_a_hundred_locations_are_chosen_from_without_trying_every_set() -> None:
    demands = [demand(f"line {record}", record, 4) for record in range(20)]
    places = [place(number, {record: int((number + record) % 5 == 0) for record in range(20)}) for number in range(100)]
    began = time.perf_counter()
    plan = choose_sources(demands=demands, places=places)
    assert time.perf_counter() - began < 2
    assert len({part.location_id for part in plan.parts}) == 20
