"""What this room may ask of a payment provider, in our words and with our named errors. Amounts are Decimal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from checkout.payments.truth import DisputeTruth, PaymentTruth, ReceivedEvent, RefundTruth, SessionOpened
from checkout.payouts.truth import MovementTruth, PayoutTruth


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentWanted:
    """What a shopper shall be able to pay. `key` is the stored idempotency key; the shopper reads `title` and `description`.

    `expires_at`: nobody can pay any more. `capture_later`: set the sum aside, `capture` takes it; with `capture_parts`,
    if the card allows it, in several steps. `is_embedded`: on a page of ours, with the provider's script.
    """

    key: str
    order_ref: str
    attempt_id: int
    amount: Decimal
    currency: str
    title: str
    description: str
    email: str
    success_url: str
    cancel_url: str
    expires_at: datetime
    capture_later: bool
    capture_parts: bool
    is_embedded: bool


class Gateway(Protocol):
    """What the rest of this room may ask of a provider. Every call may raise the errors of `checkout.payments.errors`."""

    def open_session(self, wanted: PaymentWanted) -> SessionOpened: ...

    def secret_of(self, session_id: str) -> str:
        """With which a browser may pay this one session on our page; "" when nobody can any more."""
        ...

    def fetch_payment(self, session_id: str) -> PaymentTruth: ...

    def close_session(self, session_id: str) -> PaymentTruth: ...

    def capture(self, *, intent_id: str, amount: Decimal, currency: str, key: str, is_final: bool = True) -> None:
        """Take `amount` of what was set aside; the rest is let go when it `is_final`."""
        ...

    def release(self, *, intent_id: str, key: str) -> None: ...

    def refund(self, *, intent_id: str, amount: Decimal, currency: str, key: str, refund_ref: str) -> RefundTruth: ...

    def fetch_refund(self, provider_id: str) -> RefundTruth: ...

    def refunds_of(self, intent_id: str) -> list[RefundTruth]: ...

    def disputes_of(self, intent_id: str) -> list[DisputeTruth]: ...

    def payments_since(self, instant: datetime) -> Iterator[PaymentTruth]: ...

    def refunds_since(self, instant: datetime) -> Iterator[RefundTruth]: ...

    def payouts_since(self, instant: datetime) -> Iterator[PayoutTruth]: ...

    def movements_of(self, payout_id: str) -> list[MovementTruth]:
        """Every movement of money that the payout consists of, but the payout itself."""
        ...

    def read_event(self, body: bytes, *, signature: str) -> ReceivedEvent: ...
