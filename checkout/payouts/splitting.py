"""A payout in one table: what came in from orders, what went out as refunds, fees, disputes, adjustments, and the sum."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from checkout.payouts.records import Payout, PayoutItem
from shop.money import ZERO

Kind = PayoutItem.Kind


@dataclass(frozen=True, slots=True)
class SplitRow:
    label: str
    number: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Split:
    """The rows sum to `total`; `difference` is what the payout has beyond it. `fee_share` of what orders brought, in %."""

    rows: Sequence[SplitRow]
    total: Decimal
    difference: Decimal
    fee_share: Decimal | None


def split_payout(payout: Payout) -> Split:
    """One query."""
    sums = {
        row["kind"]: row
        for row in PayoutItem.objects.filter(payout=payout)
        .order_by()
        .values("kind")
        .annotate(number=Count("pk"), charged=Count("pk", filter=~Q(fee=0)), gross=Sum("amount"), fees=Sum("fee"))
    }
    fees = sum((row["fees"] for row in sums.values()), ZERO)
    charged = sum(row["charged"] for row in sums.values())
    own_number, own_sum = (sums[Kind.FEE]["number"], sums[Kind.FEE]["gross"]) if Kind.FEE in sums else (0, ZERO)
    rows = [
        SplitRow(str(Kind(kind).label).capitalize(), sums[kind]["number"], sums[kind]["gross"])
        for kind in (Kind.ORDER, Kind.REFUND, Kind.DISPUTE, Kind.ADJUSTMENT)
        if kind in sums
    ]
    if fees or own_number:
        rows.append(SplitRow("Fees", charged + own_number, own_sum - fees))
    total = sum((row.amount for row in rows), ZERO)
    brought = sums[Kind.ORDER]["gross"] if Kind.ORDER in sums else ZERO
    order_fees = sums[Kind.ORDER]["fees"] if Kind.ORDER in sums else ZERO
    return Split(
        rows=rows,
        total=total,
        difference=payout.amount - total,
        fee_share=(order_fees * 100 / brought).quantize(Decimal("0.01")) if brought else None,
    )
