"""What differs between the provider and our books: a finding for a person, with what we propose."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """`kind`: paid without order, order without payment, double capture, amount, refund without row, row without refund,
    refund amount, fee, payout sum, unknown in payout, amount in payout. `ref` names the thing at the provider, or ours.
    """

    kind: str
    ref: str
    order: str
    sentence: str
    proposal: str
