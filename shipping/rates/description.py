"""A method's price table in words, with its gaps, for the person who maintains it."""

from collections.abc import Sequence
from decimal import Decimal

from shipping.rates.models import Band, Method
from shipping.rates.quote import fitting_band, format_weight
from shop.money import ZERO, format_money

A_GRAM = Decimal("0.001")


def describe_bands(method: Method, *, currency: str) -> list[str]:
    """One sentence per step of weight and total, then the free threshold, then what cannot be sent or never counts."""
    bands = list(method.bands.all())
    if not bands:
        return ["No price yet: this method is not offered to anyone."]
    sentences = [
        sentence for total in sorted({band.from_total for band in bands}) for sentence in _steps(bands, total, currency)
    ]
    if method.free_from is not None:
        sentences.append(f"Free for goods of {format_money(method.free_from, currency)} and more.")
    return sentences + _gaps(bands, currency) + _shadowed(bands, currency)


def _steps(bands: Sequence[Band], total: Decimal, currency: str) -> list[str]:
    """For goods of `total`: the price from one weight limit to the next, equal neighbours joined."""
    goods = f" for goods of {format_money(total, currency)} and more" if total else ""
    steps: list[tuple[str, Decimal]] = []
    for limit in _limits(bands):
        weight = limit if limit is not None else _beyond(bands)
        band = fitting_band(bands, weight_kg=weight, goods_total=total)
        if band is None:
            continue
        words = f"Up to {format_weight(limit)}" if limit is not None else "Any weight" if not steps else "Above that"
        if steps and steps[-1][1] == band.price:
            steps.pop()
            words = "Any weight" if limit is None and not steps else words
        steps.append((words, band.price))
    return [f"{words}{goods}: {format_money(price, currency)}." for words, price in steps]


def _limits(bands: Sequence[Band]) -> list[Decimal | None]:
    limits = sorted({band.up_to_kg for band in bands if band.up_to_kg is not None})
    return [*limits, None] if any(band.up_to_kg is None for band in bands) else [*limits]


def _beyond(bands: Sequence[Band]) -> Decimal:
    return max((band.up_to_kg for band in bands if band.up_to_kg is not None), default=ZERO) + A_GRAM


def _gaps(bands: Sequence[Band], currency: str) -> list[str]:
    sentences = []
    lowest = min(band.from_total for band in bands)
    if lowest > 0:
        sentences.append(f"Gap: goods below {format_money(lowest, currency)} cannot be sent by this method.")
    if all(band.up_to_kg is not None for band in bands):
        heaviest = max(band.up_to_kg for band in bands if band.up_to_kg is not None)
        sentences.append(f"Gap: baskets heavier than {format_weight(heaviest)} cannot be sent by this method.")
    return sentences


def _shadowed(bands: Sequence[Band], currency: str) -> list[str]:
    """Bands that never win: where each of them would count, another is at least as cheap."""
    return [
        f"Never counts: {format_money(band.price, currency)} is hidden by {format_money(other.price, currency)}."
        for band in bands
        for other in bands
        if other.pk != band.pk and _covers(other, band) and (other.price, other.pk) < (band.price, band.pk)
    ]


def _covers(wide: Band, narrow: Band) -> bool:
    heavier = wide.up_to_kg is None or (narrow.up_to_kg is not None and wide.up_to_kg >= narrow.up_to_kg)
    return heavier and wide.from_total <= narrow.from_total
