"""The merchant's own table of dated rates: always there, the last that is asked."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import DateField, Q, QuerySet

from checkout.tax.port import Rate, RatesByPlace
from checkout.tax.records import TaxRate
from shop.written_once import any_of, given, written_once


class TableOfRates:
    def rates(self, codes: Collection[str], *, on: date) -> RatesByPlace:
        """One query. The valid_to day itself is no longer in force."""
        found: dict[str, dict[str, Rate]] = {}
        for country, tax_class, rate, name, pk in _rates.ask(codes=list(codes), on=on):
            found.setdefault(country, {})[tax_class] = Rate(
                tax_class=tax_class, rate=rate.normalize(), name=name, rate_id=pk
            )
        return found


@written_once
def _rates() -> QuerySet[Any, Any]:
    begun = Q(any_of("checkout_taxrate.country", "codes"), valid_from__lte=given("on", DateField()))
    rows = TaxRate.objects.filter(begun, Q(valid_to__isnull=True) | Q(valid_to__gt=given("on", DateField())))
    return rows.order_by("country", "tax_class", "valid_from").values_list("country", "tax_class", "rate", "name", "pk")
