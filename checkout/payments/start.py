"""Open the provider's hosted payment page for an attempt, once; a provider without one leads to the order's own page."""

import logging
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from oscar.apps.order.models import Line, Order

from checkout.orders.access import order_path, read_token, token_of
from checkout.orders.records import PlacedOrder
from checkout.orders.states import PENDING
from checkout.orders.timeline import record_event
from checkout.payments.attempts import State, ensure_attempt, lock_attempt
from checkout.payments.errors import PaymentNotPossible, ProviderFailed, ProviderRefused
from checkout.payments.port import PaymentWanted
from checkout.payments.providers import gateway_of
from checkout.payments.records import PaymentAttempt
from checkout.payments.settle import settle_payment
from checkout.payments.sweep import close_attempt
from checkout.payments.truth import SessionOpened
from shop.written_once import given, written_once

logger = logging.getLogger(__name__)

# Stripe keeps a session open for 30 minutes to 24 hours, counted from its creation, which a repeat may delay.
# The sweeper closes it at the order's own `pay_until`.
SHORTEST_SESSION = timedelta(minutes=31)
LONGEST_SESSION = timedelta(hours=23, minutes=55)
# Of the seven days that card networks grant, less one to pack and send.
HELD_SURELY = timedelta(days=6)


def start_payment(attempt_id: int) -> str:
    """The address of the hosted page to send the shopper to. A repeat returns the same address.

    No lock is held while the provider answers: the stored key makes concurrent and repeated calls open one session.
    An order of nothing needs no provider: it is settled at once, and the address is its own page. Raises
    PaymentNotPossible (words for the shopper) and ProviderUnavailable (try again with the same attempt, or, after a
    saved failure, with the new one that took its place).
    """
    attempt = PaymentAttempt.objects.get(pk=attempt_id)
    if attempt.amount == 0:
        settle_payment(attempt.pk)
        return _own_page(attempt.order_id)
    if attempt.state == State.OPEN:
        return _page_of(attempt)
    if attempt.state != State.CREATED:
        raise PaymentNotPossible(f"This payment is {attempt.get_state_display()}; it cannot be started again.")
    try:
        session = _open_session(attempt)
    except ProviderFailed:
        # The answer is remembered under the key. Whatever session it may have made has no reader.
        _replace(attempt.pk, reason="The provider failed to open a payment page.")
        raise
    except ProviderRefused as refusal:
        logger.error("payment page for order %s refused: %s", attempt.order.number, refusal)
        _replace(attempt.pk, reason=f"The provider refused to open a payment page: {refusal}")
        raise PaymentNotPossible(
            "We could not open the payment page. Nothing was charged. Please try again, or write to us."
        ) from refusal
    return _page_of(_keep_session(attempt, session))


def pay_order(order_id: int) -> str:
    """Where to send a shopper who wants to pay (again): the open page, a new one, or the order's page when it is paid.

    An attempt that is open here may be paid, or over, at the provider: that is asked first.
    """
    attempt = ensure_attempt(order_id)
    if attempt.state == State.OPEN:
        attempt = settle_payment(attempt.pk)
        if attempt.state == State.CANCELLED:
            attempt = ensure_attempt(order_id)
    if attempt.state in (State.CREATED, State.OPEN):
        return start_payment(attempt.pk)
    return _own_page(order_id)


def leave_element(order_id: int) -> None:
    """The shopper rather pays on the provider's own page: what was open on ours is closed there, and a new one begins.

    Raises ProviderUnavailable and ProviderRefused: then nothing has changed.
    """
    attempt = PaymentAttempt.objects.filter(
        order_id=order_id, is_embedded=True, state__in=(State.CREATED, State.OPEN)
    ).first()
    if attempt is not None and close_attempt(attempt.pk).state == State.CANCELLED:
        ensure_attempt(order_id, is_hosted=True)


def _page_of(attempt: PaymentAttempt) -> str:
    """The provider's page, ours for the card, or that of the order, which says how to transfer."""
    page = attempt.session_url or _own_page(attempt.order_id)
    return f"{page}card/" if attempt.is_embedded else page


def _own_page(order_id: int) -> str:
    return f"{settings.SITE_URL}{order_path(token_of(order_id))}"


class _Facts(NamedTuple):
    """Of the order and its record, which never change while it waits for its payment."""

    number: str
    guest_email: str
    access_token: str
    access_serial: int
    pay_until: datetime
    units: int


@written_once
def _facts() -> QuerySet[Any, Any]:
    units = Line.objects.filter(order=OuterRef("order")).order_by().values("order").annotate(units=Sum("quantity"))
    placed = PlacedOrder.objects.filter(order=given("order", IntegerField()))
    return placed.annotate(units=Coalesce(Subquery(units.values("units")), 0)).values_list(
        "order__number", "order__guest_email", "access_token", "access_serial", "pay_until", "units"
    )


def _open_session(attempt: PaymentAttempt) -> SessionOpened:
    """All parameters come from stored rows, so that a repeat sends the same ones under the same key."""
    (row,) = _facts.ask(order=attempt.order_id)
    order = _Facts(*row)
    token = read_token(order.number, serial=order.access_serial, digest=order.access_token)
    page = f"{settings.SITE_URL}{order_path(token or token_of(attempt.order_id))}"
    wanted = PaymentWanted(
        key=attempt.idempotency_key,
        order_ref=order.number,
        attempt_id=attempt.pk,
        amount=attempt.amount,
        currency=attempt.currency,
        title=f"Order {order.number} at {settings.SHOP_NAME}",
        description=f"{order.units} {'thing' if order.units == 1 else 'things'}, delivery and tax included.",
        email=order.guest_email or (attempt.order.user.email if attempt.order.user else ""),
        success_url=f"{page}?session_id={{CHECKOUT_SESSION_ID}}",
        cancel_url=f"{page}?left=1",
        expires_at=_session_end(attempt, order.pay_until),
        capture_later=settings.CAPTURE_ON_DISPATCH
        and attempt.order.status == PENDING
        and not _comes_in_too_late(attempt.order),
        is_embedded=attempt.is_embedded,
        capture_parts=settings.CAPTURE_EACH_PARCEL,
    )
    return gateway_of(attempt).open_session(wanted)


def _comes_in_too_late(order: Order) -> bool:
    """A bank holds a sum for a week: what is sold ahead for a later day is charged at once. By the stored quote, which
    never changes.
    """
    quote = PlacedOrder.objects.values_list("quote", flat=True).get(order=order)
    waits = [wait["on"] for line in quote.get("lines", ()) if (wait := line["item"].get("wait"))]
    return max(waits, default="") > timezone.localdate(order.date_placed + HELD_SURELY).isoformat()


def _session_end(attempt: PaymentAttempt, pay_until: datetime) -> datetime:
    """The rest of an order is paid when the shopper comes to it, not within the order's own time."""
    longest = attempt.created_at + LONGEST_SESSION
    return min(pay_until + SHORTEST_SESSION, longest) if attempt.order.status == PENDING else longest


def _keep_session(attempt: PaymentAttempt, session: SessionOpened) -> PaymentAttempt:
    """Store what was opened; the shopper learns the address only after this commit.

    Nobody opens what was closed meanwhile: the row is written only as long as it waits to be opened.
    """
    opened = {"state": State.OPEN, "session_id": session.id, "session_url": session.url}
    with transaction.atomic():
        waiting = PaymentAttempt.objects.filter(pk=attempt.pk, state=State.CREATED)
        if waiting.update(**opened, updated_at=Now()):
            record_event(
                order_id=attempt.order_id,
                kind="payment",
                message=f"{'Waits for a transfer of' if attempt.provider == attempt.Provider.TRANSFER else 'Payment page opened for'}"
                f" {attempt.amount} {attempt.currency}.",
                data={"attempt": attempt.pk, "session": session.id},
            )
            for name, value in opened.items():
                setattr(attempt, name, value)
            return attempt
    attempt.refresh_from_db()
    if attempt.session_id == session.id and attempt.state == State.OPEN:
        return attempt
    if attempt.session_id != session.id:
        gateway_of(attempt).close_session(session.id)
    raise PaymentNotPossible("This payment was cancelled meanwhile. Nothing was charged.")


def _replace(attempt_id: int, *, reason: str) -> None:
    """Close an attempt that never got a session, and put a new one with a new key in its place."""
    with transaction.atomic():
        order, attempt = lock_attempt(attempt_id)
        if attempt.state != State.CREATED:
            return
        attempt.state = State.CANCELLED
        attempt.save(update_fields=["state", "updated_at"])
        record_event(
            order_id=order.pk,
            kind="alert",
            message="The payment page could not be opened.",
            reason=reason,
            data={"attempt": attempt.pk},
        )
        try:
            ensure_attempt(order.pk)
        except PaymentNotPossible:
            pass  # The order was cancelled, or its time is up: there is nothing to replace.
