"""The bank as a provider: what arrived is what statement entries say; what goes back, a person sends."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from oscar.apps.order.models import Order

from checkout.payments.errors import ForgedEvent, ProviderRefused
from checkout.payments.port import PaymentWanted
from checkout.payments.records import Refund
from checkout.payments.transfer.records import TransferMatch, TransferOut
from checkout.payments.transfer.reference import number_of, reference_of
from checkout.payments.truth import (
    DisputeTruth,
    PaymentState,
    PaymentTruth,
    ReceivedEvent,
    RefundTruth,
    SessionOpened,
)
from checkout.payouts.truth import MovementTruth, PayoutTruth
from shop.money import ZERO


class TransferGateway:
    """Session and intent of a payment are both the order's reference. Nothing here leaves this machine."""

    def open_session(self, wanted: PaymentWanted) -> SessionOpened:
        """No page of its own: the order's says how to pay (its address is a key, so it is not stored)."""
        return SessionOpened(id=reference_of(wanted.order_ref), url="")

    def secret_of(self, session_id: str) -> str:
        return ""

    def fetch_payment(self, session_id: str) -> PaymentTruth:
        return self._read(session_id, otherwise="open")

    def close_session(self, session_id: str) -> PaymentTruth:
        """Nobody can be kept from transferring: what comes later is matched, and goes back by itself."""
        return self._read(session_id, otherwise="cancelled")

    def _read(self, session_id: str, *, otherwise: PaymentState) -> PaymentTruth:
        order = Order.objects.get(number=number_of(session_id))
        received = received_of(order)
        is_paid = received >= order.total_incl_tax
        back = Refund.objects.filter(attempt__order=order, state=Refund.State.SUCCEEDED)
        return PaymentTruth(
            state="paid" if is_paid else otherwise,
            amount=order.total_incl_tax,
            currency=order.currency,
            order_ref=order.number,
            attempt_ref="",
            session_id=session_id,
            intent_id=session_id,
            captured=order.total_incl_tax if is_paid else ZERO,
            refunded=back.aggregate(total=Sum("amount"))["total"] or ZERO,
            fee=ZERO if is_paid else None,
            decline="",
            latest_charge="",
            is_disputed=False,
            capture_before=None,
        )

    def capture(self, *, intent_id: str, amount: Decimal, currency: str, key: str, is_final: bool = True) -> None:
        raise ProviderRefused("A transfer is never authorised beforehand: there is nothing to capture.")

    def release(self, *, intent_id: str, key: str) -> None:
        raise ProviderRefused("A transfer is never authorised beforehand: there is nothing to let go.")

    def refund(self, *, intent_id: str, amount: Decimal, currency: str, key: str, refund_ref: str) -> RefundTruth:
        """A transfer for a person to send, to the account that the money came from."""
        order = Order.objects.get(number=number_of(intent_id))
        match = TransferMatch.objects.filter(order=order, undone_at=None).select_related("entry").first()
        with transaction.atomic():
            out, _ = TransferOut.objects.get_or_create(
                key=f"refund:{refund_ref}",
                defaults={
                    "amount": amount,
                    "currency": currency,
                    "name": match.entry.payer_name if match is not None else "",
                    "iban": match.entry.payer_iban if match is not None else "",
                    "text": f"Refund of order {order.number}",
                    "order": order,
                    "refund_id": int(refund_ref),
                },
            )
        return _refund_truth(out)

    def fetch_refund(self, provider_id: str) -> RefundTruth:
        return _refund_truth(TransferOut.objects.get(pk=int(provider_id.removeprefix("transfer-"))))

    def refunds_of(self, intent_id: str) -> list[RefundTruth]:
        outs = TransferOut.objects.filter(order__number=number_of(intent_id), refund__isnull=False)
        return [_refund_truth(out) for out in outs.order_by("pk")]

    def disputes_of(self, intent_id: str) -> list[DisputeTruth]:
        return []

    def payments_since(self, instant: datetime) -> Iterator[PaymentTruth]:
        return iter(())

    def refunds_since(self, instant: datetime) -> Iterator[RefundTruth]:
        return iter(())

    def payouts_since(self, instant: datetime) -> Iterator[PayoutTruth]:
        return iter(())

    def movements_of(self, payout_id: str) -> list[MovementTruth]:
        return []

    def read_event(self, body: bytes, *, signature: str) -> ReceivedEvent:
        raise ForgedEvent("Banks send statements, not events.")


def received_of(order: Order) -> Decimal:
    """What the matched entries of an order come to."""
    live = TransferMatch.objects.filter(order=order, undone_at=None)
    return live.aggregate(total=Sum("entry__amount"))["total"] or ZERO


def _refund_truth(out: TransferOut) -> RefundTruth:
    return RefundTruth(
        id=f"transfer-{out.pk}",
        state="succeeded" if out.state == TransferOut.State.SENT else "pending",
        amount=out.amount,
        currency=out.currency,
        intent_id=reference_of(out.order.number) if out.order is not None else "",
        refund_ref=str(out.refund_id or ""),
        failure="",
    )
