"""Place an order: the one transaction in which a checkout becomes an order that waits for its payment.

Order first, then money: no provider is asked here. Rows are locked once each, in this order: checkout and basket, stock
records, vouchers, offers; the scarce ones last, so that they are held for the shortest time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from oscar.apps.basket.models import Basket
from oscar.apps.order.models import Order

from checkout.orders.access import new_access, token_of
from checkout.orders.records import PlacedOrder
from checkout.orders.states import PENDING
from checkout.orders.timeline import record_event
from checkout.payments.attempts import new_idempotency_key, pays_on_our_page
from checkout.payments.records import PaymentAttempt
from checkout.payments.waiting import waiting_time
from checkout.quote.build import quote_draft
from checkout.quote.clock import database_now
from checkout.quote.figures import Quote
from checkout.quote.records import CheckoutDraft
from checkout.tax.vat_cases import open_case
from checkout.terms import Consent, consents_for, has_consent, tick
from checkout.written_order import NumberTaken, write_order
from inventory.reservation import reserve
from inventory.shortage import InsufficientStock, ShortLine
from promotions.offer_uses import OfferTaken, use_offers
from promotions.vouchers import use_vouchers
from shop.money import format_money
from shop.outbox.publish import publish

ATTEMPTS = 5
"""Of writing an order: drawing a number that is taken is a chance of one in 34 thousand million for each order."""
CONTACT, ADDRESS, DELIVERY, REVIEW = "contact", "address", "delivery", "review"


class CheckoutIncomplete(Exception):
    """A section of the checkout is still open. `section` is its name, the message a sentence for the shopper."""

    def __init__(self, section: str, sentence: str) -> None:
        self.section = section
        self.sentence = sentence
        super().__init__(sentence)


class QuoteChanged(Exception):
    """The price is no longer what the shopper saw. Nothing was placed; `quote` is the new one to confirm."""

    def __init__(self, quote: Quote) -> None:
        self.quote = quote
        super().__init__("The order changed since it was shown.")


class CannotPlace(Exception):
    """Lines that are no longer sold, no delivery, no tax rate: `sentences` say what and what to do."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(sentences)
        self.sentences = sentences

    def __str__(self) -> str:
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class PlacementResult:
    """`token` opens the order's page. `is_new` is False when the checkout had become this order before."""

    order: Order
    attempt: PaymentAttempt
    token: str
    is_new: bool

    @property
    def attempt_id(self) -> int:
        return int(self.attempt.pk)


def place_order(
    draft_id: int,
    *,
    shown_digest: str,
    actor: Any = None,
    provider: str = PaymentAttempt.Provider.CARD,
    ticked: Mapping[Consent, bool] | None = None,
) -> PlacementResult:
    """Turn a checkout into an order pending payment, at most once. `shown_digest` is that of the quote on the page.

    `ticked` are the consents given or taken away with the press of the button; an order keeps them, a refusal does not.
    An order by transfer waits, and keeps its units, for days; one by card for minutes (`waiting_time`).

    Raises CheckoutIncomplete, CannotPlace, QuoteChanged, InsufficientStock (with every short line), VoucherRefused or
    OfferUsedUp; then nothing was written. A checkout that has an order already returns it, whatever the digest.
    """
    accepts_waiting = False
    for _ in range(ATTEMPTS):
        try:
            return _place(
                draft_id,
                shown_digest=shown_digest,
                actor=actor,
                provider=provider,
                ticked=ticked or {},
                accepts_waiting=accepts_waiting,
            )
        except NumberTaken:
            continue
        except _UntoldWait:
            # Somebody was faster on the last units on the shelf: placed again, the check of the quote says so. When the
            # quote is still the one that was shown (a kit and its part share the shelf), what was shown holds.
            accepts_waiting = True
    raise NumberTaken


class _UntoldWait(Exception):
    """More units have to come in first than the shopper was told."""


def _place(
    draft_id: int,
    *,
    shown_digest: str,
    actor: Any,
    provider: str,
    ticked: Mapping[Consent, bool],
    accepts_waiting: bool,
) -> PlacementResult:
    with transaction.atomic():
        draft = lock_draft(draft_id)
        if draft.order_id is not None:
            return _known(draft)
        now = database_now()
        draft.consents = tick(draft.consents, ticked, at=now)
        quote = quote_draft(draft, now=now)
        try:
            check_complete(draft, quote)
            check_quote(quote, shown_digest=shown_digest)
        except (CheckoutIncomplete, CannotPlace, QuoteChanged, InsufficientStock) as refusal:
            # Nothing was written, so the transaction ends well: a rollback would cost the connection all its plans.
            refused = refusal
        else:
            return _write(draft, quote, at=now, actor=actor, provider=provider, accepts_waiting=accepts_waiting)
    raise refused


def _write(
    draft: CheckoutDraft, quote: Quote, *, at: datetime, actor: Any, provider: str, accepts_waiting: bool
) -> PlacementResult:
    wait = waiting_time(provider)
    order = write_order(draft, quote, at=at)
    access = new_access(order.number)
    PlacedOrder.objects.create(
        order=order,
        quote=quote.to_json(),
        quote_digest=quote.digest,
        access_token=access.digest,
        access_expires_at=at + access.lifetime,
        pay_until=at + wait.to_pay,
        consents=draft.consents,
    )
    attempt = PaymentAttempt.objects.create(
        order=order,
        idempotency_key=new_idempotency_key(),
        provider=provider,
        is_embedded=pays_on_our_page(provider),
        amount=quote.total,
        currency=quote.currency,
    )
    record_event(
        order_id=order.pk,
        kind="state",
        message=f"Placed for {format_money(quote.total, quote.currency)}; waits for payment.",
        to_state=PENDING,
        actor=actor,
        actor_name="" if actor else "shopper",
        data={"quote": quote.digest, "attempt": attempt.pk},
    )
    open_case(order, quote, vat_id=draft.vat_id, postcode=draft.address.get("postcode", ""))
    # Who transfers waits for a mail that says how; nobody waits for the audit log.
    by_card = provider == PaymentAttempt.Provider.CARD
    publish("order.placed", {"order_id": order.pk}, key=f"order.placed:{order.pk}", can_wait=by_card)
    _close_checkout(draft, order, now=at)
    _claim_scarce(order, draft, quote, accepts_waiting=accepts_waiting, minutes=wait.reserved_minutes)
    return PlacementResult(order=order, attempt=attempt, token=access.token, is_new=True)


def lock_draft(draft_id: int) -> CheckoutDraft:
    """The checkout and its basket, locked: nobody places it, or changes its lines, beside us."""
    drafts = CheckoutDraft.objects.select_for_update(of=("self", "basket")).select_related("basket")
    return drafts.get(pk=draft_id)


def check_complete(draft: CheckoutDraft, quote: Quote) -> None:
    """Steps cannot be skipped. Raises CheckoutIncomplete for the first section that is still open."""
    if not draft.email:
        raise CheckoutIncomplete(CONTACT, "Please tell us your e-mail address first.")
    if not draft.address.get("country") or not draft.address.get("line1" if quote.needs_parcel else "last_name"):
        where = "where to send it" if quote.needs_parcel else "who you are and where you live"
        raise CheckoutIncomplete(ADDRESS, f"Please tell us {where} first.")
    if quote.needs_parcel and not draft.method_code:
        raise CheckoutIncomplete(DELIVERY, "Please choose how it travels first.")
    required = consents_for(has_downloads=quote.has_downloads)
    missing = [consent for consent in required if not has_consent(draft.consents, consent)]
    if missing:
        raise CheckoutIncomplete(REVIEW, missing[0].refusal)


def check_quote(quote: Quote, *, shown_digest: str) -> None:
    """What would make this quote another, or no, order. Nothing is locked yet; stock is checked again under its lock."""
    if not quote.lines and not quote.missing:
        raise CannotPlace(["Your basket is empty. Nothing was ordered."])
    sentences = [line.sentence for line in quote.missing] + list(quote.refusals)
    if sentences:
        raise CannotPlace(sentences)
    short = [
        ShortLine(
            stock_record_id=line.item.stock_record_id,
            wanted=line.item.quantity,
            available=line.item.saleable or 0,
            title=line.item.title,
        )
        for line in quote.lines
        if line.is_short
    ]
    if short:
        raise InsufficientStock(short)
    if quote.digest != shown_digest:
        raise QuoteChanged(quote)
    if quote.shipping is None:
        raise CheckoutIncomplete(DELIVERY, "The delivery you chose is no longer possible. Please choose another.")


def _known(draft: CheckoutDraft) -> PlacementResult:
    assert draft.order is not None
    attempt = PaymentAttempt.objects.filter(order=draft.order).order_by("pk")[0]
    return PlacementResult(order=draft.order, attempt=attempt, token=token_of(draft.order.pk), is_new=False)


def _close_checkout(draft: CheckoutDraft, order: Order, *, now: Any) -> None:
    draft.order = order
    draft.save(update_fields=["order", "consents", "updated_at"])
    Basket.objects.filter(pk=draft.basket_id).update(status=Basket.SUBMITTED, date_submitted=now)


def _claim_scarce(order: Order, draft: CheckoutDraft, quote: Quote, *, accepts_waiting: bool, minutes: int) -> None:
    """Stock, then vouchers, then limited offers, each under its own lock. Raises _UntoldWait."""
    quantities: dict[int, int] = {}
    for line in quote.lines:
        record_id = line.item.stock_record_id
        quantities[record_id] = quantities.get(record_id, 0) + line.item.quantity
    claim, customer_key = f"order:{order.pk}", draft.email.lower()
    kits = {line.item.stock_record_id: line.item for line in quote.lines if line.item.parts}
    held = reserve(claim=claim, quantities=quantities, minutes=minutes, kits=kits)
    if not accepts_waiting and sum(one.waiting for one in held) > _told_waiting(quote):
        raise _UntoldWait
    given = [one for one in quote.discounts if one.amount]
    if voucher_ids := {one.voucher_id for one in given if one.voucher_id is not None}:
        use_vouchers(claim=claim, voucher_ids=voucher_ids, customer_key=customer_key)
    if taken := [OfferTaken(offer_id=one.offer_id, applications=one.applications, amount=one.amount) for one in given]:
        use_offers(claim=claim, taken=taken, customer_key=customer_key)


def _told_waiting(quote: Quote) -> int:
    """Units of single things that the shopper knows to wait for; of a kit, those of all its parts."""
    waits = [line.item for line in quote.lines if line.item.wait is not None]
    return sum(
        item.wait.units * (sum(part.quantity for part in item.parts) or 1) for item in waits if item.wait is not None
    )
