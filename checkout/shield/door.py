"""The one door through which a visitor reaches the payment provider: judged first, then let through or asked to slow down.

The count and the verdict of one visitor are made after those of another (an advisory lock, for some milliseconds), so that
parallel tries are not all let through by the same free place. No lock is held while the provider answers.
"""

from django.db import connection, transaction
from oscar.apps.order.models import Order

from checkout.orders.states import PENDING
from checkout.orders.timeline import record_event
from checkout.payments.attempts import asked_for_rest
from checkout.payments.records import PaymentAttempt
from checkout.payments.start import pay_order, start_payment
from checkout.quote.clock import database_now
from checkout.shield.counting import read_facts
from checkout.shield.judging import Hold, judge
from checkout.shield.noting import note_opened
from checkout.shield.proof import accept_proof
from checkout.shield.records import HeldPayment
from checkout.shield.visitor import Visitor
from shop.money import ZERO


class PaymentHeld(Exception):
    """The provider was not asked. The order waits as before; its page says what to do (see checkout.shield.showing)."""

    def __init__(self, hold: Hold) -> None:
        self.hold = hold
        super().__init__(f"Held until {hold.until:%H:%M}: {hold.why}.")


def open_payment(order: Order, *, visitor: Visitor, proof: str = "", fresh: PaymentAttempt | None = None) -> str:
    """Where to send a shopper who wants to pay, as `pay_order`. `proof` is the code of the mail, if they came by it.

    `fresh` is the attempt of an order that was placed a moment ago: nothing has to be asked about it. Raises PaymentHeld,
    and what pay_order raises.
    """
    is_open = order.status == PENDING or asked_for_rest(order.pk) is not None
    if is_open and order.total_incl_tax > ZERO and _is_by_card(order, fresh):
        hold = _pass(order, visitor, proof)
        if hold is not None:
            raise PaymentHeld(hold)
    return pay_order(order.pk) if fresh is None else start_payment(fresh.pk)


def _is_by_card(order: Order, fresh: PaymentAttempt | None) -> bool:
    """A bank transfer is another way to pay: there is no card to try."""
    last = fresh or PaymentAttempt.objects.filter(order=order).order_by("-pk").first()
    return last is None or last.provider != PaymentAttempt.Provider.TRANSFER


@transaction.atomic
def _pass(order: Order, visitor: Visitor, proof: str) -> Hold | None:
    _take_turn()
    if proof:
        accept_proof(order, proof)
    hold = judge(read_facts(order, visitor), visitor)
    if hold is None:
        note_opened(order, visitor)
    else:
        _keep(order, visitor, hold)
    return hold


def _take_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('shield', 0))")


def _keep(order: Order, visitor: Visitor, hold: Hold) -> None:
    """One row for each order, however often it comes; the timeline tells of the first time."""
    known = HeldPayment.objects.filter(order=order).first()
    held = known or HeldPayment(order=order, times=0, is_hasty=visitor.is_hasty, first_at=database_now())
    held.why, held.net, held.until, held.last_at = hold.why, visitor.net, hold.until, database_now()
    held.times += 1
    held.save()
    if known is None:
        record_event(
            order_id=order.pk,
            kind="alert",
            message="Paying was held back: too many tries that failed.",
            reason=held.get_why_display(),
            actor_name="shield",
        )
