"""Our bank account, and how a shopper is told to pay into it."""

import io
from datetime import datetime
from decimal import Decimal
from typing import Any

import segno.helpers
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from oscar.apps.order.models import Order
from stdnum.iban import format as group

from checkout.payments.transfer.reference import reference_of, show_reference

SEPA = "EUR"


def is_offered(currency: str) -> bool:
    """Our account is in the shop's currency."""
    return bool(settings.BANK.number) and currency == settings.SHOP_CURRENCY


def present_instructions(order: Order, *, missing: Decimal, until: datetime, with_code: bool) -> dict[str, Any]:
    """What templates/orders/transfer.html and the mail show. `missing` is what has not arrived yet."""
    return {
        "name": settings.BANK.name,
        "iban": group(settings.BANK.iban) if settings.BANK.iban else "",
        "account": settings.BANK.account,
        "branch": settings.BANK.branch,
        "bic": settings.BANK.bic,
        "amount": missing,
        "currency": order.currency,
        "reference": show_reference(order.number),
        "until": until,
        "code": draw_code(order.number, missing) if with_code and _has_code(order.currency) else "",
    }


def _has_code(currency: str) -> bool:
    """The code of the EPC is for SEPA transfers, which move euros only."""
    return bool(settings.BANK.iban) and currency == SEPA


def draw_code(number: str, amount: Decimal) -> SafeString:
    """The EPC QR code (EPC069-12) that banking apps read, as SVG without styles."""
    code = segno.helpers.make_epc_qr(
        name=settings.BANK.name[:70],
        iban=settings.BANK.iban,
        amount=amount,
        reference=reference_of(number),
        bic=settings.BANK.bic or None,
    )
    drawn = io.BytesIO()
    code.save(
        drawn, kind="svg", scale=4, border=4, light="#fff", xmldecl=False, svgns=True, svgclass="code", lineclass=None
    )
    return mark_safe(drawn.getvalue().decode())  # noqa: S308 (drawn by us, of digits and letters)
