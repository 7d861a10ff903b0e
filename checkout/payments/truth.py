"""The provider's objects in our words: what is true of a payment and of a refund, with Decimal amounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

from shop.money import ZERO, from_minor

PaymentState = Literal["open", "processing", "authorised", "paid", "cancelled"]
RefundState = Literal["pending", "succeeded", "failed"]
Json = Mapping[str, Any]

_INTENT_STATES: Mapping[str, PaymentState] = {
    "succeeded": "paid",
    "requires_capture": "authorised",
    "processing": "processing",
    "canceled": "cancelled",
}


@dataclass(frozen=True, slots=True)
class SessionOpened:
    id: str
    url: str


@dataclass(frozen=True, slots=True)
class PaymentTruth:
    """`amount` is what was asked for, `captured` what was taken, `fee` what the provider keeps of it (None: not yet
    known). `order_ref` is the order's number as the provider holds it, "" when it holds none. `decline` is the code of
    the last refusal. `latest_charge` tells one try from the next, `card` (the provider's fingerprint) one card from
    another, "" when there was none. `takes_parts`: what is set aside may be captured in several steps."""

    state: PaymentState
    amount: Decimal
    currency: str
    order_ref: str
    attempt_ref: str
    session_id: str
    intent_id: str
    captured: Decimal
    refunded: Decimal
    fee: Decimal | None
    decline: str
    latest_charge: str
    is_disputed: bool
    capture_before: datetime | None
    card: str = ""
    takes_parts: bool = False

    @property
    def is_open(self) -> bool:
        """Somebody could still pay."""
        return self.state == "open"

    @property
    def is_given_back(self) -> bool:
        """All that was taken has been refunded; the provider still calls it succeeded."""
        return self.captured > ZERO and self.refunded >= self.captured


@dataclass(frozen=True, slots=True)
class RefundTruth:
    """`refund_ref` is the id of our refund row, "" when the refund was not made by us."""

    id: str
    state: RefundState
    amount: Decimal
    currency: str
    intent_id: str
    refund_ref: str
    failure: str


@dataclass(frozen=True, slots=True)
class DisputeTruth:
    """`is_frozen`: the bank has, or may keep, the money, so a refund would pay twice. Inquiries do not freeze."""

    id: str
    status: str
    reason: str
    is_frozen: bool


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    id: str
    kind: str
    payload: Json


def read_payment(*, session: Json | None, intent: Json | None) -> PaymentTruth:
    """From a Checkout Session with its expanded intent, or from an intent alone.

    A session has no intent before the first try to pay (API 2022-08-01 and later).
    """
    session = session or {}
    intent = intent or session.get("payment_intent") or {}
    currency = str(intent.get("currency") or session.get("currency") or "").upper()
    names = intent.get("metadata") or session.get("metadata") or {}
    charge = intent.get("latest_charge") or {}
    card = ((charge.get("payment_method_details") or {}).get("card")) or {}
    movement = charge.get("balance_transaction")
    error = intent.get("last_payment_error") or {}
    asked = intent.get("amount", session.get("amount_total"))
    return PaymentTruth(
        state=_state_of(session=session, intent=intent),
        amount=from_minor(int(asked or 0), currency),
        currency=currency,
        order_ref=str(names.get("order", "")),
        attempt_ref=str(names.get("attempt", "")),
        session_id=str(session.get("id", "")),
        intent_id=str(intent.get("id", "")),
        captured=from_minor(int(intent.get("amount_received") or 0), currency),
        refunded=from_minor(int(charge.get("amount_refunded") or 0), currency)
        if charge.get("amount_captured")
        else ZERO,
        fee=from_minor(int(movement["fee"]), str(movement["currency"]).upper())
        if isinstance(movement, Mapping)
        else None,
        decline=str(error.get("decline_code") or error.get("code") or ""),
        latest_charge=str(charge.get("id", "")),
        card=str(card.get("fingerprint") or ""),
        takes_parts=(card.get("multicapture") or {}).get("status") == "available",
        is_disputed=bool(charge.get("disputed")),
        capture_before=_instant(card.get("capture_before")),
    )


def _state_of(*, session: Json, intent: Json) -> PaymentState:
    known = _INTENT_STATES.get(str(intent.get("status", "")))
    if known is not None:
        return known
    return "cancelled" if session.get("status") == "expired" else "open"


def read_refund(refund: Json) -> RefundTruth:
    currency = str(refund["currency"]).upper()
    intent = refund.get("payment_intent") or ""
    status = str(refund.get("status") or "pending")
    return RefundTruth(
        id=str(refund["id"]),
        state="succeeded" if status == "succeeded" else "failed" if status in ("failed", "canceled") else "pending",
        amount=from_minor(int(refund["amount"]), currency),
        currency=currency,
        intent_id=str(intent if isinstance(intent, str) else intent.get("id", "")),
        refund_ref=str((refund.get("metadata") or {}).get("refund", "")),
        failure=str(refund.get("failure_reason") or ""),
    )


def read_dispute(dispute: Json) -> DisputeTruth:
    """https://docs.stripe.com/api/disputes/object#dispute_object-status"""
    status = str(dispute.get("status", ""))
    return DisputeTruth(
        id=str(dispute["id"]),
        status=status,
        reason=str(dispute.get("reason") or ""),
        is_frozen=status not in ("won", "prevented") and not status.startswith("warning_"),
    )


def _instant(seconds: Any) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), UTC) if seconds else None
