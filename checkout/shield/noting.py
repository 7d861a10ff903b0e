"""Write down what became of a try. Each is counted once, however often the provider tells of it."""

import uuid

from oscar.apps.order.models import Order

from checkout.shield.counting import read_facts
from checkout.shield.judging import judge
from checkout.shield.limits import KEPT, ORDER_DECLINED
from checkout.shield.records import HeldPayment, PaymentTry
from checkout.shield.visitor import Visitor, hash_of, mail_of
from shop.outbox.publish import publish
from shop.written_once import tell

Kind = PaymentTry.Kind


_OPENED = """
WITH forgotten AS (DELETE FROM checkout_paymenttry WHERE at < statement_timestamp() - %(kept)s),
freed AS (
    UPDATE checkout_heldpayment SET until = statement_timestamp()
    WHERE order_id = %(order)s AND until > statement_timestamp()
)
INSERT INTO checkout_paymenttry (key, kind, order_id, net, mail, card)
VALUES (%(key)s, 'opened', %(order)s, %(net)s, %(mail)s, '')
"""


def note_opened(order: Order, visitor: Visitor) -> None:
    """Also ends what held the order back, and forgets what is older than a day."""
    key, about = f"opened:{uuid.uuid4()}", {"order": order.pk, "mail": mail_of(order), "net": visitor.net}
    tell(_OPENED, about | {"key": key, "kept": KEPT})


def note_declined(order: Order, *, charge: str, card: str = "", attempt_id: int) -> bool:
    """A bank refused `charge` (the provider's id); `card` is the provider's fingerprint. False when it is known.

    In the caller's transaction. With the last one that an order is given its page at the provider is closed; so it is when
    by now nobody would open one for it, because an open page lets card after card through.
    """
    if not _note(Kind.DECLINED, order, key=f"declined:{charge}", card=card):
        return False
    declined = declines_of(order.pk)
    if declined and (declined % ORDER_DECLINED == 0 or _is_too_much(order)):
        publish("payment.tried_too_often", {"attempt_id": attempt_id}, key=f"payment.tried:{attempt_id}:{declined}")
    return True


def _is_too_much(order: Order) -> bool:
    """Not a burst: of that nobody knows yet what it is."""
    visitor = Visitor(net=_net_of(order), customer_id=order.user_id)
    hold = judge(read_facts(order, visitor), visitor)
    return hold is not None and hold.why != HeldPayment.Why.BURST


def note_paid(order: Order, *, card: str = "") -> bool:
    return _note(Kind.PAID, order, key=f"paid:{order.pk}", card=card)


def declines_of(order_id: int) -> int:
    return PaymentTry.objects.filter(order_id=order_id, kind=Kind.DECLINED).count()


def is_proven(order_id: int) -> bool:
    return HeldPayment.objects.filter(order_id=order_id, proven_at__isnull=False).exists()


def _net_of(order: Order) -> str:
    """The place from which the order's page was opened last."""
    opened = PaymentTry.objects.filter(order=order, kind=Kind.OPENED).order_by("-pk").values_list("net", flat=True)
    return opened.first() or ""


def _note(kind: str, order: Order, *, key: str, card: str) -> bool:
    _, is_new = PaymentTry.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "order": order,
            "net": _net_of(order),
            "mail": mail_of(order),
            "card": hash_of("card", card) if card else "",
        },
    )
    return is_new
