"""Where the seller must collect sales tax: states of the USA in which they have a nexus, from one day to another.

Without a nexus nothing is collected there (South Dakota v. Wayfair, 585 U.S. 162 (2018), lets a state ask for it from
sellers with enough sales). With one, a state whose rate is not known is not sold to, nor a postcode of no known state.
"""

from datetime import date

from django.db.models import Q

from checkout.tax.records import TaxNexus
from shop.price_rules import STATES_DECIDE as STATES_DECIDE


def nexus_on(country: str, *, on: date) -> frozenset[str]:
    """The codes of the states with a nexus on that local date. One query."""
    rows = TaxNexus.objects.filter(place__startswith=f"{country}-", valid_from__lte=on)
    return frozenset(rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)).values_list("place", flat=True))
