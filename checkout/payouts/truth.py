"""The provider's payouts and movements of money in our words, with Decimal amounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

from shop.money import from_minor

Json = Mapping[str, Any]
MovementKind = Literal["order", "refund", "dispute", "fee", "adjustment"]

# https://docs.stripe.com/reports/reporting-categories
_KINDS: Mapping[str, MovementKind] = {
    "charge": "order",
    "refund": "refund",
    "refund_failure": "refund",
    "partial_capture_reversal": "refund",
    "dispute": "dispute",
    "dispute_reversal": "dispute",
    "fee": "fee",
    "tax": "fee",
}


@dataclass(frozen=True, slots=True)
class PayoutTruth:
    """`is_split`: the provider says what it consists of, completely. Only automatic payouts ever are."""

    id: str
    amount: Decimal
    currency: str
    state: str
    is_automatic: bool
    is_split: bool
    made_at: datetime
    arrives_at: datetime


@dataclass(frozen=True, slots=True)
class MovementTruth:
    """One movement of money: `amount` − `fee` = `net`. `intent_id` and `refund_id` name what it belongs to, or are ""."""

    id: str
    kind: MovementKind
    amount: Decimal
    fee: Decimal
    net: Decimal
    currency: str
    intent_id: str
    refund_id: str
    words: str
    at: datetime


def read_payout(payout: Json) -> PayoutTruth:
    currency = str(payout["currency"]).upper()
    return PayoutTruth(
        id=str(payout["id"]),
        amount=from_minor(int(payout["amount"]), currency),
        currency=currency,
        state=str(payout["status"]),
        is_automatic=bool(payout["automatic"]),
        is_split=payout.get("reconciliation_status") == "completed",
        made_at=_instant(payout["created"]),
        arrives_at=_instant(payout["arrival_date"]),
    )


def read_movement(row: Json) -> MovementTruth:
    """A balance transaction with its expanded source. What we have no name for is an adjustment."""
    currency = str(row["currency"]).upper()
    source = row.get("source")
    thing: Json = source if isinstance(source, Mapping) else {}
    category = str(row.get("reporting_category") or row.get("type") or "")
    intent = thing.get("payment_intent") or ""
    return MovementTruth(
        id=str(row["id"]),
        kind=_KINDS.get(category, "adjustment"),
        amount=from_minor(int(row["amount"]), currency),
        fee=from_minor(int(row["fee"]), currency),
        net=from_minor(int(row["net"]), currency),
        currency=currency,
        intent_id=str(intent if isinstance(intent, str) else intent.get("id", "")),
        refund_id=str(thing["id"]) if thing.get("object") == "refund" else "",
        words=str(row.get("description") or category.replace("_", " "))[:250],
        at=_instant(row["created"]),
    )


def _instant(seconds: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
