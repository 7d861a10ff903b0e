"""Prepare an order for a customer: the same basket, checkout and quote as a shopper's own, and a mail with a link."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from oscar.apps.basket.models import Basket
from oscar.apps.basket.models import Line as BasketLine
from oscar.apps.partner.models import StockRecord

from checkout.basket.lines import UnknownProduct, add_line, choose_product
from checkout.basket.quantity import BasketRefusal
from checkout.orders.mails import Letter, queue_letters
from checkout.prepared.discount import make_voucher
from checkout.prepared.records import PreparedOrder
from checkout.quote.build import quote_draft
from checkout.quote.clock import database_now
from checkout.quote.records import CheckoutDraft
from shop.audit.record import record_action
from shop.money import format_money


class CannotPrepare(ValueError):
    """Nothing was written; the message is for the person at the desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`lines` are (SKU, quantity). `discount_percent` needs a `reason`. An empty address is for the customer to fill."""

    email: str
    lines: Sequence[tuple[str, int]]
    phone: str = ""
    address: Mapping[str, str] | None = None
    discount_percent: Decimal = Decimal(0)
    reason: str = ""
    days: int = 7


@dataclass(frozen=True, slots=True)
class Prepared:
    record: PreparedOrder
    link: str


def prepare_order(wanted: Wanted, *, actor: Any) -> Prepared:
    """Basket, checkout, discount, record, audit entry and mail in one transaction. Raises CannotPrepare."""
    if not wanted.lines:
        raise CannotPrepare("Name at least one SKU.")
    if wanted.discount_percent and not wanted.reason.strip():
        raise CannotPrepare("A discount needs a reason.")
    with transaction.atomic():
        draft = _fill_checkout(wanted)
        now = database_now()
        expires_at = now + timedelta(days=wanted.days)
        voucher = None
        if wanted.discount_percent:
            lines = list(BasketLine.objects.filter(basket=draft.basket))
            voucher = make_voucher(lines, percent=wanted.discount_percent, starts=now, ends=expires_at)
            draft.basket.vouchers.add(voucher)
        quote = quote_draft(draft)
        secret = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        record = PreparedOrder.objects.create(
            draft=draft,
            link_digest=digest_of(secret),
            shown=quote.shown(),
            discount_percent=wanted.discount_percent,
            discount_reason=wanted.reason.strip()[:250],
            voucher=voucher,
            prepared_by=str(actor)[:200],
            expires_at=expires_at,
        )
        link = f"{settings.SITE_URL}{path_of(secret)}"
        total = format_money(quote.total, quote.currency)
        record_action(
            action="prepare",
            subject_type="preparedorder",
            subject_id=record.pk,
            actor=actor,
            after={
                "email": wanted.email,
                "lines": [f"{quantity} × {sku}" for sku, quantity in wanted.lines],
                "total": total,
                "discount": f"{wanted.discount_percent} %",
            },
            reason=wanted.reason.strip(),
        )
        _write_letter(record, link=link, total=total)
    return Prepared(record, link)


def withdraw(prepared_ids: Sequence[int], *, actor: Any) -> int:
    """The links open nothing any more, and what is not ordered yet cannot be ordered. How many; audited one by one."""
    number = 0
    for pk in sorted(prepared_ids):
        with transaction.atomic():
            if not PreparedOrder.objects.filter(pk=pk, withdrawn_at=None, draft__order=None).update(withdrawn_at=Now()):
                continue
            number += 1
            Basket.objects.filter(draft__prepared=pk, status=Basket.OPEN).update(status=Basket.FROZEN)
            record_action(action="withdraw", subject_type="preparedorder", subject_id=pk, actor=actor)
    return number


def find_prepared(secret: str) -> PreparedOrder | None:
    """None for a link that is wrong, withdrawn or over; the database's clock judges."""
    found = PreparedOrder.objects.filter(
        link_digest=digest_of(secret), expires_at__gt=Now(), withdrawn_at__isnull=True
    ).select_related("draft__basket", "draft__order")
    record = found.first()
    return record if record is not None and hmac.compare_digest(record.link_digest, digest_of(secret)) else None


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def path_of(secret: str) -> str:
    return f"/checkout/prepared/{secret}/"


def _fill_checkout(wanted: Wanted) -> CheckoutDraft:
    basket = Basket.objects.create()
    known = dict(
        StockRecord.objects.filter(partner_sku__in=[sku for sku, _ in wanted.lines])
        .order_by("-pk")
        .values_list("partner_sku", "product_id")
    )
    for sku, quantity in wanted.lines:
        try:
            if sku not in known:
                raise UnknownProduct(sku)
            add_line(basket_id=basket.pk, wish=choose_product(known[sku]), quantity=quantity)
        except UnknownProduct:
            raise CannotPrepare(f"Nothing with the SKU {sku[:60]} is for sale. Correct it, or take it out.") from None
        except BasketRefusal as refusal:
            raise CannotPrepare(f"{sku}: {refusal}") from refusal
    return CheckoutDraft.objects.create(
        basket=basket, email=wanted.email, phone=wanted.phone, address=dict(wanted.address or {})
    )


def _write_letter(record: PreparedOrder, *, link: str, total: str) -> None:
    until = timezone.localtime(record.expires_at)
    queue_letters(
        [
            Letter(
                to=record.draft.email,
                kind="prepared_order",
                key=f"prepared:{record.pk}",
                subject=f"Your order at {settings.SHOP_NAME} is prepared",
                template="prepared_order",
                context={
                    "headline": "Your order is prepared",
                    "sentence": f"As agreed, we have put it together: {total} as it stands today. Look at it, add what is"
                    " missing, and pay when it is right. Nothing is ordered before you press the button, and nothing is"
                    f" kept back until then. The link works until {until:%d.%m.%Y, %H:%M}.",
                    "link": link,
                },
            )
        ]
    )
