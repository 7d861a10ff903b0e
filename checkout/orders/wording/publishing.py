"""Publish the words of a kind of mail, and use them: from the next mail on, without a release."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from oscar.apps.order.models import Order

from checkout.orders.wording.records import MailWording
from checkout.orders.wording.words import BrokenWording, Words, check_words, fill_in
from shop.audit.record import record_action

KINDS: Final[Mapping[str, str]] = {
    "order_confirmed": "The order is paid",
    "order_transfer": "How to pay by transfer",
    "order_waiting": "The order waits for its payment",
    "order_rest": "The rest is to be paid",
    "order_shipped": "A parcel is on its way",
    "order_delayed": "The promised day moved",
    "order_cancelled": "The order is cancelled",
    "order_sold_out": "It was sold out before the payment came",
    "order_refunded": "Money is on its way back",
}


def latest_wording(kind: str) -> MailWording | None:
    return MailWording.objects.filter(kind=kind).order_by("-number").first()


def publish_words(kind: str, words: Words, *, after: int, note: str, actor: Any) -> MailWording:
    """The next version of `kind`; `after` is the number that the writer had before them (0: none). Audited.

    Raises BrokenWording: for words that cannot be sent, and when somebody has published another version meanwhile.
    """
    check_words(words)
    before = latest_wording(kind)
    try:
        with transaction.atomic():
            if (before.number if before is not None else 0) != after:
                raise IntegrityError
            made = MailWording.objects.create(
                kind=kind,
                number=after + 1,
                subject=words.subject,
                headline=words.headline,
                sentence=words.sentence,
                closing=words.closing,
                note=note[:250],
                actor_name=str(actor),
            )
            record_action(
                action="publish", subject_type="mailwording", subject_id=kind, actor=actor, reason=note,
                before={"version": after}, after={"version": made.number, "subject": made.subject},
            )  # fmt: skip
    except IntegrityError:
        raise BrokenWording(
            {"subject": "Somebody else has published a version meanwhile. Open this page anew, and look at theirs."}
        ) from None
    return made


def word(kind: str, own: Words, *, order: Order) -> tuple[Words, int]:
    """What is sent instead of the shop's own words, and its version; the own ones and 0 when nobody wrote others."""
    found = latest_wording(kind)
    if found is None:
        return own, 0
    words = Words(found.subject, found.headline, found.sentence, found.closing)
    return fill_in(words, values_for(own, number=order.number, name=_name_of(order))), found.number


def values_for(own: Words, *, number: str, name: str) -> dict[str, str]:
    return {
        "subject": own.subject,
        "headline": own.headline,
        "sentence": own.sentence,
        "number": number,
        "name": name,
        "shop": settings.SHOP_NAME,
    }


def _name_of(order: Order) -> str:
    address = order.shipping_address or order.billing_address
    return str(address.first_name).strip() if address is not None else ""
