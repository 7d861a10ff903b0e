"""Mails: rendered and stored as they will be sent, then handed to the mail server once, through the outbox.

Once means: one row per key, and one hand-over per row, except when the process dies between the server's acceptance and
the commit; the repeat then carries the same Message-ID, by which mail servers and people can tell.
"""

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string
from oscar.apps.order.models import Order

from checkout.orders.access import link_of
from checkout.orders.page import present_order
from checkout.orders.records import Mail
from checkout.orders.timeline import record_event
from checkout.orders.wording.publishing import word
from checkout.orders.wording.words import Words
from shop.outbox.publish import publish

PAUSES = (0, 1, 2, 4, 8)
"""Seconds to wait for a database that went away while a mail left."""


class MailBusy(Exception):
    """Another worker is handing this mail over right now; look again later."""


def queue_mail(
    order: Order,
    *,
    kind: str,
    key: str,
    subject: str,
    headline: str,
    sentence: str,
    extra: Mapping[str, Any] | None = None,
) -> bool:
    """Render templates/mails/<kind>.html and its plain twin, store both, ask for the hand-over.

    False when the key was used before, or the order has no address to write to.
    """
    to = order.guest_email or (order.user.email if order.user else "")
    if not to or Mail.objects.filter(key=key).exists():
        return False
    words, version = word(kind, Words(subject, headline, sentence), order=order)
    context = {
        "shop_name": settings.SHOP_NAME,
        "shop_url": settings.SITE_URL,
        "headline": words.headline,
        "sentence": words.sentence,
        "closing": words.closing,
        "order": {**present_order(order), "url": link_of(order.pk)},
        **(extra or {}),
    }
    html = inline_styles(render_to_string(f"mails/{kind}.html", context))
    text = render_to_string(f"mails/{kind}.txt", context)
    with transaction.atomic():
        mail, is_new = Mail.objects.get_or_create(
            key=key,
            defaults={
                "order": order,
                "kind": kind,
                "message_id": message_id_of(key),
                "to": to,
                "subject": words.subject,
                "text": text,
                "html": html,
                "wording": version,
            },
        )
        if is_new:
            record_event(
                order_id=order.pk,
                kind="mail",
                message=f"Mail “{words.subject}” written to {to}.",
                actor_name="shop",
                data={"mail": mail.pk, "kind": kind},
            )
            publish("mail.queued", {"mail_id": mail.pk}, key=f"mail.queued:{mail.pk}")
    return is_new


def queue_account_mail(*, to: str, subject: str, text: str, key: str) -> None:
    """A mail about an account (confirm an address, reset a password): its links are keys, so its text is forgotten once
    it is sent."""
    with transaction.atomic():
        mail = Mail.objects.create(
            kind="account", key=key, message_id=message_id_of(key), to=to, subject=subject[:250], text=text
        )
        publish("mail.queued", {"mail_id": mail.pk}, key=f"mail.queued:{mail.pk}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail that is not about an order: templates/mails/<template>.html and .txt with `context`."""

    to: str
    kind: str
    key: str
    subject: str
    template: str
    context: Mapping[str, Any]
    unsubscribe_url: str = ""


def queue_letters(letters: Sequence[Letter]) -> int:
    """Render and store them in their order, ask for their hand-over; how many are new. In the caller's transaction."""
    keys = [letter.key for letter in letters]
    known = set(Mail.objects.filter(key__in=keys).values_list("key", flat=True))
    mails = Mail.objects.bulk_create(_render(letter) for letter in letters if letter.key not in known)
    for mail in mails:
        publish("mail.queued", {"mail_id": mail.pk}, key=f"mail.queued:{mail.pk}")
    return len(mails)


def _render(letter: Letter) -> Mail:
    context = {"shop_name": settings.SHOP_NAME, "shop_url": settings.SITE_URL, **letter.context}
    return Mail(
        kind=letter.kind,
        key=letter.key,
        message_id=message_id_of(letter.key),
        to=letter.to,
        subject=letter.subject,
        text=render_to_string(f"mails/{letter.template}.txt", context),
        html=inline_styles(render_to_string(f"mails/{letter.template}.html", context)),
        unsubscribe_url=letter.unsubscribe_url,
    )


def message_id_of(key: str) -> str:
    """Stable: the same mail has the same one however often it is handed over (RFC 5322, 3.6.4)."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{settings.SITE_HOST}>"


def hand_over_mail(mail_id: int) -> bool:
    """Give one mail to the mail server; False when that was done before. Raises MailBusy and what the server raises.

    Only this row is locked meanwhile; nobody else waits for it. When the database goes away while the mail leaves, that
    it left is recorded as soon as the database answers again, well within the lease of the event that asked for it.
    """
    left: Mail | None = None
    try:
        with transaction.atomic():
            waiting = Mail.objects.filter(pk=mail_id, sent_at__isnull=True)
            mail = waiting.select_for_update(skip_locked=True).first()
            if mail is None:
                if waiting.exists():
                    raise MailBusy(f"Mail {mail_id} is being handed over by another worker.")
                return False
            _message_of(mail).send()
            left = mail
            _record_sent(mail)
    except (OperationalError, InterfaceError):
        if left is None or connection.in_atomic_block:
            raise
        _record_patiently(left)
    return True


def _message_of(mail: Mail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        headers=_headers_of(mail),
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _record_sent(mail: Mail) -> None:
    forgotten = {"text": "", "html": ""} if mail.order_id is None else {}
    Mail.objects.filter(pk=mail.pk).update(sent_at=Now(), **forgotten)


def _record_patiently(mail: Mail) -> None:
    for pause in PAUSES:
        connection.close()
        try:
            return _record_sent(mail)
        except (OperationalError, InterfaceError):
            time.sleep(pause)
    connection.close()
    return _record_sent(mail)


def _headers_of(mail: Mail) -> dict[str, str]:
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    if mail.unsubscribe_url:
        # RFC 2369 and RFC 8058: the mail program shows a button that sends one POST.
        headers |= {
            "List-Unsubscribe": f"<{mail.unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return headers


def inline_styles(html: str) -> str:
    """Mail programs read the style of an element only where it stands."""
    return _inliner().inline(html)


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False)
