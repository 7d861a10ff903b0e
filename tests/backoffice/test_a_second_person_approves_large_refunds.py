"""At the desk: choose what goes back; above one's limit a colleague finds the request on the home page and decides."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from oscar.apps.order.models import Order

from checkout.models import PaymentAttempt, Refund, RefundRequest
from shop.audit.models import AuditEntry
from shop.backoffice.refund_acts import limit_of
from tests.backoffice.desk import make_staff, sign_in, staff_client
from tests.backoffice.test_an_order_is_handled_on_its_page import act, paid
from tests.shopfloor import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PA08")]


@pytest.fixture
def order() -> Order:
    return paid(make_product("Sofa", price="400.00"))


def decide(client: Client, request: RefundRequest, verb: str, **data: str) -> Any:
    address = f"/admin/checkout/refundrequest/{request.pk}/{verb}/"
    asked = client.get(address)
    assert asked.status_code == 200
    return client.post(address, {"key": asked.context["form"]["key"].value(), **data})


def test_a_line_is_chosen_by_units_and_goes_back_at_once_within_the_limit(order: Order) -> None:
    client = staff_client()
    line = order.lines.get()
    page = client.get(f"/admin/order/order/{order.pk}/refund/").content.decode()
    assert "Units of Sofa" in page
    assert "up to 4.90 EUR" in page
    form = {f"line_{line.pk}": "1", "reason": "It came back."}
    assert act(client, order, "refund", **form).status_code == 303
    refund = Refund.objects.get()
    assert (refund.amount, refund.parts.get().line) == (Decimal("400.00"), line)
    assert "1 × Sofa" in client.get(f"/admin/checkout/refund/{refund.pk}/change/").content.decode()
    again = act(client, order, "refund", **form)
    assert "0 of Sofa can still be refunded, not 1" in again.content.decode()


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "Say what goes back"),
        ({"everything": "on", "amount": "1.00"}, "Choose either everything, or what of it goes back."),
        ({"delivery": "4.91"}, "4.90 EUR of the delivery can still be refunded."),
    ],
)
def test_a_choice_that_says_nothing_or_too_much_is_refused(order: Order, form: dict[str, str], words: str) -> None:
    answer = act(staff_client(), order, "refund", reason="A test", **form)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Refund.objects.exists()


def test_above_the_limit_a_colleague_decides(order: Order) -> None:
    desk, boss = staff_client("order desk"), staff_client("manager")
    assert "Above 100.00 EUR" in desk.get(f"/admin/order/order/{order.pk}/refund/").content.decode()
    answer = act(desk, order, "refund", everything="on", reason="She is furious.")
    assert answer.status_code == 303
    assert not Refund.objects.exists()
    request = RefundRequest.objects.get()
    assert desk.get(f"/admin/checkout/refundrequest/{request.pk}/approve/").status_code == 403
    home = boss.get("/admin/").content.decode()
    assert "/admin/checkout/refundrequest/?list=second-person" in home
    assert "Refunds to approve 1" in boss.get("/admin/").content.decode()
    assert decide(boss, request, "approve").status_code == 303
    assert PaymentAttempt.objects.get(order=order).refunded == order.total_incl_tax
    assert AuditEntry.objects.filter(action="approve refund", actor_name="manager@shop.example").count() == 1
    assert "Refunds to approve" not in boss.get("/admin/").context["home"].sentence


def test_a_manager_does_not_approve_what_they_asked_for(order: Order) -> None:
    boss = staff_client("manager")
    PaymentAttempt.objects.filter(order=order).update(amount=900, captured=900)
    act(boss, order, "refund", amount="600.00", reason="A friend.")
    answer = decide(boss, RefundRequest.objects.get(), "approve")
    assert answer.status_code == 200
    assert "somebody else has to look at it" in answer.content.decode()
    assert decide(staff_client("accountant"), RefundRequest.objects.get(), "decline", reason="No.").status_code == 303
    assert not Refund.objects.exists()


def test_the_limit_is_the_highest_of_a_persons_roles_and_counts_in_the_shops_currency() -> None:
    desk = make_staff("order desk")
    assert limit_of(desk, "EUR") == 100
    assert limit_of(desk, "JPY") == 0
    desk.groups.add(*make_staff("manager").groups.all())
    assert limit_of(desk, "EUR") == 500
    assert limit_of(make_staff("owner"), "JPY") is None
    assert limit_of(make_staff("support"), "EUR") == 0
    client = Client()
    sign_in(client, desk)
    assert client.get("/admin/checkout/refundrequest/").status_code == 200
