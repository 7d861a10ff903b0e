"""Locks of orders, payments, refunds, papers and mails."""

import itertools
from typing import Any

from django.core import mail
from django.db.models.functions import Now
from oscar.apps.order.models import Order

from checkout.invoices import issue
from checkout.invoices.records import Paper, PaperSeries
from checkout.models import Mail, OrderEvent, PaymentAttempt, Refund
from checkout.orders.access import renew_access
from checkout.orders.cancel import cancel_order
from checkout.orders.mails import hand_over_mail, queue_account_mail
from checkout.payments import refund as refunding
from checkout.payments.attempts import ensure_attempt
from checkout.placement import place_order
from checkout.shield import door
from checkout.shield.limits import ORDER_OPENED
from checkout.shield.noting import note_opened
from checkout.shield.records import PaymentTry
from checkout.shield.visitor import Visitor
from shipping.fulfilment.dispatch import dispatch_shipment
from shipping.fulfilment.models import Shipment
from shipping.fulfilment.opening import open_shipments
from shipping.fulfilment.picking import mark_picked
from shop.audit.models import AuditEntry
from shop.outbox.models import OutboxEvent
from shop.outbox.relay import _lease, _record_failure
from tests.checkout.made_up_payments import ask_refund, paid_order, truth_of
from tests.locks.race import Proofs, Race, replaced
from tests.shopfloor import make_draft, make_order, make_product, quote_of

PROOFS = Proofs()
_serial = itertools.count(1)


def told(order: Order, words: str) -> int:
    return OrderEvent.objects.filter(order=order, message__contains=words).count()


@PROOFS("checkout/placement.py: lock_draft", protects="one checkout becomes one order")
def two_submits_of_one_checkout() -> Race:
    draft = make_draft(make_product(stock=100))
    digest = quote_of(draft).digest

    def submit() -> Any:
        return place_order(draft.pk, shown_digest=digest)

    return Race(
        first=submit, rival=submit, is_broken=lambda *_: Order.objects.filter(basket=draft.basket_id).count() != 1
    )


@PROOFS(
    "checkout/orders/states.py: lock_order", protects="an order's state, its payments and refunds move one at a time"
)
def two_new_tries_to_pay_one_order() -> Race:
    order = make_order()
    PaymentAttempt.objects.filter(order=order).update(state="cancelled")

    def again() -> Any:
        return ensure_attempt(order.pk)

    return Race(first=again, rival=again, is_broken=lambda *answers: len({one.pk for one in answers}) != 1)


@PROOFS("checkout/payments/attempts.py: lock_attempt", protects="refunds never exceed what was captured")
def two_refunds_of_the_whole_sum() -> Race:
    order = paid_order()
    return Race(
        first=lambda: ask_refund(order, "20.00"),
        rival=lambda: ask_refund(order, "20.00"),
        is_broken=lambda *_: Refund.objects.filter(attempt__order=order).count() != 1,
    )


@PROOFS("checkout/payments/refund.py: apply_refund", protects="a refund is told of once")
def the_sender_and_the_webhook_of_one_refund() -> Race:
    order = paid_order()
    refund = ask_refund(order, "5.00")

    def apply() -> Any:
        return refunding.apply_refund(refund.pk, truth_of(refund))

    return Race(first=apply, rival=apply, is_broken=lambda *_: told(order, "went back to the shopper") != 1)


@PROOFS("checkout/payments/refund.py: _fail", protects="a failed refund is given back to the books once")
def two_refusals_of_one_refund() -> Race:
    order = paid_order()
    refund = ask_refund(order, "5.00")

    def fail() -> None:
        refunding._fail(refund.pk, why="No such payment.")

    return Race(first=fail, rival=fail, is_broken=lambda *_: told(order, "failed. The money is still with us") != 1)


@PROOFS(
    "checkout/orders/cancel.py: cancel_order", protects="a parcel that is being packed is not cancelled by its buyer"
)
def a_cancellation_while_a_parcel_is_picked() -> Race:
    order = paid_order()
    (parcel,) = open_shipments(order.pk)
    return Race(
        first=lambda: cancel_order(order.pk, reason="Not needed.", actor_name="shopper", only_unpacked=True),
        rival=lambda: mark_picked([parcel.pk]),
        is_broken=lambda *_: Shipment.objects.filter(pk=parcel.pk, state="cancelled", picked_at__isnull=False).exists(),
    )


@PROOFS("checkout/orders/access.py: renew_access", protects="each new link of an order revokes the one before")
def two_new_links_of_one_order() -> Race:
    order = make_order()

    def renew() -> str:
        return renew_access(order.pk, reason="A test.")

    return Race(first=renew, rival=renew, is_broken=lambda first, second: first == second)


@PROOFS("checkout/orders/mails.py: hand_over_mail", protects="a mail is handed to the mail server once")
def two_workers_with_one_mail() -> Race:
    to = f"lock{next(_serial)}@example.org"
    queue_mail(to)
    (mail_id,) = Mail.objects.filter(to=to).values_list("pk", flat=True)

    def is_broken(*_: Any) -> bool:
        return sum(to in one.to for one in mail.outbox) != 1

    return Race(
        first=lambda: hand_over_mail(mail_id), rival=lambda: hand_over_mail(mail_id), is_broken=is_broken, waits=False
    )


def queue_mail(to: str) -> None:
    queue_account_mail(to=to, subject="A key", text="A link.", key=f"lock:{to}")


@PROOFS("checkout/invoices/issue.py: issue_invoice", protects="an order has one invoice")
def two_jobs_for_one_invoice() -> Race:
    order = paid_order()

    def write() -> Any:
        return issue.issue_invoice(order.pk)

    return Race(first=write, rival=write, is_broken=lambda *_: Paper.objects.filter(order=order).count() != 1)


@PROOFS("checkout/invoices/issue.py: issue_credit_note", protects="a refund has one credit note")
def two_jobs_for_one_credit_note() -> Race:
    order = paid_order()
    issue.issue_invoice(order.pk)
    refund = ask_refund(order, "5.00")
    refunding.apply_refund(refund.pk, truth_of(refund))

    def write() -> Any:
        return issue.issue_credit_note(refund.pk)

    return Race(first=write, rival=write, is_broken=lambda *_: Paper.objects.filter(refund=refund).count() != 1)


def _take_number_without_lock(code: str) -> int:
    """The natural mistake: read the last number, add one, write it back."""
    series = PaperSeries.objects.get(code=code)
    PaperSeries.objects.filter(code=code).update(last_number=series.last_number + 1)
    return series.last_number + 1


@PROOFS(
    "checkout/invoices/numbering.py: take_number",
    protects="paper numbers have no gap and no twin",
    without=lambda: replaced(issue, "take_number", _take_number_without_lock),
)
def two_papers_at_once() -> Race:
    issue.issue_invoice(paid_order().pk)
    one, other = paid_order(), paid_order()

    def is_broken(*_: Any) -> bool:
        numbers = sorted(Paper.objects.filter(kind="invoice").values_list("number", flat=True))
        return numbers != list(range(1, len(numbers) + 1))

    return Race(
        first=lambda: issue.issue_invoice(one.pk),
        rival=lambda: issue.issue_invoice(other.pk),
        is_broken=is_broken,
        before='UPDATE "checkout_paperseries"|INSERT INTO "checkout_paper"',
    )


@PROOFS(
    "shipping/fulfilment/locking.py: lock_order",
    protects="parcels of an order are opened, sent, cancelled one at a time",
)
def two_jobs_that_open_parcels() -> Race:
    order = paid_order()

    def open_() -> Any:
        return open_shipments(order.pk)

    return Race(first=open_, rival=open_, is_broken=lambda *_: Shipment.objects.filter(order=order).count() != 1)


@PROOFS("shipping/fulfilment/dispatch.py: dispatch_shipment", protects="a parcel leaves once")
def two_presses_of_dispatch() -> Race:
    order = paid_order(units=2)
    (parcel,) = open_shipments(order.pk)

    def send() -> Any:
        return dispatch_shipment(parcel.pk, actor="Ann")

    def is_broken(*answers: Any) -> bool:
        entries = AuditEntry.objects.filter(action="dispatch", subject_id=str(parcel.pk)).count()
        return entries != 1 or any(isinstance(answer, Exception) for answer in answers)

    return Race(first=send, rival=send, is_broken=is_broken)


def _job(**fields: Any) -> OutboxEvent:
    number = next(_serial)
    return OutboxEvent.objects.create(
        name="tests.lock", payload={"number": number}, key=f"tests.lock:{number}", **fields
    )


@PROOFS("shop/outbox/relay.py: _lease", protects="a job is done by one worker at a time")
def two_workers_with_one_job() -> Race:
    job = _job()

    def take() -> Any:
        return _lease(job.pk)

    return Race(first=take, rival=take, waits=False, is_broken=lambda *answers: None not in answers)


@PROOFS("shop/outbox/relay.py: _record_failure", protects="a job that another worker has done is not marked as failed")
def a_failure_after_the_job_was_done() -> Race:
    job = _job(attempts=1)

    def finish() -> None:
        OutboxEvent.objects.filter(pk=job.pk).update(done_at=Now(), last_error="")

    def is_broken(*_: Any) -> bool:
        return OutboxEvent.objects.filter(pk=job.pk, done_at__isnull=False).exclude(last_error="").exists()

    return Race(first=lambda: _record_failure(job.pk, "It broke."), rival=finish, is_broken=is_broken)


@PROOFS("checkout/shield/door.py: _take_turn", protects="parallel tries to pay do not share one free place")
def two_tries_for_the_last_free_place() -> Race:
    order = make_order()
    for _ in range(ORDER_OPENED - 1):
        note_opened(order, Visitor())

    def press() -> Any:
        return door._pass(order, Visitor(), "")

    def is_broken(*_: Any) -> bool:
        return PaymentTry.objects.filter(order=order, kind="opened").count() > ORDER_OPENED

    return Race(first=press, rival=press, is_broken=is_broken, before="WITH forgotten")
