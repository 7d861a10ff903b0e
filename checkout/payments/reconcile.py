"""Compare the provider's payments and refunds of the last days with ours, both ways.

It heals only by asking `settle_payment` and `record_refund` to apply what is true; whatever is left is a finding for a
person. It never moves money.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from checkout.payments.attempts import State
from checkout.payments.difference import Difference
from checkout.payments.foreign_refund import find_refund, record_refund
from checkout.payments.gateway import get_gateway
from checkout.payments.inbox import find_attempt
from checkout.payments.records import PaymentAttempt, Refund
from checkout.payments.settle import settle_payment
from checkout.payments.truth import PaymentTruth, RefundTruth
from checkout.payouts.comparing import compare_payouts
from checkout.payouts.fetching import fetch_payouts
from shop.audit.models import AuditEntry
from shop.audit.record import record_action
from shop.money import ZERO, format_money

DAYS = 3
# A payout is reconciled when it arrives, some working days after it was made.
PAYOUT_DAYS = 14
# What is younger may still be on its way to us.
GRACE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    payments: int
    refunds: int
    healed: int
    differences: tuple[Difference, ...]

    def to_json(self) -> dict[str, Any]:
        return {"ok": not self.differences, **asdict(self)}


def reconcile_payments(*, days: int = DAYS) -> Reconciliation:
    """Raises ProviderUnavailable."""
    now = _database_now()
    since = now - timedelta(days=days)
    gateway = get_gateway()
    payments = list(gateway.payments_since(since))
    refunds = list(gateway.refunds_since(since))
    healed = _heal(payments, refunds)
    fetch_payouts(since=now - timedelta(days=max(days, PAYOUT_DAYS)))
    found = [
        *_compare_payments(payments),
        *_find_double_captures(payments),
        *_find_orders_without_payment(payments, since=since, until=now - GRACE),
        *_compare_refunds(refunds, since=since, until=now - GRACE),
        *compare_payouts(since=since),
    ]
    return Reconciliation(payments=len(payments), refunds=len(refunds), healed=healed, differences=tuple(found))


def note_differences(found: Reconciliation) -> int:
    """Write each difference into the audit log, once; how many are new."""
    new = 0
    for one in found.differences:
        action = f"reconcile: {one.kind}"
        told = AuditEntry.objects.filter(subject_type="provider", subject_id=one.ref[:80], action=action)
        if not told.exists():
            record_action(
                action=action,
                subject_type="provider",
                subject_id=one.ref[:80],
                actor_name="reconciliation",
                after=asdict(one),
                reason=one.sentence,
            )
            new += 1
    return new


def _database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]


def _heal(payments: Iterable[PaymentTruth], refunds: Iterable[RefundTruth]) -> int:
    """How many of our rows took a step because of what the provider says."""
    healed = 0
    for truth in payments:
        attempt = _attempt_of(truth)
        if attempt is not None and attempt.state in (State.CREATED, State.OPEN, State.AUTHORISED, State.CANCELLED):
            is_other = attempt.state != truth.state or attempt.captured != truth.captured
            is_behind = truth.state in ("paid", "authorised") and is_other and not truth.is_given_back
            if is_behind or (truth.state == "cancelled" and attempt.state == State.AUTHORISED):
                settled = settle_payment(attempt.pk)
                healed += (settled.state, settled.captured) != (attempt.state, attempt.captured)
    for refund in refunds:
        known = find_refund(refund)
        if known is None or known.state != refund.state:
            after = record_refund(refund)
            healed += after is not None and (known is None or after.state != known.state)
    return healed


def _attempt_of(truth: PaymentTruth) -> PaymentAttempt | None:
    found = find_attempt(intent_id=truth.intent_id, attempt_ref=truth.attempt_ref)
    return found if found is not None and found.order.number == truth.order_ref else None


def _compare_payments(payments: Iterable[PaymentTruth]) -> Iterable[Difference]:
    for truth in payments:
        if truth.state not in ("paid", "authorised") or truth.is_given_back:
            continue
        attempt = _attempt_of(truth)
        taken = f"{truth.captured or truth.amount} {truth.currency}"
        if attempt is None:
            yield Difference(
                kind="paid without order",
                ref=truth.intent_id,
                order=truth.order_ref,
                sentence=f"The provider holds {taken} for order {truth.order_ref or '(none)'}, which has no such payment.",
                proposal="Refund it on the provider's pages, or find the order it was meant for.",
            )
            continue
        if attempt.state == State.LAPSED and attempt.captured == truth.captured:
            continue
        wanted = State.PAID if truth.state == "paid" else State.AUTHORISED
        if attempt.state != wanted or attempt.captured != truth.captured:
            yield Difference(
                kind="amount" if attempt.state == wanted else "paid without order",
                ref=truth.intent_id,
                order=attempt.order.number,
                sentence=f"The provider holds {taken}; our payment {attempt.pk} is {attempt.state} with"
                f" {attempt.captured} {attempt.currency}. {attempt.hold_reason}".strip(),
                proposal="Look at the order; cancel it to send the money back.",
            )
        elif not attempt.takes_parts and truth.fee is not None and attempt.fee is not None and truth.fee != attempt.fee:
            yield Difference(
                kind="fee",
                ref=truth.intent_id,
                order=attempt.order.number,
                sentence=f"The provider kept {format_money(truth.fee, truth.currency)}; our payment {attempt.pk} says"
                f" {format_money(attempt.fee, attempt.currency)}.",
                proposal="Settle the payment again from its page; the fee is copied from the provider.",
            )


def _find_double_captures(payments: Iterable[PaymentTruth]) -> Iterable[Difference]:
    lapsed = set(
        PaymentAttempt.objects.filter(state=State.LAPSED).exclude(intent_id="").values_list("intent_id", flat=True)
    )
    kept = Counter(
        truth.order_ref
        for truth in payments
        if truth.intent_id not in lapsed
        if truth.order_ref and truth.state in ("paid", "authorised") and truth.captured - truth.refunded >= ZERO
        if truth.state == "authorised" or truth.captured > truth.refunded
    )
    for number, times in sorted(kept.items()):
        if times > 1:
            refs = [truth.intent_id for truth in payments if truth.order_ref == number]
            yield Difference(
                kind="double capture",
                ref=", ".join(refs),
                order=number,
                sentence=f"Order {number} was paid {times} times.",
                proposal="Refund all but one of them.",
            )


def _find_orders_without_payment(
    payments: Iterable[PaymentTruth], *, since: datetime, until: datetime
) -> Iterable[Difference]:
    there = {truth.intent_id: truth for truth in payments if truth.state in ("paid", "authorised")}
    ours = PaymentAttempt.objects.filter(
        provider=PaymentAttempt.Provider.CARD,
        state__in=(State.PAID, State.AUTHORISED),
        amount__gt=0,
        created_at__gte=since,
        created_at__lt=until,
    )
    for attempt in ours.select_related("order").order_by("pk"):
        if attempt.intent_id not in there:
            yield Difference(
                kind="order without payment",
                ref=f"payment {attempt.pk}",
                order=attempt.order.number,
                sentence=f"Our payment {attempt.pk} is {attempt.state} with {attempt.captured} {attempt.currency};"
                f" the provider has no such payment ({attempt.intent_id or 'no id'}).",
                proposal="Do not ship; ask the provider about it.",
            )


def _compare_refunds(refunds: Iterable[RefundTruth], *, since: datetime, until: datetime) -> Iterable[Difference]:
    there: dict[int, Decimal] = {}
    for truth in refunds:
        refund = find_refund(truth)
        if refund is None:
            if truth.state != "failed":
                yield Difference(
                    kind="refund without row",
                    ref=truth.id,
                    order="",
                    sentence=f"The provider refunded {truth.amount} {truth.currency} of {truth.intent_id}; we have no row.",
                    proposal="Find the order of that payment and note the refund there.",
                )
            continue
        there[refund.pk] = truth.amount
        if refund.amount != truth.amount or refund.state != truth.state:
            yield Difference(
                kind="refund amount",
                ref=truth.id,
                order=refund.attempt.order.number,
                sentence=f"The provider says {truth.amount} {truth.state}; our refund {refund.pk} says"
                f" {refund.amount} {refund.state}.",
                proposal="Compare both and correct the smaller wrong one by a further refund.",
            )
    ours = Refund.objects.filter(
        attempt__provider=PaymentAttempt.Provider.CARD,
        state__in=(Refund.State.PENDING, Refund.State.SUCCEEDED),
        created_at__gte=since,
        created_at__lt=until,
    )
    for refund in ours.exclude(pk__in=there).select_related("attempt__order").order_by("pk"):
        yield Difference(
            kind="row without refund",
            ref=f"refund {refund.pk}",
            order=refund.attempt.order.number,
            sentence=f"Our refund {refund.pk} of {refund.amount} is {refund.state}; the provider has none.",
            proposal="Ask the provider; the shopper may still be waiting for the money.",
        )
