"""Mails are stored as sent, with a plain twin and a stable Message-ID, and handed over once."""

import threading
from typing import Any

import pytest
from django.core import mail
from django.db import OperationalError, connection
from django.utils import timezone

from checkout.models import Mail, OrderEvent
from checkout.orders.access import link_of
from checkout.orders.letters import (
    REMINDER_AFTER,
    remind_of_unpaid_orders,
    resend_confirmation,
    write_confirmation,
    write_reminder,
)
from checkout.orders.mails import MailBusy, hand_over_mail, message_id_of
from shipping.fulfilment.dispatch import dispatch_shipment
from shipping.fulfilment.models import Shipment
from tests.checkout.till import Till, broken_invariants, run_jobs, state_of
from tests.shopfloor import make_order, make_product

pytestmark = pytest.mark.feature("OR11")


def paid(till: Till, *things: object) -> Any:
    order = make_order(*things)
    till.pay(order)
    till.deliver()
    run_jobs()
    return order


@pytest.mark.django_db
def test_the_confirmation_is_stored_as_sent_with_its_plain_twin(till: Till) -> None:
    order = paid(till, (make_product("Moon lamp", price="20.00"), 2))
    (message,) = mail.outbox
    stored = Mail.objects.get(order=order)
    assert message.extra_headers["Message-ID"] == stored.message_id == message_id_of(f"order:{order.pk}:confirmed")
    assert (message.body, message.alternatives[0][0]) == (stored.text, stored.html)
    for form in (stored.text, stored.html):
        assert link_of(order.pk) in form
        assert "Moon lamp" in form
        assert "44.90 EUR" in form
        assert "{%" not in form
    assert "<style" not in stored.html
    assert 'style="' in stored.html
    assert stored.sent_at is not None
    assert OrderEvent.objects.filter(order=order, kind="mail").count() == 1
    assert write_confirmation(order.pk) is False
    assert hand_over_mail(stored.pk) is False
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_parcels_are_told_one_by_one_with_their_tracking(till: Till) -> None:
    order = paid(till, (make_product("Moon lamp"), 2))
    first = Shipment.objects.get(order=order)
    line = first.lines.get()
    dispatch_shipment(first.pk, actor="tests", tracking_number="00340", carrier="DHL", quantities={line.pk: 1})
    run_jobs()
    assert state_of(order) == "partly shipped"
    rest = Shipment.objects.get(order=order, state="open")
    dispatch_shipment(rest.pk, actor="tests", tracking_number="00341", carrier="DHL")
    run_jobs()
    assert state_of(order) == "shipped"
    told = mail.outbox[1:]
    assert [one.subject for one in told] == [f"A parcel of your order {order.number} is on its way"] * 2
    assert "00340" in told[0].body
    assert "1 × Moon lamp" in told[0].body
    assert "The rest of your order follows" in told[0].body
    assert "00341" in told[1].body
    assert "follows" not in told[1].body
    assert broken_invariants() == []


@pytest.mark.django_db
def test_a_mail_server_that_is_away_delays_and_does_not_lose(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.mail import EmailMultiAlternatives
    from django.db.models.functions import Now

    from shop.outbox.models import OutboxEvent

    send = EmailMultiAlternatives.send

    def refuse(*args: object, **options: object) -> int:
        raise ConnectionRefusedError("the mail server is away")

    monkeypatch.setattr(EmailMultiAlternatives, "send", refuse)
    order = paid(till, make_product())
    assert state_of(order) == "paid"
    assert Mail.objects.get().sent_at is None
    monkeypatch.setattr(EmailMultiAlternatives, "send", send)
    OutboxEvent.objects.filter(done_at__isnull=True).update(available_at=Now())
    run_jobs()
    assert len(mail.outbox) == 1
    assert Mail.objects.get().sent_at is not None


@pytest.mark.django_db(transaction=True)
def test_two_workers_hand_over_one_mail_once(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second worker comes exactly while the first one talks to the mail server."""
    from django.core.mail import EmailMultiAlternatives

    order = make_order()
    write_reminder(order.pk)
    letter = Mail.objects.get(order=order)
    send = EmailMultiAlternatives.send
    raised: list[BaseException] = []

    def rival() -> None:
        try:
            hand_over_mail(letter.pk)
        except BaseException as problem:
            raised.append(problem)
        finally:
            connection.close()

    def send_with_rival(self: Any, *args: Any, **options: Any) -> int:
        monkeypatch.setattr(EmailMultiAlternatives, "send", send)
        thread = threading.Thread(target=rival)
        thread.start()
        thread.join()
        return send(self, *args, **options)

    monkeypatch.setattr(EmailMultiAlternatives, "send", send_with_rival)
    assert hand_over_mail(letter.pk) is True
    assert [type(problem) for problem in raised] == [MailBusy]
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_an_order_that_waits_is_reminded_once_and_a_paid_one_never(till: Till) -> None:
    waiting = make_order()
    assert remind_of_unpaid_orders() == 0
    type(waiting).objects.filter(pk=waiting.pk).update(date_placed=timezone.now() - REMINDER_AFTER)
    assert remind_of_unpaid_orders() == 1
    assert remind_of_unpaid_orders() == 0
    run_jobs()
    assert "Go to the payment: " in mail.outbox[0].body
    done = paid(till, make_product())
    assert write_reminder(done.pk) is False
    assert timezone.now() > Mail.objects.filter(order=waiting).get().created_at


@pytest.mark.django_db
def test_staff_may_send_the_confirmation_again_once_a_click_and_the_doctor_agrees(till: Till) -> None:
    order = paid(till, make_product())
    assert resend_confirmation(order.pk, key="click", actor=None) is True
    assert resend_confirmation(order.pk, key="click", actor=None) is False
    run_jobs()
    assert len(mail.outbox) == 2
    assert broken_invariants() == []


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_left_while_the_database_went_is_recorded_and_does_not_leave_again(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.mail import EmailMultiAlternatives
    from django.db import connection

    order = make_order()
    write_reminder(order.pk)
    letter = Mail.objects.get(order=order)
    send = EmailMultiAlternatives.send

    def send_and_lose_the_database(message: EmailMultiAlternatives) -> int:
        sent = send(message)
        with connection.cursor() as cursor, pytest.raises(OperationalError):
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return sent

    monkeypatch.setattr(EmailMultiAlternatives, "send", send_and_lose_the_database)
    assert hand_over_mail(letter.pk) is True
    assert Mail.objects.get(pk=letter.pk).sent_at is not None
    assert hand_over_mail(letter.pk) is False
    assert len(mail.outbox) == 1
