from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models.functions import Now
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from inventory.allocation import LineDemand, allocate, cancel_allocations
from inventory.availability import records_in_stock, saleable, saleable_stock_records
from inventory.backorder_invariants import CHECKS as BACKORDER_CHECKS
from inventory.backorder_policy import PolicyRefused, set_policy, shop_today
from inventory.dispatch import MoreThanOpen, dispatch_allocation
from inventory.invariants import CHECKS
from inventory.ledger import Entry, StockRefused, count_stock, receive_stock, transfer_stock, write_off
from inventory.models import Allocation, Backorder, BackorderPolicy, Reservation, StockLevel
from inventory.promises import units_at_once
from inventory.reservation import release_expired, release_reservations, reserve
from inventory.shortage import InsufficientStock
from shop.doctor.checks import run_check
from tests.inventory.shelf import make_location, make_stock_record

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN01", "IN05", "IN09")]

RECORDS, CLAIMS = st.integers(0, 1), st.integers(1, 4)
PLACES = st.sampled_from(["main", "east"])
UNITS = st.integers(1, 6)


class Shelf(RuleBasedStateMachine):
    """Two products at two locations; a model of plain counters beside the real tables."""

    def __init__(self) -> None:
        super().__init__()
        self._transaction = transaction.atomic()
        self._transaction.__enter__()
        make_location("main", priority=1)
        make_location("east", priority=2)
        self.records = [make_stock_record() for _ in range(2)]
        self.on_hand: Counter[int] = Counter()
        self.keys = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._transaction.__exit__(None, None, None)

    def entry(self, record: int, place: str) -> Entry:
        self.keys += 1
        return Entry(
            stock_record_id=self.records[record].pk,
            location_code=place,
            actor_name="Ann",
            reason="because",
            idempotency_key=f"key:{id(self)}:{self.keys}",
        )

    @rule(record=RECORDS, place=PLACES, units=UNITS)
    def receive(self, record: int, place: str, units: int) -> None:
        entry = self.entry(record, place)
        assert receive_stock(entry, quantity=units).pk == receive_stock(entry, quantity=units).pk
        self.on_hand[record] += units

    @rule(record=RECORDS, place=PLACES, units=st.integers(0, 6))
    def count(self, record: int, place: str, units: int) -> None:
        try:
            movement = count_stock(self.entry(record, place), quantity=units)
        except StockRefused:
            return
        self.on_hand[record] += movement.quantity_delta if movement else 0

    @rule(record=RECORDS, place=PLACES, units=UNITS)
    def lose(self, record: int, place: str, units: int) -> None:
        try:
            write_off(self.entry(record, place), quantity=units)
        except StockRefused:
            return
        self.on_hand[record] -= units

    @rule(record=RECORDS, place=PLACES, units=UNITS)
    def carry_elsewhere(self, record: int, place: str, units: int) -> None:
        try:
            with transaction.atomic():
                transfer_stock(self.entry(record, place), to_code="east" if place == "main" else "main", quantity=units)
        except StockRefused:
            return

    @rule(claim=CLAIMS, wanted=st.dictionaries(RECORDS, UNITS, min_size=1))
    def reserve(self, claim: int, wanted: dict[int, int]) -> None:
        quantities = {self.records[record].pk: units for record, units in wanted.items()}
        before = {record.pk: saleable(record.pk) for record in self.records}
        try:
            reserve(claim=f"order:{claim}", quantities=quantities, minutes=15)
        except InsufficientStock:
            assert {record.pk: saleable(record.pk) for record in self.records} == before

    @rule(claim=CLAIMS)
    def let_the_time_run_out(self, claim: int) -> None:
        mine = Reservation.objects.filter(claim=f"order:{claim}", released_at__isnull=True)
        mine.update(expires_at=Now() - timedelta(milliseconds=1))

    @rule()
    def tidy(self) -> None:
        before = [saleable(record.pk) for record in self.records]
        release_expired()
        assert release_expired() == 0
        assert [saleable(record.pk) for record in self.records] == before

    @rule(claim=CLAIMS)
    def give_up(self, claim: int) -> None:
        release_reservations(f"order:{claim}")

    @rule(claim=CLAIMS, wanted=st.dictionaries(RECORDS, UNITS, min_size=1))
    def pay(self, claim: int, wanted: dict[int, int]) -> None:
        name = f"order:{claim}"
        lines = [
            LineDemand(f"line:{claim}-{record}", self.records[record].pk, units) for record, units in wanted.items()
        ]
        try:
            rows = allocate(claim=name, lines=lines, ship_country="DE")
        except InsufficientStock:
            return
        waiting = Backorder.objects.filter(claim=name).values_list("line", flat=True)
        assert {row.line for row in rows}.union(waiting) >= {line.line for line in lines}
        assert len(allocate(claim=name, lines=lines)) == len(rows)

    @precondition(lambda self: Allocation.objects.exists())
    @rule(data=st.data(), units=UNITS)
    def dispatch(self, data: st.DataObject, units: int) -> None:
        allocation = data.draw(st.sampled_from(list(Allocation.objects.order_by("pk"))))
        record = next(index for index, one in enumerate(self.records) if one.pk == allocation.level.stock_record_id)
        self.keys += 1
        try:
            dispatch_allocation(
                allocation.pk,
                units,
                reference="shipment:1",
                actor_name="Ann",
                idempotency_key=f"parcel:{id(self)}:{self.keys}",
            )
        except MoreThanOpen:
            return
        self.on_hand[record] -= units

    @rule(record=RECORDS, kind=st.sampled_from(BackorderPolicy.Kind.values), cap=UNITS, days=st.integers(0, 9))
    def sell_ahead(self, record: int, kind: str, cap: int, days: int) -> None:
        try:
            set_policy(
                stock_record_id=self.records[record].pk,
                kind=kind,
                cap=cap,
                promised_on=shop_today() + timedelta(days=days),
            )
        except PolicyRefused:
            return

    @rule(claim=CLAIMS, quantity=st.none() | UNITS)
    def cancel(self, claim: int, quantity: int | None) -> None:
        cancel_allocations(f"order:{claim}", quantity=quantity)

    @invariant()
    def the_doctor_finds_nothing(self) -> None:
        assert [check.name for check in (*CHECKS, *BACKORDER_CHECKS) if run_check(check).violations] == []

    @invariant()
    def the_model_agrees(self) -> None:
        for index, record in enumerate(self.records):
            record.refresh_from_db()
            assert (record.num_in_stock or 0) == self.on_hand[index]
            policy = BackorderPolicy.objects.exclude(kind="none").filter(stock_record=record).first()
            assert 0 <= saleable(record.pk) <= self.on_hand[index] + (policy.cap if policy else 0)
            assert units_at_once([record.pk])[record.pk] <= self.on_hand[index]
        assert set(saleable_stock_records().values_list("pk", flat=True)) == {
            record.pk for record in self.records if saleable(record.pk)
        }
        assert set(records_in_stock().values_list("pk", flat=True)) == {
            pk for pk, units in units_at_once(record.pk for record in self.records).items() if units
        }
        for level in StockLevel.objects.all():
            assert 0 <= level.allocated <= level.on_hand


def test_sums_caches_and_promises_hold_after_every_step() -> None:
    run_state_machine_as_test(
        Shelf,
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
