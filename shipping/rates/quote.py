"""What it costs to send a basket: the methods of the destination's zone whose bands fit weight and total of goods."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from babel import Locale
from django.conf import settings

from shipping.rates.models import Band, Method, Zone
from shop.money import ZERO, round_money
from shop.page_cache.answers import keep_answer
from shop.written_once import ask

_FIELDS = ("id", "code", "name", "carrier", "days_min", "days_max", "free_from")
_ACTIVE = f"""
SELECT {", ".join("method." + name for name in _FIELDS)}, band.id, band.up_to_kg, band.from_total, band.price
FROM shipping_rates_method method JOIN shipping_rates_zone zone ON zone.id = method.zone_id
LEFT JOIN shipping_rates_band band ON band.method_id = method.id
WHERE method.is_active AND zone.countries @> %s::varchar[]
ORDER BY method.position, method.code, method.id, band.price, band.id
"""


class CannotShip(Exception):
    """No method takes this basket to that country. The sentence is for the shopper."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Rate:
    """One way to send one basket. `price` as the shop's prices are (gross or net); days are working days.

    `missing_to_free` is what the goods still lack to the method's free threshold: None without one, 0 when reached.
    """

    code: str
    name: str
    carrier: str
    price: Decimal
    days_min: int
    days_max: int
    free_from: Decimal | None
    missing_to_free: Decimal | None
    method_id: int
    band_id: int
    full_price: Decimal


def methods_for(*, country: str, weight_kg: Decimal, goods_total: Decimal, currency: str) -> list[Rate]:
    """The rates for a basket, in the merchant's order (position, then code); one query.

    `goods_total` is what the goods cost after discounts, in the shop's currency, as displayed. Both ends of a band
    belong to it: a basket of exactly `up_to_kg` fits, goods of exactly `from_total` or `free_from` reach it. Raises
    CannotShip when there is none.
    """
    methods = _active_methods(country) if currency == settings.SHOP_CURRENCY else []
    if not methods:
        raise CannotShip(f"We do not send to {_country_name(country)} yet. Please choose another country.")
    rates = [
        rate
        for method, bands in methods
        if (rate := _rate(method, bands, weight_kg=weight_kg, goods_total=goods_total, currency=currency)) is not None
    ]
    if not rates:
        raise CannotShip(_too_heavy(methods, country=country, weight_kg=weight_kg))
    return rates


def served_countries() -> list[str]:
    """ISO codes that at least one active method with a band goes to, sorted."""
    zones = Zone.objects.filter(methods__is_active=True, methods__bands__isnull=False).distinct()
    return sorted({country for zone in zones for country in zone.countries})


def _active_methods(country: str) -> list[tuple[Method, list[Band]]]:
    """In the merchant's order, each with its bands; one query, written by hand because every product page asks it."""
    return keep_answer(("methods", country), lambda: _read_methods(country))


def _read_methods(country: str) -> list[tuple[Method, list[Band]]]:
    found: dict[int, tuple[Method, list[Band]]] = {}
    for *fields, band_id, up_to_kg, from_total, price in ask(_ACTIVE, ([country],)):
        method, bands = found.setdefault(fields[0], (Method(**dict(zip(_FIELDS, fields, strict=True))), []))
        if band_id is not None:
            bands.append(Band(pk=band_id, method=method, up_to_kg=up_to_kg, from_total=from_total, price=price))
    return list(found.values())


def _rate(method: Method, bands: list[Band], *, weight_kg: Decimal, goods_total: Decimal, currency: str) -> Rate | None:
    band = fitting_band(bands, weight_kg=weight_kg, goods_total=goods_total)
    if band is None:
        return None
    full = round_money(band.price, currency)
    missing = None if method.free_from is None else max(ZERO, round_money(method.free_from - goods_total, currency))
    return Rate(
        code=method.code,
        name=method.name,
        carrier=method.carrier,
        price=round_money(ZERO, currency) if missing == 0 else full,
        days_min=method.days_min,
        days_max=method.days_max,
        free_from=method.free_from,
        missing_to_free=missing,
        method_id=method.pk,
        band_id=band.pk,
        full_price=full,
    )


def fitting_band(bands: Iterable[Band], *, weight_kg: Decimal, goods_total: Decimal) -> Band | None:
    """The cheapest band that takes the weight and whose total is reached; ties go to the oldest row."""
    fitting = [
        band
        for band in bands
        if (band.up_to_kg is None or weight_kg <= band.up_to_kg) and goods_total >= band.from_total
    ]
    return min(fitting, key=lambda band: (band.price, band.pk), default=None)


def _too_heavy(methods: list[tuple[Method, list[Band]]], *, country: str, weight_kg: Decimal) -> str:
    limits = [band.up_to_kg for _, bands in methods for band in bands if band.up_to_kg is not None]
    name = _country_name(country)
    if limits and weight_kg > max(limits):
        return (
            f"This basket weighs {format_weight(weight_kg)}; the heaviest we can send to {name} is "
            f"{format_weight(max(limits))}. Please order it in two parts."
        )
    return f"No delivery to {name} fits this basket. Please change it or write to us."


def format_weight(weight_kg: Decimal) -> str:
    """`1.25 kg`, without needless zeros."""
    return f"{weight_kg.normalize():f} kg"


def _country_name(country: str) -> str:
    return str(Locale("en").territories.get(country, country))
