"""Send a mail of an order again, word for word as it was: a mail of its own, with a Message-ID of its own."""

from typing import Any

from django.db import transaction

from checkout.orders.mails import message_id_of
from checkout.orders.records import Mail
from checkout.orders.timeline import record_event
from shop.outbox.publish import publish


class NothingToSend(Exception):
    """The mail is about no order, or its text is gone. The message is for the person at the desk."""


def resend_mail(mail: Mail, *, key: str, actor: Any) -> bool:
    """False when this `key` has sent it before, so that a doubled click is one mail. Raises NothingToSend."""
    if mail.order_id is None or not mail.text:
        raise NothingToSend("Only mails about an order are kept as they were sent; this one cannot be sent again.")
    again = f"mail:{mail.pk}:again:{key}"
    with transaction.atomic():
        copy, is_new = Mail.objects.get_or_create(
            key=again,
            defaults={
                "order_id": mail.order_id,
                "kind": mail.kind,
                "message_id": message_id_of(again),
                "to": mail.to,
                "subject": mail.subject,
                "text": mail.text,
                "html": mail.html,
                "wording": mail.wording,
            },
        )
        if is_new:
            record_event(
                order_id=mail.order_id,
                kind="mail",
                message=f"Mail “{mail.subject}” sent again to {mail.to}.",
                actor=actor,
                data={"mail": copy.pk, "kind": mail.kind, "again": mail.pk},
            )
            publish("mail.queued", {"mail_id": copy.pk}, key=f"mail.queued:{copy.pk}")
    return is_new
