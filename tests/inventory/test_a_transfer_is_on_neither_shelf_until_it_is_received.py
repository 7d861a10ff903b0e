import pytest
from django.db import connection, transaction
from oscar.apps.partner.models import StockRecord

from inventory.availability import saleable
from inventory.costs.invariants import CHECKS as COST_CHECKS
from inventory.ledger import StockRefused
from inventory.locations import UnknownLocation
from inventory.models import StockLevel, StockMovement, Transfer
from inventory.transfer_invariants import CHECKS
from inventory.transfers import (
    TransferRefused,
    cancel_transfer,
    close_transfer,
    draft_transfer,
    receive_transfer,
    send_transfer,
)
from shop.doctor.checks import run_check
from tests.inventory.shelf import make_location, run_at_once, stock, stocked

pytestmark = [pytest.mark.django_db, pytest.mark.feature("IN11")]


@pytest.fixture
def lamp() -> StockRecord:
    make_location("main", priority=1)
    make_location("east", priority=2)
    return stock(stocked(10, "main"), 1, "east")


def draft(record: StockRecord, units: int = 6, *, key: str = "a") -> Transfer:
    return draft_transfer(
        origin_code="main",
        destination_code="east",
        quantities={record.pk: units},
        note="For the weekend",
        actor_name="Ann",
        key=key,
    )


def receive(transfer: Transfer, units: int, *, reason: str = "", key: str = "first") -> Transfer:
    line = transfer.lines.get()
    return receive_transfer(transfer.pk, arrived={line.pk: units}, reason=reason, actor_name="Ben", key=key)


def shelves(record: StockRecord) -> dict[str, int]:
    levels = StockLevel.objects.filter(stock_record=record)
    return dict(levels.values_list("location__code", "on_hand"))


def test_sent_units_can_be_sold_nowhere_until_they_arrive(lamp: StockRecord) -> None:
    transfer = draft(lamp)
    assert (shelves(lamp), saleable(lamp.pk)) == ({"main": 10, "east": 1}, 11)
    send_transfer(transfer.pk, actor_name="Ann")
    assert (shelves(lamp), saleable(lamp.pk)) == ({"main": 4, "east": 1}, 5)
    assert receive(transfer, 4).state == "in transit"
    assert (shelves(lamp), saleable(lamp.pk)) == ({"main": 4, "east": 5}, 9)
    assert receive(transfer, 2, key="second").state == "closed"
    assert shelves(lamp) == {"main": 4, "east": 7}
    rows = StockMovement.objects.filter(reference=f"transfer:{transfer.pk}").order_by("pk")
    assert [(one.kind, one.quantity_delta, one.actor_name) for one in rows] == [
        ("transfer out", -6, "Ann"),
        ("transfer in", 4, "Ben"),
        ("transfer in", 2, "Ben"),
    ]


def test_every_step_happens_once_however_often_it_is_asked_for(lamp: StockRecord) -> None:
    transfer = draft(lamp)
    assert draft(lamp).pk == transfer.pk
    for _ in range(2):
        send_transfer(transfer.pk, actor_name="Ann")
        receive(transfer, 4)
    assert shelves(lamp) == {"main": 4, "east": 5}


@pytest.mark.django_db(transaction=True)
def test_two_people_who_receive_the_same_delivery_put_it_on_the_shelf_once(lamp: StockRecord) -> None:
    transfer = send_transfer(draft(lamp).pk, actor_name="Ann")
    run_at_once([lambda: receive(transfer, 3, key="one delivery") for _ in range(4)])
    assert shelves(lamp) == {"main": 4, "east": 4}


def test_what_is_missing_and_what_is_more_is_written_down_with_a_reason(lamp: StockRecord) -> None:
    transfer = send_transfer(draft(lamp).pk, actor_name="Ann")
    receive(transfer, 4)
    with pytest.raises(TransferRefused, match="Say why"):
        close_transfer(transfer.pk, reason=" ", actor_name="Ann")
    close_transfer(transfer.pk, reason="Broken on the way", actor_name="Ann")
    line = transfer.lines.get()
    assert (line.received, line.missing, line.in_transit, line.reason) == (4, 2, 0, "Broken on the way")
    assert shelves(lamp) == {"main": 4, "east": 5}
    lost = StockMovement.objects.get(kind="write-off")
    assert (lost.quantity_delta, lost.reason, lost.location.code) == (-2, "Broken on the way", "main")

    again = send_transfer(draft(lamp, 2, key="b").pk, actor_name="Ann")
    with pytest.raises(TransferRefused, match="More arrived"):
        receive(again, 3)
    assert shelves(lamp) == {"main": 2, "east": 5}, "nothing half-written"
    assert receive(again, 3, reason="One more was in the box").state == "closed"
    assert shelves(lamp) == {"main": 2, "east": 8}
    assert again.lines.get().surplus == 1
    assert [check.name for check in (*CHECKS, *COST_CHECKS) if run_check(check).violations] == []


def test_what_cannot_be_is_refused_in_words(lamp: StockRecord) -> None:
    with pytest.raises(StockRefused, match="units on hand"):
        send_transfer(draft(lamp, 11).pk, actor_name="Ann")
    assert shelves(lamp) == {"main": 10, "east": 1}
    transfer = draft(lamp, key="b")
    with pytest.raises(TransferRefused, match="nothing of it is on the way"):
        receive(transfer, 1)
    assert cancel_transfer(transfer.pk).state == "cancelled"
    with pytest.raises(TransferRefused, match="it cannot be sent"):
        send_transfer(transfer.pk, actor_name="Ann")
    with pytest.raises(TransferRefused, match="two different"):
        draft_transfer(
            origin_code="main", destination_code="main", quantities={lamp.pk: 1}, note="", actor_name="A", key="c"
        )
    with pytest.raises(UnknownLocation):
        draft_transfer(
            origin_code="main", destination_code="mars", quantities={lamp.pk: 1}, note="", actor_name="A", key="d"
        )


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("What a transfer says", "UPDATE inventory_transferline SET received = received - 1"),
        ("A closed transfer accounts", "UPDATE inventory_transfer SET state = 'closed'"),
    ],
)
def test_the_doctor_finds_a_transfer_that_disagrees_with_the_ledger(
    lamp: StockRecord, name: str, statement: str
) -> None:
    transfer = send_transfer(draft(lamp).pk, actor_name="Ann")
    receive(transfer, 4)
    assert [check.name for check in CHECKS if run_check(check).violations] == []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert next(check.name for check in CHECKS if run_check(check).violations).startswith(name)
