"""Staff put an order together; the link shows it as it is now, ends, and leads to one order, paid once."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from oscar.apps.order.models import Order
from oscar.apps.voucher.models import Voucher

from catalog.pricing.change import NewPrice, change_prices
from checkout.models import Mail, PreparedOrder
from checkout.prepared.preparing import CannotPrepare, Prepared, Wanted, prepare_order, withdraw
from shop.audit.models import AuditEntry
from tests.backoffice.desk import make_staff, sign_in
from tests.checkout.page.walk import hidden_quote
from tests.checkout.till import Till, broken_invariants, run_jobs, state_of
from tests.shopfloor import ADDRESS, make_product, open_shop, put_on_shelf, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CC10")]


@pytest.fixture
def lamp() -> Any:
    open_shop()
    return make_product("Lamp", sku="LAMP-1", price="40.00", stock=5)


def prepare(quantity: int = 2, **fields: Any) -> Prepared:
    fields = {"email": "ada@example.com", "address": ADDRESS, **fields}
    return prepare_order(Wanted(lines=[("LAMP-1", quantity)], **fields), actor=None)


def path_in(link: str) -> str:
    return link.removeprefix("http://testserver")


def buy(client: Client, link: str) -> Any:
    """Take it over, choose the delivery, agree, press the button."""
    path = path_in(link)
    assert client.post(f"{path}take/")["Location"] == "/checkout/"
    client.post("/checkout/delivery/", {"method": "standard-de"})
    page = client.get("/checkout/").content.decode()
    return client.post("/checkout/place/", {"quote": hidden_quote(page), "terms": "on"})


def test_from_the_desk_to_a_paid_order(till: Till, lamp: Any, client: Client) -> None:
    prepared = prepare(discount_percent=Decimal(25), reason="scratched box")
    assert prepared.link in Mail.objects.get(kind="prepared_order").text
    run_jobs()
    page = client.get(path_in(prepared.link)).content.decode()
    assert "2 × Lamp" in page
    assert "60.00 EUR" in page  # 80.00 less a quarter.
    assert client.cookies.get("basket") is None
    answer = buy(client, prepared.link)
    order = Order.objects.get()
    assert (answer.status_code, order.total_incl_tax) == (303, Decimal("64.90"))
    till.pay(order)
    till.deliver()
    run_jobs()
    assert state_of(order) == "paid"
    # The link leads to the order now; there is no second one to be had from it.
    for _ in range(2):
        assert client.get(path_in(prepared.link))["Location"].startswith("/order/")
        assert client.post(f"{path_in(prepared.link)}take/")["Location"].startswith("/order/")
    assert Order.objects.count() == 1
    assert len(till.held()) == 1
    assert broken_invariants() == []


def test_the_page_shows_stock_and_prices_of_now(lamp: Any, client: Client) -> None:
    prepared = prepare(3)
    new = NewPrice(stock_record_id=record_of(lamp).pk, price=Decimal("45.00"))
    change_prices([new], actor_name="tests", reason="dearer")
    page = client.get(path_in(prepared.link)).content.decode()
    assert "Something changed since we wrote to you" in page
    assert "120.00 EUR" in page
    assert "135.00 EUR" in page
    with_less = record_of(lamp)
    put_on_shelf(with_less, -3)
    assert "Only 2 left" in client.get(path_in(prepared.link)).content.decode()


def test_the_link_ends_and_can_be_withdrawn(lamp: Any, client: Client) -> None:
    first, second = prepare(1), prepare(1)
    PreparedOrder.objects.filter(pk=first.record.pk).update(expires_at=F("created_at") - timedelta(seconds=1))
    assert client.get(path_in(first.link)).status_code == 404
    assert client.post(f"{path_in(second.link)}take/").status_code == 303
    assert withdraw([second.record.pk], actor=make_staff()) == 1
    assert withdraw([second.record.pk], actor=None) == 0
    assert client.get(path_in(second.link)).status_code == 404
    assert client.get("/checkout/")["Location"] == "/basket/"
    assert client.get("/checkout/prepared/nothing/").status_code == 404


def test_two_who_open_the_link_make_one_order(till: Till, lamp: Any) -> None:
    prepared = prepare(1)
    answers = [buy(Client(), prepared.link)]
    other = Client()
    answers.append(other.post(f"{path_in(prepared.link)}take/"))
    assert Order.objects.count() == 1
    assert answers[1]["Location"].startswith("/order/")


def test_two_who_are_at_the_button_together_make_one_order_and_one_payment(till: Till, lamp: Any) -> None:
    prepared = prepare(1)
    pages = []
    for shopper in (ada := Client(), bob := Client()):
        shopper.post(f"{path_in(prepared.link)}take/")
        shopper.post("/checkout/delivery/", {"method": "standard-de"})
        pages.append(shopper.get("/checkout/").content.decode())
    for shopper, page in zip((ada, bob), pages, strict=True):
        assert shopper.post("/checkout/place/", {"quote": hidden_quote(page), "terms": "on"}).status_code == 303
    order = Order.objects.get()
    assert [one["metadata"]["order"] for one in till.control.state()["sessions"]] == [order.number]
    till.pay(order)
    till.deliver()
    run_jobs()
    assert bob.post("/checkout/place/", {"quote": hidden_quote(pages[1]), "terms": "on"})["Location"].startswith(
        "/order/"
    )
    assert (Order.objects.count(), len(till.held()), state_of(order)) == (1, 1, "paid")


def test_a_discount_is_for_these_things_once(lamp: Any, client: Client) -> None:
    prepared = prepare(1, discount_percent=Decimal(50), reason="friend of the house")
    code = Voucher.objects.get(pk=prepared.record.voucher_id).code
    make_product("Chair", sku="CHAIR-1", price="100.00")
    shopper = Client()
    shopper.post(f"/basket/add/{record_of(lamp).product_id}/", {"quantity": "3"})
    shopper.post(f"/basket/add/{make_product(price='100.00').pk}/")
    shopper.post("/basket/voucher/", {"code": code})
    assert "-20.00 EUR" in shopper.get("/basket/").content.decode()  # Half of one lamp, not of all.
    entry = AuditEntry.objects.get(action="prepare")
    assert (entry.reason, entry.after["discount"]) == ("friend of the house", "50 %")


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"lines": [("NOPE", 1)]}, "Nothing with the SKU NOPE is for sale"),
        ({"lines": [("LAMP-1", 9)]}, "only 5 left"),
        ({"lines": []}, "at least one SKU"),
        ({"lines": [("LAMP-1", 1)], "discount_percent": Decimal(5)}, "needs a reason"),
    ],
)
def test_what_cannot_be_prepared_gets_a_sentence(lamp: Any, wanted: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CannotPrepare, match=sentence):
        prepare_order(Wanted(email="a@example.com", **wanted), actor=None)
    assert not PreparedOrder.objects.exists()
    assert not Mail.objects.exists()


FORM = {
    "email": "ada@example.com",
    "phone": "",
    "lines": "LAMP-1 2\n",
    "days": "7",
    "discount_percent": "10",
    "reason": "x",
}


def test_the_desk_prepares_and_only_who_may_gives_a_discount(lamp: Any, client: Client) -> None:
    sign_in(client, make_staff("order desk"))
    page = client.post("/admin/checkout/preparedorder/new/", {**FORM, "reason": ""}).content.decode()
    assert "a discount needs a reason" in page
    done = client.post("/admin/checkout/preparedorder/new/", FORM, follow=True).content.decode()
    link = re.search(r"/checkout/prepared/[\w-]+/", done)
    assert link
    assert PreparedOrder.objects.get().discount_percent == 10
    support = Client()
    sign_in(support, make_staff("support"))
    assert "Discount in percent" not in support.get("/admin/checkout/preparedorder/new/").content.decode()
    support.post("/admin/checkout/preparedorder/new/", FORM)
    assert [one.discount_percent for one in PreparedOrder.objects.order_by("pk")] == [10, 0]


@pytest.mark.parametrize("lines", ["LAMP-1 0", "LAMP-1 x y", "LAMP-1 100", "LAMP-1 00012", ""])
def test_a_line_that_cannot_be_read_says_so(lamp: Any, client: Client, lines: str) -> None:
    sign_in(client, make_staff("order desk"))
    answer = client.post("/admin/checkout/preparedorder/new/", {**FORM, "lines": lines})
    assert answer.status_code == 200
    assert not PreparedOrder.objects.exists()
