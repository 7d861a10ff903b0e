"""To ship, pick list, dispatch whole or in part, packing slip; refusals are sentences."""

import pytest
from django.test import Client

from inventory.models import StockMovement
from shipping.fulfilment.cancelling import cancel_open_shipments
from shipping.fulfilment.models import Shipment
from shipping.fulfilment.opening import open_shipments
from tests.backoffice.desk import staff_client
from tests.shipping.fulfilment.paid import make_paid_order
from tests.shopfloor import make_location, make_product, put_on_shelf, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("SH05")]


def a_shipment(*quantities: int) -> Shipment:
    order = make_paid_order(*[(make_product(f"Thing {n}", sku=f"T-{n}"), n) for n in quantities or (2,)])
    return open_shipments(order.pk)[0]


def dispatch(client: Client, shipment: Shipment, **data: object):  # type: ignore[no-untyped-def]
    form = {f"line_{line.pk}": line.quantity for line in shipment.lines.all()} | data
    return client.post(f"/admin/fulfilment/shipment/{shipment.pk}/dispatch/", form)


def test_a_whole_parcel_leaves_with_its_number() -> None:
    client = staff_client("warehouse")
    shipment = a_shipment(2, 1)
    assert dispatch(client, shipment, tracking_number=" 0034 ", carrier="DHL").status_code == 303
    shipment.refresh_from_db()
    assert (shipment.state, shipment.tracking_number) == ("dispatched", "0034")
    assert sum(StockMovement.objects.filter(kind="dispatch").values_list("quantity_delta", flat=True)) == -3
    assert "left Main" in client.get(f"/admin/fulfilment/shipment/{shipment.pk}/change/").content.decode()


def test_a_double_click_sends_one_parcel() -> None:
    client = staff_client("warehouse")
    shipment = a_shipment()
    assert [dispatch(client, shipment).status_code for _ in range(2)] == [303, 303]
    assert StockMovement.objects.filter(kind="dispatch").count() == 1


def test_what_stays_behind_is_to_ship_again() -> None:
    client = staff_client("warehouse")
    shipment = a_shipment(3)
    line = shipment.lines.get()
    answer = client.post(f"/admin/fulfilment/shipment/{shipment.pk}/dispatch/", {f"line_{line.pk}": "1"}, follow=True)
    assert "2 units stay in a new open shipment." in answer.content.decode()
    later = Shipment.objects.exclude(pk=shipment.pk).get()
    assert (later.state, later.lines.get().quantity) == ("open", 2)


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        ("9", "The parcel can hold 0 to 2."),
        ("-1", "The parcel can hold 0 to 2."),
        ("two", "Enter a whole number."),
        ("", "0 leaves the line for later"),
        ("0", "give at least one line a quantity"),
    ],
)
def test_a_quantity_that_does_not_fit_is_refused_on_the_same_page(quantity: str, words: str) -> None:
    client = staff_client("warehouse")
    shipment = a_shipment(2)
    answer = dispatch(client, shipment, tracking_number="0034", **{f"line_{shipment.lines.get().pk}": quantity})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert words in page
    assert 'value="0034"' in page, "what was typed is kept"
    assert Shipment.objects.get().state == "open"


def test_a_cancelled_shipment_cannot_leave() -> None:
    client = staff_client("warehouse")
    shipment = a_shipment()
    cancel_open_shipments(shipment.order_id)
    assert "nothing may leave the house for it" in dispatch(client, shipment).content.decode()


def test_the_pick_list_is_one_walk_and_marks_what_was_fetched() -> None:
    client = staff_client("warehouse")
    product = make_product("Lamp", sku="LAMP-1")
    shipments = [open_shipments(make_paid_order((product, n)).pk)[0] for n in (1, 2)]
    page = client.get("/admin/fulfilment/shipment/pick-list/")
    stop = page.context["page"].walks[0].stops[0]
    assert (stop.sku, stop.quantity, len(stop.picks)) == ("LAMP-1", 3, 2)
    assert client.post("/admin/fulfilment/shipment/pick-list/").status_code == 303
    assert Shipment.objects.filter(picked_at__isnull=False).count() == len(shipments)


def test_chosen_shipments_go_to_the_pick_list() -> None:
    client = staff_client("warehouse")
    wanted, _ = a_shipment(1), a_shipment(4)
    answer = client.post(
        "/admin/fulfilment/shipment/",
        {"action": "print_pick_list", "_selected_action": [wanted.pk]},
        follow=True,
    )
    assert answer.context["page"].units == 1
    assert client.get("/admin/fulfilment/shipment/pick-list/?ids=abc,,99999999999999999999999").status_code == 200


def test_the_slip_names_things_without_prices() -> None:
    client = staff_client("warehouse")
    shipment = a_shipment(2)
    page = client.get(f"/admin/fulfilment/shipment/{shipment.pk}/slip/").content.decode()
    assert "Thing 2" in page
    assert "Ada Lovelace" in page
    assert "EUR" not in page


def test_two_locations_are_two_walks_however_their_priorities_stand() -> None:
    for number in range(3):
        product = make_product(sku=f"T-{number}", stock={"main": 1, "store": 1})
        open_shipments(make_paid_order((product, 2)).pk)
    page = staff_client("warehouse").get("/admin/fulfilment/shipment/pick-list/").context["page"]
    assert [(walk.location, len(walk.stops)) for walk in page.walks] == [("Main", 3), ("Store", 3)]


@pytest.mark.feature("IN04")
def test_the_page_says_why_the_units_come_from_here_and_not_from_elsewhere() -> None:
    lamp = make_product("Lamp", stock=3)
    record = record_of(lamp)
    put_on_shelf(record, 5, location=make_location("zz-studio", priority=99))
    shipment = open_shipments(make_paid_order((lamp, 2)).pk)[0]
    page = staff_client("warehouse").get(f"/admin/fulfilment/shipment/{shipment.pk}/change/").content.decode()
    assert "Has every unit, and is the first to be asked among those that have." in page
    assert "Not from zz-studio: Has every unit, but is asked later (priority 99)." in page
