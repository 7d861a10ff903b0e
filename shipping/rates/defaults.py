"""A first set of zones, methods and bands. Round figures to begin with; the merchant's own contract replaces them."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from shipping.rates.models import Band, Method, Zone

EU_WITHOUT_GERMANY = [
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GR",
    "HR",
    "HU",
    "IE",
    "IT",
    "LT",
    "LU",
    "LV",
    "MC",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
]
EUROPE_AND_WORLD = [
    "AD",
    "AE",
    "AL",
    "AR",
    "AU",
    "BA",
    "BR",
    "CA",
    "CH",
    "CL",
    "CN",
    "CO",
    "GB",
    "GE",
    "HK",
    "ID",
    "IL",
    "IN",
    "IS",
    "JP",
    "KR",
    "LI",
    "MA",
    "MD",
    "ME",
    "MK",
    "MX",
    "MY",
    "NO",
    "NZ",
    "PE",
    "PH",
    "RS",
    "SA",
    "SG",
    "SM",
    "TH",
    "TR",
    "TW",
    "UA",
    "US",
    "UY",
    "VA",
    "VN",
    "XK",
    "ZA",
]


@dataclass(frozen=True)
class Offer:
    """One method: bands as (up to kg, price)."""

    code: str
    name: str
    carrier: str
    days: tuple[int, int]
    bands: tuple[tuple[str, str], ...]
    free_from: str | None = None
    tracking_url: str = ""


DHL = "https://www.dhl.com/en/express/tracking.html?AWB={number}"
ZONES: tuple[tuple[str, list[str], tuple[Offer, ...]], ...] = (
    (
        "Germany",
        ["DE"],
        (
            Offer("standard-germany", "Standard", "DHL", (2, 3), (("5", "4.90"), ("31.5", "9.90")), "60.00", DHL),
            Offer("express-germany", "Express", "DHL Express", (1, 1), (("5", "12.90"), ("31.5", "24.90")), None, DHL),
        ),
    ),
    (
        "European Union",
        EU_WITHOUT_GERMANY,
        (
            Offer(
                "standard-eu", "Standard", "DHL", (3, 6), (("2", "9.90"), ("10", "15.90"), ("31.5", "29.90")), "120.00"
            ),
            Offer("express-eu", "Express", "DHL Express", (2, 3), (("2", "24.90"), ("10", "39.90"), ("31.5", "69.90"))),
        ),
    ),
    (
        "Rest of Europe and world",
        EUROPE_AND_WORLD,
        (
            Offer("standard-world", "Standard", "DHL", (7, 15), (("2", "19.90"), ("5", "34.90"), ("20", "69.90"))),
            Offer(
                "express-world", "Express", "DHL Express", (3, 6), (("2", "44.90"), ("5", "69.90"), ("20", "149.90"))
            ),
        ),
    ),
)


@transaction.atomic
def load_default_rates() -> int:
    """Add the zones that are missing by name, with their methods; returns how many zones were added."""
    added = 0
    for name, countries, offers in ZONES:
        zone, is_new = Zone.objects.get_or_create(name=name, defaults={"countries": countries})
        if not is_new:
            continue
        added += 1
        for position, offer in enumerate(offers):
            method = Method.objects.create(
                zone=zone,
                code=offer.code,
                name=offer.name,
                carrier=offer.carrier,
                days_min=offer.days[0],
                days_max=offer.days[1],
                free_from=Decimal(offer.free_from) if offer.free_from else None,
                tracking_url=offer.tracking_url,
                position=position,
            )
            Band.objects.bulk_create(
                Band(method=method, up_to_kg=Decimal(limit), price=Decimal(price)) for limit, price in offer.bands
            )
    return added
