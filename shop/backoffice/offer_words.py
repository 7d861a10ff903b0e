"""An offer as one plain sentence, as its form, its list and the audit log say it."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from oscar.apps.offer.models import ConditionalOffer

from promotions import rules
from shop.money import format_money

BENEFITS = (
    (rules.PERCENTAGE, "% off each piece"),
    (rules.FIXED_UNIT, "an amount off each piece"),
    (rules.ABSOLUTE, "an amount off all of them together"),
    (rules.MULTIBUY, "the cheapest piece free"),
    (rules.FIXED_PRICE, "one price for the bundle"),
    (rules.SHIPPING_PERCENTAGE, "% off delivery"),
    (rules.SHIPPING_ABSOLUTE, "an amount off delivery"),
    (rules.SHIPPING_FIXED_PRICE, "delivery for a fixed price (0 is free)"),
)
CONDITIONS = (
    (rules.COUNT, "from so many pieces"),
    (rules.COVERAGE, "from so many different products"),
    (rules.VALUE, "from so much money"),
)


def describe_offer(offer: ConditionalOffer) -> str:
    """`10 % off Textiles from 2 pieces, until 3 December 2026.` Needs condition and benefit with their ranges loaded."""
    condition, benefit = offer.condition, offer.benefit
    if condition.proxy_class or benefit.proxy_class:
        return "An offer with code of its own; it gives nothing away here."
    goods = _range(benefit.range) or _range(condition.range) or "all products"
    what = describe_benefit(benefit.type, benefit.value, goods)
    when = describe_condition(condition.type, condition.value, _range(condition.range), goods)
    parts = [f"{what} {when}".strip()]
    if offer.max_discount:
        parts.append(f"at most {_money(offer.max_discount)} in all")
    if offer.start_datetime and offer.start_datetime > timezone.now():
        parts.append(f"from {timezone.localtime(offer.start_datetime):%-d %B %Y, %H:%M}")
    if offer.end_datetime:
        parts.append(f"until {timezone.localtime(offer.end_datetime):%-d %B %Y, %H:%M}")
    if offer.offer_type == ConditionalOffer.VOUCHER:
        parts.append("with a voucher code")
    return ", ".join(parts) + "."


def describe_benefit(kind: str, value: Decimal | None, goods: str) -> str:
    number = value or Decimal(0)
    percent = f"{number.normalize():f} %"
    return {
        rules.PERCENTAGE: f"{percent} off {goods}",
        rules.FIXED_UNIT: f"{_money(number)} off each piece of {goods}",
        rules.ABSOLUTE: f"{_money(number)} off {goods}",
        rules.MULTIBUY: f"the cheapest of {goods} free",
        rules.FIXED_PRICE: f"{goods} together for {_money(number)}",
        rules.SHIPPING_PERCENTAGE: f"{percent} off delivery",
        rules.SHIPPING_ABSOLUTE: f"{_money(number)} off delivery",
        rules.SHIPPING_FIXED_PRICE: f"delivery for {_money(number)}" if number else "free delivery",
    }.get(kind, "nothing")


def describe_condition(kind: str, value: Decimal | None, condition_range: str, goods: str) -> str:
    number = value or Decimal(0)
    of = f" of {condition_range}" if condition_range and condition_range != goods else ""
    if kind == rules.VALUE:
        return f"from {_money(number)}{of}"
    if kind == rules.COUNT and number == 1:
        return f"from one piece{of}" if of else ""
    pieces = "different products" if kind == rules.COVERAGE else "pieces"
    return f"from {number.normalize():f} {pieces}{of}"


def _range(found: Any) -> str:
    if found is None:
        return ""
    return "all products" if found.includes_all_products else str(found.name)


def _money(amount: Decimal) -> str:
    return format_money(amount, settings.SHOP_CURRENCY)
