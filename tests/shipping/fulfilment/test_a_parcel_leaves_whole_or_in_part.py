"""Dispatching: allocations, ledger, tracking and one event; refusals in words."""

import threading

import pytest
from django.db import connections

from checkout.accounts.models import User
from inventory.models import Allocation, StockLevel, StockMovement
from shipping.fulfilment import cancelling, dispatch
from shipping.fulfilment.cancelling import AlreadyDispatched, cancel_open_shipments
from shipping.fulfilment.dispatch import CannotDispatch, dispatch_shipment
from shipping.fulfilment.models import Shipment
from shipping.fulfilment.opening import open_shipments
from shipping.rates.models import Method
from shop.doctor.checks import run_check
from shop.outbox.models import OutboxEvent
from tests import shopfloor
from tests.shipping.fulfilment.paid import make_paid_order

pytestmark = pytest.mark.feature("SH04")


@pytest.fixture
def packer(db: None) -> User:
    return User.objects.create_user("packer@example.com", "a long password")


def _open(units: int = 3) -> Shipment:
    order = make_paid_order((shopfloor.make_product(stock=10), units))
    return open_shipments(order.pk)[0]


@pytest.mark.django_db
def test_a_whole_parcel_consumes_its_allocation_and_writes_the_ledger(packer: User) -> None:
    shipment = dispatch_shipment(_open().pk, actor=packer, tracking_number=" 00340 ")
    level = StockLevel.objects.get()
    assert (level.on_hand, level.allocated) == (7, 0)
    movement = StockMovement.objects.filter(kind="dispatch").get()
    assert (movement.quantity_delta, movement.actor_name, movement.reference) == (
        -3,
        str(packer),
        f"shipment:{shipment.pk}",
    )
    assert (shipment.state, shipment.tracking_number) == ("dispatched", "00340")
    assert OutboxEvent.objects.filter(key=f"shipment.dispatched:{shipment.pk}").count() == 1


@pytest.mark.django_db
def test_a_partial_parcel_leaves_the_rest_in_a_new_shipment(packer: User) -> None:
    shipment = _open(3)
    line = shipment.lines.get()
    dispatch_shipment(shipment.pk, actor=packer, quantities={line.pk: 2})
    rest = Shipment.objects.get(state="open")
    assert (rest.number, rest.lines.get().quantity) == (f"{shipment.order.number}-2", 1)
    dispatch_shipment(rest.pk, actor=packer)
    allocation = Allocation.objects.get()
    assert (allocation.quantity, allocation.dispatched) == (3, 3)


@pytest.mark.django_db
def test_a_double_click_dispatches_once(packer: User) -> None:
    shipment = _open()
    dispatch_shipment(shipment.pk, actor=packer, tracking_number="A")
    again = dispatch_shipment(shipment.pk, actor=packer, tracking_number="B")
    assert again.tracking_number == "A"
    assert StockMovement.objects.filter(kind="dispatch").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [(0, "Nothing is in this parcel"), (4, "can hold 0 to 3, not 4"), (-1, "can hold 0 to 3, not -1")],
)
def test_a_quantity_that_does_not_fit_is_refused_and_nothing_moves(packer: User, quantity: int, sentence: str) -> None:
    shipment = _open(3)
    with pytest.raises(CannotDispatch, match=sentence):
        dispatch_shipment(shipment.pk, actor=packer, quantities={shipment.lines.get().pk: quantity})
    assert Shipment.objects.get().state == "open"
    assert not StockMovement.objects.filter(kind="dispatch").exists()


@pytest.mark.django_db
def test_a_line_of_another_shipment_is_refused(packer: User) -> None:
    first, second = _open(), _open()
    with pytest.raises(CannotDispatch, match="not part of this shipment"):
        dispatch_shipment(first.pk, actor=packer, quantities={second.lines.get().pk: 1})


@pytest.mark.django_db
def test_tracking_links_come_from_the_method(packer: User) -> None:
    shipment = _open()
    Method.objects.filter(code=shipment.method_code).update(tracking_url="https://track.example/?n={number}")
    shipment = dispatch_shipment(shipment.pk, actor=packer, tracking_number="A/1 2")
    assert shipment.tracking_url == "https://track.example/?n=A%2F1%202"


@pytest.mark.django_db
def test_what_was_cancelled_cannot_leave_and_what_left_cannot_be_cancelled(packer: User) -> None:
    cancelled, gone = _open(), _open()
    cancel_open_shipments(cancelled.order_id)
    with pytest.raises(CannotDispatch, match="was cancelled"):
        dispatch_shipment(cancelled.pk, actor=packer)
    dispatch_shipment(gone.pk, actor=packer)
    with pytest.raises(AlreadyDispatched, match="already left"):
        cancel_open_shipments(gone.order_id)


def _race(shipment: Shipment, packer: User) -> list[str]:
    """Two staff at once: one dispatches, one cancels, each on a connection of its own."""
    barrier, results = threading.Barrier(2), []

    def act(name: str) -> None:
        barrier.wait()
        try:
            if name == "dispatch":
                dispatch_shipment(shipment.pk, actor=packer)
            else:
                from django.db import transaction

                with transaction.atomic():
                    cancel_open_shipments(shipment.order_id)
            results.append(name)
        except (CannotDispatch, AlreadyDispatched):
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(name,)) for name in ("dispatch", "cancel")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(3))
def test_a_race_between_cancel_and_dispatch_has_one_winner(packer: User, round_: int) -> None:
    shipment = _open()
    winners = _race(shipment, packer)
    assert len(winners) == 1
    shipment.refresh_from_db()
    assert shipment.state == {"dispatch": "dispatched", "cancel": "cancelled"}[winners[0]]


@pytest.mark.django_db(transaction=True)
def test_cancel_waits_for_the_orders_lock(packer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The competing cancel runs exactly between dispatch's check and its write; the order's lock makes it wait."""
    shipment = _open()
    outcome: list[str] = []

    def competing_cancel() -> None:
        from django.db import OperationalError, connection, transaction

        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '300ms'")
                cancelling.cancel_open_shipments(shipment.order_id)
            outcome.append("cancelled")
        except OperationalError:
            outcome.append("waited")
        finally:
            connections.close_all()

    original = dispatch._check_quantities

    def check_then_compete(*args: object) -> object:
        result = original(*args)  # type: ignore[arg-type]
        thread = threading.Thread(target=competing_cancel)
        thread.start()
        thread.join()
        return result

    monkeypatch.setattr(dispatch, "_check_quantities", check_then_compete)
    dispatch_shipment(shipment.pk, actor=packer)
    assert outcome == ["waited"]


@pytest.mark.django_db
def test_the_doctor_sees_a_parcel_that_the_ledger_does_not_know(packer: User) -> None:
    from django.db import connection

    from shipping.fulfilment.invariants import DISPATCHED_IN_LEDGER, SHIPPED_WITHIN_ALLOCATED

    shipment = _open()
    dispatch_shipment(shipment.pk, actor=packer)
    assert run_check(DISPATCHED_IN_LEDGER).violations == run_check(SHIPPED_WITHIN_ALLOCATED).violations == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE fulfilment_shipmentline SET quantity = quantity + 1")
    assert run_check(DISPATCHED_IN_LEDGER).violations == 1
    assert run_check(SHIPPED_WITHIN_ALLOCATED).violations == 1
