"""Draft, place, receive in parts; fewer, more and the same delivery twice; freight and duty shared out to the cent."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import Kit
from inventory.costs.as_of import read_stock_as_of
from inventory.invariants import CHECKS as STOCK_CHECKS
from inventory.models import CostLayer, GoodsReceipt, PurchaseOrder, ReceiptLine, StockMovement, Supplier
from inventory.purchasing.expected import read_expected
from inventory.purchasing.invariants import CHECKS
from inventory.purchasing.ordering import (
    Draft,
    PurchaseRefused,
    WantedLine,
    cancel_purchase,
    change_expected_date,
    close_purchase,
    place_purchase,
    write_draft,
)
from inventory.purchasing.receiving import Delivery, MoreThanOrdered, receive_delivery
from shop.audit.models import AuditEntry
from shop.doctor.checks import registered_checks, run_check
from tests.inventory.shelf import make_location, make_stock_record, run_at_once
from tests.inventory.test_the_doctor_finds_damaged_stock import damage

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN10")]


def make_purchase(*wanted: tuple[str, int, str], placed: bool = True, **said: Any) -> PurchaseOrder:
    """Lines as (SKU, units, unit cost)."""
    supplier, _ = Supplier.objects.get_or_create(name="Brass Works", defaults={"lead_days": 10})
    location = make_location("main") if not PurchaseOrder.objects.exists() else PurchaseOrder.objects.first().location  # type: ignore[union-attr]
    lines = [
        WantedLine(stock_record_id=make_stock_record(sku).pk, sku=sku, quantity=units, unit_cost=Decimal(cost))
        for sku, units, cost in wanted
    ]
    draft = Draft(supplier_id=supplier.pk, location_id=location.pk, lines=lines, **said)
    order = write_draft(draft, actor="Ann")
    return place_purchase(order.pk, actor="Ann") if placed else order


def receive(order: PurchaseOrder, number: str, *units: int, **said: Any) -> GoodsReceipt:
    ids = order.lines.order_by("pk").values_list("pk", flat=True)
    delivery = Delivery(number=number, units=dict(zip(ids, units, strict=True)), **said)
    return receive_delivery(order.pk, delivery, actor="Bob")


def state_of(order: PurchaseOrder) -> str:
    order.refresh_from_db()
    return order.state


def units_on_hand() -> dict[str, int]:
    return {line.sku: line.on_hand for line in read_stock_as_of(timezone.now()).lines}


def test_a_delivery_in_parts_leaves_the_rest_expected_until_everything_came() -> None:
    order = make_purchase(("LAMP", 10, "4.00"), ("VASE", 5, "2.00"), expected_on=date(2026, 12, 3))
    lamp, vase = (line.stock_record_id for line in order.lines.order_by("pk"))
    first = receive(order, "LS 1", 4, 0)
    movement = StockMovement.objects.get()
    assert (movement.kind, movement.reference, movement.reason, movement.actor_name) == (
        "receipt", f"receipt:{first.pk}", f"{order.number}, delivery LS 1", "Bob",
    )  # fmt: skip
    expected = read_expected([lamp, vase])
    assert [(one.on, one.units, one.number) for one in expected[lamp]] == [(date(2026, 12, 3), 6, order.number)]
    assert [one.units for one in expected[vase]] == [5]
    assert state_of(order) == "ordered"
    receive(order, "LS 2", 6, 5)
    assert state_of(order) == "closed"
    assert read_expected([lamp, vase]) == {}
    assert units_on_hand() == {"LAMP": 10, "VASE": 5}
    assert AuditEntry.objects.filter(subject_type="purchaseorder", subject_id=order.number).count() == 4


def test_the_same_delivery_note_is_taken_in_once() -> None:
    order = make_purchase(("LAMP", 10, "4.00"))
    first = receive(order, "LS 1", 4)
    assert receive(order, " LS  1 ", 4) == first
    assert units_on_hand() == {"LAMP": 4}
    with pytest.raises(PurchaseRefused, match=r"LS 1 was taken in already, by Bob, with 4 units"):
        receive(order, "LS 1", 6)
    receive(order, "LS 2", 6)
    assert receive(order, "LS 1", 4) == first, "also when the order is closed by now"
    assert units_on_hand() == {"LAMP": 10}


def test_what_came_too_much_is_refused_or_kept_as_staff_say() -> None:
    order = make_purchase(("LAMP", 10, "4.00"), ("VASE", 5, "2.00"))
    with pytest.raises(MoreThanOrdered, match="LAMP: 12 came, 10 were still expected"):
        receive(order, "LS 1", 12, 5)
    assert units_on_hand() == {}
    receive(order, "LS 1", 12, 5, keeps_more=True)
    assert (units_on_hand(), state_of(order)) == ({"LAMP": 12, "VASE": 5}, "closed")
    assert CostLayer.objects.get(quantity=12).amount == Decimal("48.00")
    with pytest.raises(PurchaseRefused, match="is closed; nothing more is expected"):
        receive(order, "LS 2", 1, 0)


def test_what_never_came_is_given_up_by_closing() -> None:
    order = make_purchase(("LAMP", 10, "4.00"))
    with pytest.raises(PurchaseRefused, match="Cancel it instead"):
        close_purchase(order.pk, actor="Ann")
    receive(order, "LS 1", 7)
    with pytest.raises(PurchaseRefused, match="Close it instead"):
        cancel_purchase(order.pk, actor="Ann")
    close_purchase(order.pk, actor="Ann", reason="Sold out at the maker")
    assert close_purchase(order.pk, actor="Ann").state == "closed"
    assert read_expected([order.lines.get().stock_record_id]) == {}
    assert AuditEntry.objects.get(action="close purchase order").reason == "Sold out at the maker"


def test_freight_and_duty_are_shared_out_by_value_to_the_cent() -> None:
    order = make_purchase(("A", 3, "10.00"), ("B", 3, "10.00"), ("C", 3, "10.00"))
    receive(order, "LS 1", 1, 1, 1, freight=Decimal("8.00"), duty=Decimal("2.00"))
    assert list(ReceiptLine.objects.values_list("landed", flat=True)) == [
        Decimal("3.34"), Decimal("3.33"), Decimal("3.33")
    ]  # fmt: skip
    assert sorted(CostLayer.objects.values_list("amount", flat=True)) == [
        Decimal("13.33"), Decimal("13.33"), Decimal("13.34")
    ]  # fmt: skip
    assert read_stock_as_of(timezone.now()).totals.value == Decimal("40.00")


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), unit_cost=st.decimals("0", "9.9999", places=4))
def test_whatever_comes_in_which_parts_nothing_is_lost(data: st.DataObject, unit_cost: Decimal) -> None:
    with transaction.atomic():
        order = make_purchase(("A", 7, str(unit_cost)), ("B", 4, "1.2345"))
        paid = Decimal(0)
        for number in range(4):
            units = [data.draw(st.integers(0, 4)) for _ in range(2)]
            freight = data.draw(st.decimals("0", "20", places=2))
            if not any(units) or state_of(order) != "ordered":
                continue
            receive(order, f"LS {number}", *units, freight=freight, keeps_more=True)
            paid += freight
        came = [line.quantity for line in order.lines.order_by("pk")]
        received = [
            sum(line.received.values_list("quantity", flat=True)) for line in order.lines.order_by("pk")
        ]  # fmt: skip
        goods = sum(
            (line.unit_cost * units).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
            for line, units in zip(order.lines.order_by("pk"), received, strict=True)
        )
        assert read_stock_as_of(timezone.now()).totals.value == goods + paid
        assert (state_of(order) == "closed") == all(a >= b for a, b in zip(received, came, strict=True))
        assert [check.name for check in (*CHECKS, *STOCK_CHECKS) if run_check(check).violations] == []
        transaction.set_rollback(True)


def test_what_cannot_be_is_refused_with_a_sentence() -> None:
    order = make_purchase(("LAMP", 10, "4.00"))
    for said, words in (
        ({"number": "", "units": (1,)}, "number of the delivery note"),
        ({"number": "x", "units": (0,)}, "at least one line"),
        ({"number": "x", "units": (-1,)}, "whole numbers from 0"),
        ({"number": "x", "units": (1,), "freight": Decimal("0.001")}, "cannot be the freight"),
        ({"number": "x", "units": (1,), "duty": Decimal(-1)}, "cannot be the duty"),
    ):
        number, units = said.pop("number"), said.pop("units")
        with pytest.raises(PurchaseRefused, match=words):
            receive(order, number, *units, **said)
    with pytest.raises(PurchaseRefused, match="has no line 0"):
        receive_delivery(order.pk, Delivery(number="x", units={0: 1}), actor="Bob")
    with pytest.raises(PurchaseRefused, match="no purchase order 0"):
        place_purchase(0, actor="Ann")
    line = order.lines.get()
    for wanted, words in (
        ([("A", 0, "1")], "cannot be ordered"),
        ([("A", 1, "-1")], "cannot be the unit cost"),
        ([("A", 1, "0.00001")], "cannot be the unit cost"),
    ):
        with pytest.raises(PurchaseRefused, match=words), transaction.atomic():
            make_purchase(*wanted)
    twice = WantedLine(line.stock_record_id, "LAMP", 1, Decimal(1))
    draft = Draft(supplier_id=order.supplier_id, location_id=order.location_id, lines=[twice, twice])
    with pytest.raises(PurchaseRefused, match="LAMP stands in two lines"):
        write_draft(draft, actor="Ann")
    with pytest.raises(PurchaseRefused, match="its lines cannot change any more"):
        write_draft(
            Draft(supplier_id=order.supplier_id, location_id=order.location_id, lines=[]), actor="A", order_id=order.pk
        )
    kit = make_stock_record("KIT")
    Kit.objects.create(stock_record=kit)
    with pytest.raises(PurchaseRefused, match="KIT is a kit"):
        write_draft(
            Draft(supplier_id=order.supplier_id, location_id=order.location_id,
                  lines=[WantedLine(kit.pk, "KIT", 1, Decimal(1))]),
            actor="Ann",
        )  # fmt: skip


def test_a_draft_is_not_expected_and_a_placed_one_has_a_day() -> None:
    order = make_purchase(("LAMP", 10, "4.00"), placed=False)
    record = order.lines.get().stock_record_id
    assert read_expected([record]) == {}
    with pytest.raises(PurchaseRefused, match="place it before"):
        receive(order, "LS 1", 1)
    placed = place_purchase(order.pk, actor="Ann")
    assert place_purchase(order.pk, actor="Ann").pk == placed.pk
    assert (placed.expected_on - timezone.localdate()).days == 10, "the supplier's lead time"
    change_expected_date(order.pk, expected_on=date(2030, 1, 2), actor="Ann", reason="Strike")
    assert read_expected([record])[record][0].on == date(2030, 1, 2)
    cancel_purchase(order.pk, actor="Ann")
    with pytest.raises(PurchaseRefused, match="nothing more is expected"):
        change_expected_date(order.pk, expected_on=date(2030, 1, 2), actor="Ann")
    with pytest.raises(PurchaseRefused, match="has no lines"):
        place_purchase(make_purchase(placed=False).pk, actor="Ann")


@pytest.mark.parametrize(
    ("index", "statement"),
    [
        (0, "UPDATE inventory_receiptline SET quantity = quantity + 1"),
        (0, "UPDATE inventory_receiptline SET goods = goods + 0.01"),
        (0, "DELETE FROM inventory_costlayer"),
        (0, "UPDATE inventory_stockmovement SET reference = 'receipt:0'"),
        (1, "UPDATE inventory_receiptline SET landed = landed + 0.01"),
        (1, "UPDATE inventory_goodsreceipt SET duty = duty + 1"),
    ],
)
def test_the_doctor_finds_damaged_deliveries(index: int, statement: str) -> None:
    receive(make_purchase(("LAMP", 10, "4.00")), "LS 1", 4, freight=Decimal("1.00"))
    assert [check.name for check in CHECKS if run_check(check).violations] == []
    damage(statement)
    assert run_check(CHECKS[index]).examples
    assert {check.name for check in CHECKS} <= {check.name for check in registered_checks()}


def test_the_database_refuses_to_change_a_delivery() -> None:
    receive(make_purchase(("LAMP", 10, "4.00")), "LS 1", 4)
    for act in (
        lambda: GoodsReceipt.objects.update(number="x"),
        lambda: ReceiptLine.objects.all().delete(),
        lambda: CostLayer.objects.update(amount=1),
    ):
        with pytest.raises((InternalError, IntegrityError), match="append-only"), transaction.atomic():
            act()


@pytest.mark.django_db(transaction=True)
def test_a_delivery_that_two_people_enter_at_once_comes_in_once() -> None:
    order = make_purchase(("LAMP", 10, "4.00"))
    answers = run_at_once([lambda: receive(order, "LS 1", 4).pk for _ in range(4)])
    assert len(set(answers)) == 1
    assert units_on_hand() == {"LAMP": 4}
    refused = run_at_once([lambda n=n: receive(order, f"LS {n}", 5).pk for n in (2, 3)])
    assert sum(isinstance(one, MoreThanOrdered) for one in refused) == 1
    assert units_on_hand() == {"LAMP": 9}
