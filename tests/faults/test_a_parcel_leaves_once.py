"""kill -9 of the web server while staff send a parcel off: nothing is half sent, the second press sends it once."""

import pytest

from tests.faults.books import assert_all_is_well
from tests.faults.buying import at_payment, in_background, new_shopper, order_of, order_page, status_of, was_cut_off
from tests.faults.points import held, wait_for, wait_until_blocked
from tests.live.running_shop import RunningShop
from tests.live.shopper import Shopper

pytestmark = pytest.mark.live
PASSWORD = "calm-evening-lamp-7"


@pytest.fixture
def staff(shop: RunningShop) -> Shopper:
    staff = new_shopper(shop)
    email = staff.person["email"]
    shop.manage(
        "shell", "-c",
        "from checkout.accounts.models import User;"
        f"User.objects.create_superuser(email={email!r}, password={PASSWORD!r})",
    )  # fmt: skip
    staff.get("/account/login/?next=/admin/")
    staff.submit(staff.form("/account/login/", needs="password"), login=email, password=PASSWORD)
    assert staff.page.status_code == 200
    assert "/admin/" in str(staff.page.url)
    return staff


def test_the_web_server_dies_while_a_parcel_is_sent_off(shop: RunningShop, staff: Shopper) -> None:
    shopper = at_payment(shop, "/p/quiet-vase/")
    shopper.pay()
    order_id = order_of(shop, shopper)
    parcels = "SELECT id, state FROM fulfilment_shipment WHERE order_id = %s"
    wait_for(lambda: shop.query(parcels, order_id), what="the parcel", seconds=60)
    ((parcel_id, _),) = shop.query(parcels, order_id)
    page = f"/admin/fulfilment/shipment/{parcel_id}/change/"
    staff.get(page)
    form = staff.form("/dispatch/")
    sku = "SELECT 1 FROM partner_stockrecord WHERE partner_sku = 'QUIET-VASE' FOR UPDATE"
    with held(shop, sku):
        pressed = in_background(lambda: staff.submit(form, tracking_number="CALM-1"))
        wait_until_blocked(shop)
        shop.kill("web")
    assert was_cut_off(pressed)
    assert shop.query(parcels, order_id) == [(parcel_id, "open")]
    assert status_of(shop, shopper) == "paid"

    shop.wait_until_ready()
    for _ in range(2):
        staff.submit(form, tracking_number="CALM-1")
        assert staff.page.status_code == 200
    assert shop.query(parcels, order_id) == [(parcel_id, "dispatched")]
    assert_all_is_well(shop)
    assert status_of(shop, shopper) == "shipped"
    assert shop.query(
        "SELECT sum(quantity_delta), count(*) FROM inventory_stockmovement WHERE reference = %s",
        f"shipment:{parcel_id}",
    ) == [(-1, 1)]
    kinds = shop.query("SELECT kind FROM checkout_mail WHERE order_id = %s ORDER BY kind", order_id)
    assert [kind for (kind,) in kinds] == ["order_confirmed", "order_shipped"]
    shopper.get(order_page(shop, shopper))
    assert "on its way" in shopper.page.text
    assert "CALM-1" in shopper.page.text
