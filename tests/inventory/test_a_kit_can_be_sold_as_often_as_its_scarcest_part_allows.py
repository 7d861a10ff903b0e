"""A kit has no stock of its own: its units are its parts', at every moment and under any number of buyers."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oscar.apps.partner.models import StockRecord

from catalog.importing.ports import StockCount, StockCountRefused
from catalog.kits.writing import KitRecipe, write_kits
from catalog.models import Kit, KitPart
from inventory import allocation, reservation
from inventory.allocation import LineDemand, allocate, cancel_allocations
from inventory.availability import records_in_stock, saleable, saleable_for
from inventory.dispatch import dispatch_allocation
from inventory.imported_counts import write_counts
from inventory.ledger import Entry, StockRefused, receive_stock, write_off
from inventory.models import Allocation, Reservation, StockLevel
from inventory.reservation import reserve
from inventory.shortage import InsufficientStock
from shop.doctor.checks import registered_checks, run_check
from tests.inventory.shelf import make_location, make_stock_record, run_at_once, stock, stocked
from tests.inventory.test_the_lock_is_what_stops_overselling import (
    Competitor,
    forget_the_lock,
    run_between_check_and_write,
)

pytestmark = [pytest.mark.feature("CA03")]


def make_kit(*parts: tuple[StockRecord, int], title: str = "Tea for two") -> StockRecord:
    kit = make_stock_record(title=title)
    recipe = KitRecipe(stock_record_id=kit.pk, parts={record.pk: quantity for record, quantity in parts})
    write_kits([recipe], actor_name="test", reason="test")
    return kit


def broken() -> list[str]:
    found = [run_check(check) for check in registered_checks() if check.id.split(".")[0] in ("I1", "I2", "I15")]
    return [finding.check.name for finding in found if finding.violations]


@pytest.mark.django_db
def test_the_least_over_the_parts_counts() -> None:
    cup, pot = stocked(7), stocked(5)
    kit = make_kit((cup, 2), (pot, 1))
    assert saleable(kit.pk) == 3
    write_off(Entry(stock_record_id=pot.pk, actor_name="t", idempotency_key="w", reason="broken"), quantity=4)
    assert saleable(kit.pk) == 1
    receive_stock(Entry(stock_record_id=pot.pk, actor_name="t", idempotency_key="r"), quantity=20)
    assert saleable(kit.pk) == 3


@pytest.mark.django_db
def test_reservations_locations_and_buffers_of_the_parts_count_for_the_kit() -> None:
    make_location("main")
    make_location("east", is_active=False)
    cup, pot = stocked(8, "main"), stock(stocked(3, "main"), 50, "east")
    kit = make_kit((cup, 2), (pot, 1))
    assert saleable(kit.pk) == 3
    StockLevel.objects.filter(stock_record=cup).update(buffer=3)
    assert saleable(kit.pk) == 2
    reserve(claim="order:1", quantities={cup.pk: 2}, minutes=10)
    assert saleable(kit.pk) == 1
    Reservation.objects.update(expires_at=Now() - timedelta(milliseconds=1))
    assert saleable(kit.pk) == 2


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(1, 5)), min_size=1, max_size=4))
def test_single_bulk_and_filter_agree_with_arithmetic(parts: list[tuple[int, int, int]]) -> None:
    """(units on hand, units others reserved, units in one kit) per part."""
    with transaction.atomic():
        records = [stocked(on_hand) if on_hand else make_stock_record() for on_hand, _, _ in parts]
        for record, (on_hand, held, _) in zip(records, parts, strict=True):
            if 0 < held <= on_hand:
                reserve(claim=f"order:{record.pk}", quantities={record.pk: held}, minutes=10)
        kit = make_kit(*((record, need) for record, (_, _, need) in zip(records, parts, strict=True)))
        free = [on_hand - (held if held <= on_hand else 0) for on_hand, held, _ in parts]
        expected = min(units // need for units, (_, _, need) in zip(free, parts, strict=True))
        assert saleable(kit.pk) == expected
        everything = [kit.pk, *(record.pk for record in records)]
        bulk = saleable_for(everything)
        assert bulk == {kit.pk: expected, **{record.pk: units for record, units in zip(records, free, strict=True)}}
        listed = set(records_in_stock().filter(pk__in=everything).values_list("pk", flat=True))
        assert listed == {pk for pk, units in bulk.items() if units}
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_kit_costs_no_query_more(django_assert_num_queries: object) -> None:
    kits = [make_kit((stocked(number + 1), 1)) for number in range(12)]
    with django_assert_num_queries(1):
        found = saleable_for(kit.pk for kit in kits)
    assert [found[kit.pk] for kit in kits] == list(range(1, 13))


@pytest.mark.django_db
def test_reserving_a_kit_holds_its_parts_and_nothing_of_itself() -> None:
    cup, pot = stocked(4), stocked(4)
    kit = make_kit((cup, 2), (pot, 1))
    held = reserve(claim="order:1", quantities={kit.pk: 1, cup.pk: 1}, minutes=10)
    assert {one.stock_record_id: one.quantity for one in held} == {cup.pk: 3, pot.pk: 1}
    assert (saleable(kit.pk), saleable(cup.pk), saleable(pot.pk)) == (0, 1, 3)
    assert reserve(claim="order:1", quantities={kit.pk: 1, cup.pk: 1}, minutes=10)[0].pk == held[0].pk


@pytest.mark.django_db
def test_too_few_parts_are_said_in_the_name_of_the_kit() -> None:
    cup, pot = stocked(5), stocked(9)
    kit = make_kit((cup, 2), (pot, 1))
    with pytest.raises(InsufficientStock) as refusal:
        reserve(claim="order:1", quantities={kit.pk: 3}, minutes=10)
    assert str(refusal.value) == "Only 2 of Tea for two are left; you asked for 3."
    with pytest.raises(InsufficientStock) as refusal:
        reserve(claim="order:1", quantities={kit.pk: 2, cup.pk: 2}, minutes=10)
    (line,) = refusal.value.short_lines
    assert (line.stock_record_id, line.available) == (kit.pk, 1)
    assert "together with the other things of your order" in line.sentence
    assert not Reservation.objects.exists()


@pytest.mark.django_db
def test_a_paid_kit_is_allocated_dispatched_and_given_back_by_its_parts() -> None:
    cup, pot = stocked(10), stocked(10)
    kit = make_kit((cup, 2), (pot, 1))
    reserve(claim="order:1", quantities={kit.pk: 2}, minutes=10)
    given_to = allocate(claim="order:1", lines=[LineDemand("line:1", kit.pk, 2)])
    assert {one.level.stock_record_id: one.quantity for one in given_to} == {cup.pk: 4, pot.pk: 2}
    assert allocate(claim="order:1", lines=[LineDemand("line:1", kit.pk, 2)]) == given_to
    assert (saleable(cup.pk), saleable(pot.pk), saleable(kit.pk)) == (6, 8, 3)
    of_cup = next(one for one in given_to if one.level.stock_record_id == cup.pk)
    dispatch_allocation(of_cup.pk, 1, reference="shipment:1", actor_name="t", idempotency_key="d1")
    assert cancel_allocations("order:1") == 5
    assert (saleable(cup.pk), saleable(pot.pk), saleable(kit.pk)) == (9, 10, 4)
    assert broken() == []


@pytest.mark.django_db
def test_a_kit_never_gets_stock_of_its_own() -> None:
    cup = stocked(4)
    kit = make_kit((cup, 2))
    entry = Entry(stock_record_id=kit.pk, actor_name="t", idempotency_key="k")
    with pytest.raises(StockRefused, match="This is a kit"):
        receive_stock(entry, quantity=1)
    with pytest.raises(StockCountRefused, match="This SKU is a kit"):
        write_counts(
            [StockCount(sku=kit.partner_sku, stock_record_id=kit.pk, location_code="", quantity=3)],
            reference="import:1",
            actor_name="t",
        )
    with pytest.raises(IntegrityError, match="no stock of its own"), transaction.atomic():
        StockLevel.objects.create(stock_record=kit, location=make_location("attic"), on_hand=1)
    with pytest.raises(IntegrityError, match="no stock of its own"), transaction.atomic():
        Reservation.objects.create(stock_record=kit, claim="x", quantity=1, expires_at=Now() + timedelta(minutes=1))
    with pytest.raises(IntegrityError, match="no stock of its own"), transaction.atomic():
        Kit.objects.create(stock_record=cup)
    with pytest.raises(IntegrityError, match="not other kits"), transaction.atomic():
        KitPart.objects.create(
            kit_id=Kit.objects.create(stock_record=make_stock_record()).pk, component=kit, quantity=1
        )


@pytest.mark.django_db(transaction=True)
def test_buyers_of_kit_and_part_at_once_never_get_more_than_there_is() -> None:
    """Twenty buyers on connections of their own: half want the kit (two cups and a pot), half a cup."""
    cup, pot = stocked(11), stocked(4)
    kit = make_kit((cup, 2), (pot, 1))

    def buy(number: int) -> None:
        record, claim = (kit if number % 2 else cup), f"order:{number}"
        with transaction.atomic():
            reserve(claim=claim, quantities={record.pk: 1}, minutes=10)
        allocate(claim=claim, lines=[LineDemand("line:1", record.pk, 1)])

    answers = run_at_once([lambda number=number: buy(number) for number in range(20)])
    assert {type(answer) for answer in answers} <= {type(None), InsufficientStock}
    kits = sum(1 for number, answer in enumerate(answers) if answer is None and number % 2)
    cups = sum(1 for number, answer in enumerate(answers) if answer is None and not number % 2)
    assert kits <= 4
    assert 2 * kits + cups <= 11
    assert saleable(cup.pk) == 11 - 2 * kits - cups
    assert saleable(kit.pk) == min((11 - 2 * kits - cups) // 2, 4 - kits)
    assert kits == 4 or saleable(cup.pk) < 2, "units were left although somebody was refused"
    assert broken() == []


@pytest.mark.django_db(transaction=True)
def test_kits_that_share_parts_in_opposite_order_do_not_wait_in_a_circle() -> None:
    one, two = stocked(40), stocked(40)
    there, back = make_kit((one, 1), (two, 1)), make_kit((two, 1), (one, 1))
    answers = run_at_once(
        [
            lambda n=n, kit=kit: reserve(claim=f"order:{n}-{kit.pk}", quantities={kit.pk: 1}, minutes=10)
            for n in range(6)
            for kit in (there, back)
        ]
    )
    assert all(isinstance(answer, list) for answer in answers)
    assert saleable(there.pk) == saleable(back.pk) == 28


def _reserve(claim: str, record: StockRecord) -> list[Reservation]:
    return reserve(claim=claim, quantities={record.pk: 1}, minutes=15)


@pytest.mark.django_db(transaction=True)
def test_the_buyer_of_a_part_waits_for_the_buyer_of_the_kit(monkeypatch: pytest.MonkeyPatch) -> None:
    cup = stocked(2)
    kit = make_kit((cup, 2))
    second = Competitor(lambda: _reserve("order:2", cup))
    with run_between_check_and_write(reservation, second, monkeypatch) as seen:
        _reserve("order:1", kit)
    assert seen == ["blocked"]
    assert isinstance(second.finish(), InsufficientStock)
    assert list(Reservation.objects.values_list("claim", "quantity")) == [("order:1", 2)]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_kit_and_part_would_hold_the_same_units(monkeypatch: pytest.MonkeyPatch) -> None:
    cup = stocked(2)
    kit = make_kit((cup, 2))
    forget_the_lock(monkeypatch)
    second = Competitor(lambda: _reserve("order:2", cup))
    with run_between_check_and_write(reservation, second, monkeypatch) as seen:
        _reserve("order:1", kit)
    assert seen == ["done"]
    second.finish()
    held = sum(Reservation.objects.values_list("quantity", flat=True))
    assert held == 3, "the race that the lock prevents did not happen: this test proves nothing"


@pytest.mark.django_db(transaction=True)
def test_the_payer_of_a_part_waits_for_the_payer_of_the_kit(monkeypatch: pytest.MonkeyPatch) -> None:
    cup = stocked(2)
    kit = make_kit((cup, 2))
    second = Competitor(lambda: allocate(claim="order:2", lines=[LineDemand("line:1", cup.pk, 1)]))
    with run_between_check_and_write(allocation, second, monkeypatch) as seen:
        allocate(claim="order:1", lines=[LineDemand("line:1", kit.pk, 1)])
    assert seen == ["blocked"]
    assert isinstance(second.finish(), InsufficientStock)
    assert Allocation.objects.get().quantity == 2
