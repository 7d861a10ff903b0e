"""The merchant's own table of dated rates: always there, the last that is asked."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from checkout.tax.port import Rate, RatesByPlace
from checkout.tax.records import TaxRate


class TableOfRates:
    def rates(self, codes: Collection[str], *, on: date) -> RatesByPlace:
        """One query. The valid_to day itself is no longer in force."""
        rows = TaxRate.objects.filter(country__in=codes, valid_from__lte=on).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=on)
        )
        found: dict[str, dict[str, Rate]] = {}
        for row in rows:
            found.setdefault(row.country, {})[row.tax_class] = Rate(
                tax_class=row.tax_class, rate=row.rate.normalize(), name=row.name, rate_id=row.pk
            )
        return found
