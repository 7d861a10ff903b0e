"""The rates of the shop's own country, by which entered prices are turned into shown ones (`catalog.pricing.showing`)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings

from catalog.pricing.showing import register_rates
from checkout.quote.clock import database_now
from checkout.tax.local_date import ZONES, local_date
from checkout.tax.rates import rates_for
from checkout.tax.records import TaxRate
from checkout.tax.zones import Place
from shop.page_cache.moments import register_moment

_NEXT = """
SELECT min(day::timestamp AT TIME ZONE '{zone}') FROM (
    SELECT valid_from AS day FROM checkout_taxrate UNION ALL SELECT valid_to FROM checkout_taxrate) AS days
WHERE day::timestamp AT TIME ZONE '{zone}' > now()
"""


class RatesOfHome:
    def rates(self, *, at: datetime | None = None) -> Mapping[str, Decimal]:
        """Two queries: the clock and the rates."""
        home = settings.SHOP_COUNTRY
        table = rates_for([Place(code=home, country=home)], on=local_date(home, at=at or database_now()))[home]
        return {tax_class: rate.rate for tax_class, rate in table.rates.items()}

    def changes(self, *, since: datetime) -> Sequence[datetime]:
        """Local midnights at home."""
        days: set[date | None] = set()
        for begins, ends in TaxRate.objects.filter(country=settings.SHOP_COUNTRY).values_list("valid_from", "valid_to"):
            days |= {begins, ends}
        now = database_now()
        instants = {datetime.combine(day, time(), tzinfo=_zone()).astimezone(UTC) for day in days if day is not None}
        return sorted(one for one in instants if since < one <= now)


def register() -> None:
    """Pages with turned prices change at the midnight at which a rate does."""
    register_rates(RatesOfHome())
    register_moment(
        "tax rates",
        table="checkout_taxrate",
        judged=["valid_from", "valid_to"],
        sql=_NEXT.format(zone=_zone().key),
    )


def _zone() -> ZoneInfo:
    return ZoneInfo(ZONES.get(settings.SHOP_COUNTRY, settings.TIME_ZONE))
