"""What every shop needs before its first sale; and the two places of the demo shop that hold stock."""

from django.conf import settings
from django.db import transaction

from checkout.tax.eu_table import load_eu_rates
from checkout.tax.eu_zones import load_eu_zones
from checkout.tax.records import TaxRate
from checkout.tax.us_states import load_us_states
from inventory.locations import default_location
from inventory.models import Location
from shipping.rates.defaults import load_default_rates
from shipping.rates.models import Method

PLACES = (
    {
        "code": "main", "name": "Hamburg warehouse", "priority": 10,
        "line1": "Grosser Grasbrook 9", "postcode": "20457", "city": "Hamburg", "country": "DE",
    },
    {
        "code": "studio", "name": "Berlin shop", "priority": 20, "is_pickup_point": True,
        "line1": "Linienstrasse 40", "postcode": "10119", "city": "Berlin", "country": "DE",
    },
)  # fmt: skip


FIGURES_FIT = ("EUR", "USD", "GBP", "CHF")
"""Where 4.90 is a price of delivery to begin with. Elsewhere (4.90 yen) staff write their own before the first order."""


def open_locations() -> None:
    for place in PLACES:
        Location.objects.update_or_create(code=place["code"], defaults=dict(place))


def furnish_house() -> None:
    """Tax rates, shipping methods and one location, where there are none yet; what staff changed stays as it is."""
    with transaction.atomic():
        default_location()
        if not TaxRate.objects.exists():
            load_eu_rates()
            load_eu_zones()
            load_us_states()
        if not Method.objects.exists() and settings.SHOP_CURRENCY in FIGURES_FIT:
            load_default_rates()
