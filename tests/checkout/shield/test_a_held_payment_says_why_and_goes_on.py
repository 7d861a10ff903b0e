"""Over the real pages, with a provider that refuses: the page names the ways on; mail, staff and patience each lead there."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from oscar.apps.order.models import Order

from checkout.models import Mail, PaymentTry
from checkout.orders.access import order_path, token_of
from checkout.payments.records import PaymentAttempt
from checkout.shield.limits import ORDER_DECLINED
from checkout.shield.records import HeldPayment
from checkout.shield.releasing import release_payments
from shop.audit.models import AuditEntry
from tests.backoffice.desk import make_staff
from tests.checkout.page.walk import fill_in, hidden_quote
from tests.checkout.shield.street import pending_orders
from tests.checkout.till import Till, payment_of, run_jobs, state_of
from tests.shopfloor import make_order, make_product, open_shop

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CC09")]

REFUSED = "4000000000000002"


def refuse(till: Till, order: Order, times: int) -> None:
    """So many cards are refused on the provider's own page; its messages arrive, each twice."""
    for _ in range(times):
        till.pay(order, card=REFUSED)
    events = till.events("charge.failed", "payment_intent.payment_failed")
    till.deliver(events)
    till.deliver(events)
    run_jobs()


@pytest.fixture
def held(till: Till, client: Client) -> Order:
    """An order on which eight cards were refused, tried once more."""
    order = make_order()
    refuse(till, order, ORDER_DECLINED)
    press(client, order)
    return order


def press(client: Client, order: Order, **form: str) -> str:
    """Where the pay button leads."""
    answer = client.post(f"{order_path(token_of(order.pk))}pay/", form)
    assert answer.status_code == 303
    return str(answer["Location"])


def test_three_refused_cards_hold_nobody_up(till: Till, client: Client) -> None:
    order = make_order()
    refuse(till, order, 3)
    assert PaymentTry.objects.filter(kind="declined").count() == 3
    assert press(client, order) == payment_of(order).session_url
    assert len(till.control.state()["sessions"]) == 1
    till.pay(order)
    till.deliver()
    run_jobs()
    assert state_of(order) == "paid"


def test_after_eight_the_page_is_closed_and_the_order_waits(till: Till, held: Order, order_page: Any) -> None:
    assert [one["status"] for one in till.control.state()["sessions"]] == ["expired"]
    assert PaymentAttempt.objects.filter(order=held, state="cancelled").count() == 1
    page = order_page(held).content.decode()
    assert "Paying was tried many times in a short while" in page
    assert "Nothing was charged, and your things are kept for you" in " ".join(page.split())
    assert "we write to a…@example.com" in page
    assert re.search(r"Or try here again at <time datetime=\"[^\"]+\">\d\d:\d\d</time>", page)
    assert state_of(held) == "pending payment"


@pytest.mark.parametrize(
    ("kind", "is_proven", "page"),
    [("declined", False, "expired"), ("declined", True, "open"), ("opened", False, "open")],
    ids=["refused", "refused, confirmed by mail", "nobody knows yet"],
)
def test_while_cards_are_refused_everywhere_a_page_is_closed_with_its_first_refusal(
    till: Till, client: Client, kind: str, is_proven: bool, page: str
) -> None:
    """An open page at the provider would let seven more cards through; whoever has confirmed by mail keeps it."""
    order = make_order()
    if is_proven:
        HeldPayment.objects.create(order=order, why="rush", until=Now(), proven_at=Now())
    for number, other in enumerate(pending_orders(20)):
        PaymentTry.objects.create(key=f"{kind}:{number}", kind=kind, order=other, net=f"net {number}")
    refuse(till, order, 1)
    assert [one["status"] for one in till.control.state()["sessions"]] == [page]
    assert (press(client, order) == order_path(token_of(order.pk))) is not is_proven


def test_the_link_in_the_mail_leads_on_at_once(till: Till, held: Order, client: Client, order_page: Any) -> None:
    page = order_path(token_of(held.pk))
    for _ in range(2):
        assert client.post(f"{page}confirm/").status_code == 303
    mail = Mail.objects.get(order=held, kind="payment_proof")
    found = re.search(r"\?proof=([0-9a-f]+)", mail.text)
    assert found
    shown = order_page(held, f"proof={found[1]}").content.decode()
    assert f'name="proof" value="{found[1]}"' in shown
    assert press(client, held, proof="0" * 26) == page
    assert press(client, held, proof=found[1]) == payment_of(held).session_url
    till.pay(held)
    till.deliver()
    run_jobs()
    assert state_of(held) == "paid"


def test_looking_at_the_link_confirms_nothing(held: Order, client: Client, order_page: Any) -> None:
    from checkout.shield.proof import code_of

    order_page(held, f"proof={code_of(held)}")
    assert HeldPayment.objects.get().proven_at is None


def test_staff_let_it_through(held: Order, client: Client) -> None:
    desk = make_staff("order desk", email="desk@shop.example")
    assert release_payments([held.pk], actor=desk) == 1
    assert release_payments([held.pk], actor=desk) == 0
    assert press(client, held) == payment_of(held).session_url
    assert AuditEntry.objects.filter(action="release", subject_type="heldpayment").count() == 1


def test_after_an_hour_it_goes_by_itself(held: Order, client: Client) -> None:
    PaymentTry.objects.update(at=F("at") - timedelta(minutes=61))
    assert press(client, held) == payment_of(held).session_url


def test_a_field_that_no_person_sees_stops_a_program_before_it_orders(client: Client) -> None:
    open_shop()
    client.post(f"/basket/add/{make_product().pk}/")
    page = fill_in(client)
    assert 'name="order_check"' in page
    form = {"quote": hidden_quote(page), "terms": "on", "order_check": "x"}
    answer = client.post("/checkout/place/", form, follow=True)
    assert "A field that nobody can see was filled in." in answer.content.decode()
    assert not Order.objects.exists()


def test_redis_is_not_asked(till: Till, client: Client, settings: Any) -> None:
    """The counts stand in the database, so they hold for every process and without the queue."""
    settings.REDIS_URL = settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    order = make_order()
    refuse(till, order, ORDER_DECLINED)
    assert press(client, order) == order_path(token_of(order.pk))
