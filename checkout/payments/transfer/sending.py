"""Money that a person has sent from our account: the transfer is marked, and the refund behind it is done."""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from checkout.orders.states import lock_order
from checkout.payments.refund import apply_refund
from checkout.payments.transfer.gateway import TransferGateway
from checkout.payments.transfer.records import TransferOut


class CannotSend(Exception):
    """The transfer is not waiting any more."""


def mark_sent(transfer_id: int, *, actor: Any) -> TransferOut:
    """A repeat changes nothing. Raises CannotSend for one that is not needed any more."""
    with transaction.atomic():
        order_id = TransferOut.objects.values_list("order_id", flat=True).get(pk=transfer_id)
        if order_id is not None:
            lock_order(order_id)
        waiting = TransferOut.objects.filter(pk=transfer_id, state=TransferOut.State.WAITING)
        waiting.update(state=TransferOut.State.SENT, sent_by=str(actor), sent_at=Now())
        out = TransferOut.objects.get(pk=transfer_id)
        if out.state == TransferOut.State.DROPPED:
            raise CannotSend("This transfer is not needed any more: do not send it.")
        if out.refund_id is not None:
            apply_refund(out.refund_id, TransferGateway().fetch_refund(f"transfer-{out.pk}"))
        return out
