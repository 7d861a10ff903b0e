"""Each number of the home is the length of the list behind it, and the home costs the same at any size."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.apps.catalogue.reviews.models import ProductReview

from checkout.payments.records import PaymentAttempt
from checkout.shield.records import HeldPayment
from checkout.tax.vat_records import VatCase
from shipping.fulfilment.opening import open_shipments
from shop.backoffice.work_lists import WORK_LISTS
from shop.failures.models import ServerFailure
from shop.outbox.models import OutboxEvent
from tests.backoffice.desk import make_staff, sign_in, staff_client
from tests.shipping.fulfilment.paid import make_paid_order
from tests.shopfloor import attempt_of, make_order, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("AD01")]


def fill(number: int) -> None:
    product = make_product(stock=number * 5)
    for _ in range(number):
        open_shipments(make_paid_order(product).pk)
        held = attempt_of(make_order(product))
        PaymentAttempt.objects.filter(pk=held.pk).update(state="held", hold_reason="It differs.")
        waiting = make_order(product)
        HeldPayment.objects.create(order=waiting, why="rush", until=timezone.now())
        VatCase.objects.create(order=waiting, vat_id="FR40303265045", tax=1)
        make_product(stock=1)
        ProductReview.objects.create(product=make_product(), score=5, title="Good", body="Good.", status=0)
        ServerFailure.objects.create(request_id="abcdef12", method="GET", path="/", kind="KeyError")
    waiting = OutboxEvent.objects.filter(parked_at=None, done_at=None).values_list("pk", flat=True)[:number]
    OutboxEvent.objects.filter(pk__in=list(waiting)).update(parked_at=timezone.now())


def test_a_number_is_the_length_of_the_list_it_opens() -> None:
    fill(2)
    client = staff_client()
    home = client.get("/admin/").context["home"]
    counts = {number.work.code: number.count for number in home.numbers if number.count}
    assert counts == {
        "to-ship": 2, "to-check": 2, "unpaid": 4, "low": 2, "to-approve": 2, "parked": 2, "unexplained": 2, "slowed": 2,
        "vat": 2,
    }  # fmt: skip
    for number in home.numbers:
        listed = client.get(number.work.url).context["cl"]
        assert listed.result_count == number.count, number.work.code


def test_the_home_costs_the_same_at_any_size() -> None:
    client = staff_client()
    fill(1)
    with CaptureQueriesContext(connection) as few:
        client.get("/admin/")
    fill(6)
    with CaptureQueriesContext(connection) as many:
        client.get("/admin/")
    assert len(few) == len(many) <= 20


def test_a_role_sees_only_the_numbers_of_its_work() -> None:
    client = staff_client("warehouse")
    codes = {number.work.code for number in client.get("/admin/").context["home"].numbers}
    assert codes == {"to-ship", "unpaid", "low", "deliveries", "on-the-way", "to-count", "late"}


def test_staff_without_a_role_are_told_whom_to_ask() -> None:
    user = make_staff("support")
    user.groups.clear()
    from django.test import Client

    client = Client()
    sign_in(client, user)
    page = client.get("/admin/").content.decode()
    assert "Ask the owner of the shop" in page


def test_every_work_list_has_a_page_of_its_own() -> None:
    client = staff_client()
    for work in WORK_LISTS:
        page = client.get(work.url).content.decode()
        assert re.search(r"<h1", page), work.code


@pytest.mark.feature("PA07")
@pytest.mark.parametrize(("hours", "count"), [(-1, 1), (1, 1), (23, 1), (25, 0)])
def test_an_authorisation_that_ends_within_a_day_is_a_task_in_red(hours: int, count: int) -> None:
    attempt = attempt_of(make_paid_order(make_product()))
    end = timezone.now() + timedelta(hours=hours)
    PaymentAttempt.objects.filter(pk=attempt.pk).update(state="authorised", capture_before=end)
    client = staff_client("order desk")
    (task,) = [one for one in client.get("/admin/").context["home"].numbers if one.work.code == "lapsing"]
    assert (task.count, task.work.is_alarm) == (count, True)
    assert client.get(task.work.url).context["cl"].result_count == count
