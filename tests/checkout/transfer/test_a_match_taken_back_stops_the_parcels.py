"""What was paid by mistake is not sent: parcels stop with the match, and go on when the order is paid, or a person says so."""

import pytest

from checkout.payments.transfer.matching import MISMATCHED, CannotMatch, match_entry, undo_match
from shipping.fulfilment.dispatch import CannotDispatch, dispatch_shipment
from shipping.fulfilment.models import ParcelStop, Shipment
from shipping.fulfilment.opening import open_shipments
from shop.audit.models import AuditEntry
from tests.backoffice.desk import staff_client
from tests.checkout.till import broken_invariants, payment_of, run_jobs
from tests.checkout.transfer.bank import arrive, reference, states, transfer_order

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA11")]


def test_taking_a_match_back_stops_the_parcels_until_the_order_is_paid_again() -> None:
    order, rightful = transfer_order(), transfer_order()
    first, second = arrive(("24.90", reference(order)), ("24.90", "no words"), name="Grace")
    run_jobs()
    (parcel,) = Shipment.objects.filter(order=order, state="open")
    undo_match(first.pk, actor="tests")
    with pytest.raises(CannotDispatch, match="cancelled"):
        dispatch_shipment(parcel.pk, actor="tests")
    assert open_shipments(order.pk) == [], "neither a late order.paid nor a delivery opens one"
    assert ParcelStop.objects.get().reason == MISMATCHED
    assert "1 open parcel stopped" in order.events.filter(kind="alert").latest("pk").message
    assert broken_invariants() == []
    match_entry(first.pk, rightful.pk, how="hand")
    match_entry(second.pk, order.pk, how="hand")
    (again,) = Shipment.objects.filter(order=order, state="open")
    assert dispatch_shipment(again.pk, actor="tests").state == "dispatched"
    run_jobs()
    assert broken_invariants() == []


def test_a_person_may_send_a_stopped_order_all_the_same() -> None:
    order = transfer_order()
    (entry,) = arrive(("24.90", reference(order)))
    run_jobs()
    undo_match(entry.pk, actor="tests")
    desk = staff_client("manager")
    page = f"/admin/order/order/{order.pk}/"
    assert "Its parcels are stopped." in desk.get(f"{page}change/").text
    assert desk.post(f"{page}send/", {"reason": "He paid in cash.", "key": "a"}).status_code == 303
    assert Shipment.objects.filter(order=order, state="open").count() == 1
    assert payment_of(order).state == "held"
    assert AuditEntry.objects.filter(action="send held order", reason="He paid in cash.").count() == 1
    assert "Send all the same" not in desk.get(f"{page}change/").text


def test_the_doctor_finds_a_parcel_that_slipped_past_a_stop() -> None:
    order = transfer_order()
    arrive(("24.90", reference(order)))
    run_jobs()
    ParcelStop.objects.create(order=order, reason="A test.")
    assert [name for name, _ in broken_invariants()] == ["I5.3 No parcel is open of an order whose parcels are stopped"]


def test_after_a_parcel_has_left_the_match_stays() -> None:
    order = transfer_order()
    (entry,) = arrive(("24.90", reference(order)))
    run_jobs()
    dispatch_shipment(Shipment.objects.get(order=order).pk, actor="tests")
    with pytest.raises(CannotMatch, match="has left already"):
        undo_match(entry.pk, actor="tests")
    assert (states([entry]), payment_of(order).state) == (["matched"], "paid")
