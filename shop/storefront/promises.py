"""What the shop promises beside the price: when it arrives, what that costs, how it goes back. Words that are true."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from shipping.rates.promise import arrival_words
from shipping.rates.quote import CannotShip, Rate, methods_for
from shop.money import ZERO, format_money

RETURN_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    icon: str
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """To the shop's own country: the first way of sending that fits, or the sentence that says why there is none."""

    rate: Rate | None
    refusal: str = ""


def find_delivery(*, weight_kg: Decimal | None, price: Decimal) -> Delivery:
    """For one unit; two queries. Weight in kilograms, None counts as nothing."""
    try:
        return Delivery(rate=_rates(weight_kg=weight_kg or ZERO, price=price)[0])
    except CannotShip as refusal:
        return Delivery(rate=None, refusal=refusal.sentence)


def download_promises() -> list[Promise]:
    return [
        Promise(
            icon="document", text="To download as soon as it is paid; nothing is sent, nothing is charged for delivery"
        ),
        Promise(icon="lock", text="Paid by card on a secure page, at the price you see in the review"),
    ]


def delivery_promises(delivery: Delivery, *, sent_from: date | None = None) -> list[Promise]:
    """`sent_from` is the promised day of what is sold ahead."""
    return [
        _arrival(delivery, sent_from=sent_from),
        Promise(icon="return", text=f"{RETURN_DAYS} days to send it back"),
        Promise(icon="lock", text="Paid by card on a secure page, at the price you see in the review"),
    ]


def shop_promises() -> list[Promise]:
    """For the home page; two queries."""
    tax = "VAT included" if settings.PRICES_INCLUDE_TAX else "VAT added in the basket"
    return [
        _delivery_in_short(),
        Promise(icon="return", title=f"{RETURN_DAYS} days to return", text="For any reason, or for none"),
        Promise(icon="lock", title="The price you see", text=f"{tax}, delivery shown before you pay"),
    ]


def _delivery_in_short() -> Promise:
    try:
        rates = _rates(weight_kg=ZERO, price=ZERO)
    except CannotShip:
        return Promise(icon="truck", title="Delivery to your door", text="See the delivery page for countries")
    days = f"{rates[0].days_min}–{rates[0].days_max} working days"
    free = min((rate.free_from for rate in rates if rate.free_from is not None), default=None)
    if free is None:
        return Promise(
            icon="truck", title=f"Delivery for {format_money(rates[0].price, settings.SHOP_CURRENCY)}", text=days
        )
    return Promise(icon="truck", title=f"Free delivery from {format_money(free, settings.SHOP_CURRENCY)}", text=days)


def _arrival(delivery: Delivery, *, sent_from: date | None) -> Promise:
    rate = delivery.rate
    if rate is None:
        return Promise(icon="truck", text=delivery.refusal)
    words = arrival_words(ordered_on=sent_from or timezone.localdate(), days_min=rate.days_min, days_max=rate.days_max)
    if not rate.price:
        return Promise(icon="truck", text=f"{words}, delivery is free")
    cost = format_money(rate.price, settings.SHOP_CURRENCY)
    free = f"; free from {format_money(rate.free_from, settings.SHOP_CURRENCY)}" if rate.free_from else ""
    return Promise(icon="truck", text=f"{words}, {cost}{free}")


def _rates(*, weight_kg: Decimal, price: Decimal) -> list[Rate]:
    return methods_for(
        country=settings.SHOP_COUNTRY, weight_kg=weight_kg, goods_total=price, currency=settings.SHOP_CURRENCY
    )
