"""Locks of refunds that two people decide on, of payouts, and of bank transfers."""

import itertools
from datetime import UTC, datetime
from decimal import Decimal

from checkout.payments.transfer.matching import CannotMatch, match_entry
from checkout.payments.transfer.records import StatementEntry
from checkout.payouts.fetching import store_payout
from checkout.payouts.truth import MovementTruth, PayoutTruth
from checkout.refunds.asking import approve_refund, ask_refund, decline_refund
from checkout.refunds.parts import RefundWish
from tests.checkout.made_up_payments import paid_order
from tests.checkout.transfer.bank import transfer_order
from tests.locks.proofs_of_people import make_user
from tests.locks.race import Proofs, Race
from tests.shopfloor import attempt_of

PROOFS = Proofs()
_serial = itertools.count(1)


@PROOFS("checkout/refunds/asking.py: _lock_request", protects="a refund that waits for a second person is decided once")
def one_agrees_while_another_declines() -> Race:
    order, ann, ben, cat = paid_order(), make_user(), make_user(), make_user()
    request = ask_refund(
        attempt_id=attempt_of(order).pk,
        wish=RefundWish(goodwill=Decimal("5.00")),
        key=f"lock:{next(_serial)}",
        reason="A scratch.",
        actor=ann,
        limit=Decimal(0),
    )
    return Race(
        first=lambda: approve_refund(request.pk, actor=ben),
        rival=lambda: decline_refund(request.pk, reason="No.", actor=cat),
        is_broken=lambda *answers: not any(isinstance(answer, Exception) for answer in answers),
    )


@PROOFS("checkout/payouts/fetching.py: store_payout", protects="a payout is split once")
def two_fetches_of_one_payout() -> Race:
    number, at = next(_serial), datetime(2026, 5, 1, tzinfo=UTC)
    payout = PayoutTruth(f"po_lock{number}", Decimal(9), "EUR", "paid", True, True, at, at)
    movement = MovementTruth(
        f"txn_lock{number}", "adjustment", Decimal(9), Decimal(0), Decimal(9), "EUR", "", "", "By hand.", at
    )
    store_payout(payout, [])

    def store() -> bool:
        return store_payout(payout, [movement])

    return Race(first=store, rival=store, is_broken=lambda *answers: sum(answers) != 1)


@PROOFS("checkout/payments/transfer/matching.py: _lock_entry", protects="an entry of a bank statement pays one order")
def two_matches_of_one_entry() -> Race:
    one, two = transfer_order(), transfer_order()
    entry = StatementEntry.objects.create(
        key=f"lock{next(_serial)}",
        booked_on=datetime(2026, 5, 1, tzinfo=UTC).date(),
        amount=one.total_incl_tax,
        currency="EUR",
        file_name="may.csv",
        imported_by="tests",
    )
    return Race(
        first=lambda: match_entry(entry.pk, one.pk, how="hand"),
        rival=lambda: match_entry(entry.pk, two.pk, how="hand"),
        is_broken=lambda *answers: sum(isinstance(answer, CannotMatch) for answer in answers) != 1,
    )
