"""Ask to be told. No confirmation mail: it is one mail about one thing, asked for, with a way out in it."""

import hmac
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from catalog.pricing.current import price_for
from checkout.alerts.records import Alert, QuietAddress
from inventory.availability import saleable

MOST_AN_HOUR = 30
MOST_OPEN = 100


class CannotTell(Exception):
    """There is nothing to wait for, or the address does not want it; the message is the sentence to show."""


def ask_for_alert(*, kind: str, stock_record_id: int, email: str, address: str, user: Any = None) -> bool:
    """Put an address into the queue; False when it waits there already. Raises CannotTell.

    `address` is the asker's network address: at most MOST_AN_HOUR questions of one, so that nobody fills the mailboxes
    of others.
    """
    email, source = email.strip().lower(), _hash(address)
    price = _what_to_beat(kind, stock_record_id)
    if QuietAddress.objects.filter(email=email).exists():
        raise CannotTell(
            "This address has asked us for no more such mails. The link in any of them lets its owner change that."
        )
    hour = Now() - timedelta(hours=1)
    if Alert.objects.filter(source=source, created_at__gt=hour).count() >= MOST_AN_HOUR:
        raise CannotTell("That were many questions in an hour. Please wait a little, then try again.")
    waiting = Alert.objects.filter(email=email, told_at=None, stopped_at=None)
    if waiting.count() >= MOST_OPEN:
        raise CannotTell(f"This address waits for {MOST_OPEN} things already. Please take some away first.")
    try:
        with transaction.atomic():
            Alert.objects.create(
                kind=kind,
                stock_record_id=stock_record_id,
                email=email,
                user=user if user is not None and user.is_authenticated else None,
                price=price,
                source=source,
            )
    except IntegrityError:
        return False
    return True


def _what_to_beat(kind: str, stock_record_id: int) -> Decimal | None:
    if kind == Alert.Kind.BACK:
        if saleable(stock_record_id) != 0:
            raise CannotTell("This is in stock: you can put it into the basket now.")
        return None
    price = price_for(stock_record_id)
    if price is None:
        raise CannotTell("This has no price at the moment, so there is none that could fall.")
    return price.amount


def _hash(address: str) -> str:
    """The network address is personal data: only what tells one from another is kept."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"alert:{address}".encode(), "sha256").hex()[:32]
