"""Who may use a link: the browser that came from the order's page, the account that bought, or who reads the order's mail.

A link that leaked to another browser asks for the order's address and sends it six figures. The browser then remembers
the order in a signed cookie that is sent to downloads alone.
"""

import hmac
import json
import secrets
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from oscar.apps.order.models import Order

from checkout.downloads.records import ProofCode
from checkout.orders.mails import Letter, queue_letters

COOKIE: Final = "downloads"
SALT: Final = "checkout.downloads"
LIFETIME: Final = 60 * 60 * 24 * 30
MOST_ORDERS: Final = 20
CODE_MINUTES: Final = 15
TRIES: Final = 5
PAUSE: Final = timedelta(minutes=1)


def has_proof(request: HttpRequest, order: Order) -> bool:
    if order.user_id is not None and request.user.is_authenticated and request.user.pk == order.user_id:
        return True
    return order.pk in _read_orders(request)


def remember_proof(request: HttpRequest, response: HttpResponse, order_id: int) -> None:
    orders = [order_id, *(pk for pk in _read_orders(request) if pk != order_id)][:MOST_ORDERS]
    response.set_signed_cookie(
        COOKIE,
        json.dumps(orders, separators=(",", ":")),
        salt=SALT,
        max_age=LIFETIME,
        path="/download/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _read_orders(request: HttpRequest) -> list[int]:
    try:
        found = json.loads(str(request.get_signed_cookie(COOKIE, salt=SALT)))
    except (KeyError, BadSignature, ValueError):
        return []
    return [pk for pk in found if isinstance(pk, int)] if isinstance(found, list) else []


def address_of(order: Order) -> str:
    return str(order.guest_email or (order.user.email if order.user else ""))


def send_code(order: Order, *, email: str) -> bool:
    """Six figures to the order's address when `email` is that address; at most one mail in a minute.

    Whoever asks gets the same answer in either case, so that nobody learns whose order it is.
    """
    known = address_of(order)
    if not known or not hmac.compare_digest(email.strip().lower().encode(), known.lower().encode()):
        return False
    code = f"{secrets.randbelow(10**6):06d}"
    with transaction.atomic():
        Order.objects.select_for_update(of=("self",), no_key=True).get(pk=order.pk)
        if ProofCode.objects.filter(pk=order.pk, sent_at__gt=Now() - PAUSE).exists():
            return False
        end = Now() + timedelta(minutes=CODE_MINUTES)
        row, _ = ProofCode.objects.update_or_create(
            pk=order.pk,
            defaults={"digest": _digest(order.pk, code), "tries_left": TRIES, "sent_at": Now(), "expires_at": end},
        )
        row.refresh_from_db()
        queue_letters(
            [
                Letter(
                    to=known,
                    kind="download_code",
                    key=f"order:{order.pk}:download-code:{row.sent_at.isoformat()}",
                    subject=f"{code[:3]} {code[3:]} opens your download",
                    template="download_code",
                    context={
                        "headline": "Your code for the download",
                        "sentence": f"It counts for {CODE_MINUTES} minutes, in the browser that asked for it.",
                        "code": f"{code[:3]} {code[3:]}",
                        "number": order.number,
                    },
                )
            ]
        )
    return True


def accept_code(order: Order, *, code: str) -> bool:
    """Whether it is the code that was sent, in time and within TRIES tries; a right one is used up."""
    typed = "".join(one for one in code if one.isdigit())
    with transaction.atomic():
        tried = ProofCode.objects.filter(pk=order.pk, expires_at__gt=Now(), tries_left__gt=0)
        if not tried.update(tries_left=F("tries_left") - 1):
            return False
        row = ProofCode.objects.get(pk=order.pk)
        if not hmac.compare_digest(row.digest, _digest(order.pk, typed)):
            return False
        ProofCode.objects.filter(pk=order.pk).update(tries_left=0)
    return True


def _digest(order_id: int, code: str) -> str:
    """Keyed: a million codes are tried in a second by whoever reads the table, but not without SECRET_KEY."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"download-code:{order_id}:{code}".encode(), "sha256").hex()
