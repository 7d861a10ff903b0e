"""The rate in force for a destination, a tax class and a date: one query for all classes of a country."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel import Locale
from django.db.models import Q
from eu_vat_rates_data import is_eu_member

from checkout.tax.records import TaxRate
from checkout.tax.rounding import Rounding
from checkout.tax.zones import Place

ZERO_RATE = Decimal(0)


class MissingTaxRate(LookupError):
    """A country of the EU has no rate for a class: selling there would be selling at a wrong price."""

    def __init__(self, *, country: str, tax_class: str) -> None:
        self.country = country
        self.tax_class = tax_class
        self.sentence = (
            f"We cannot work out the tax for {country_name(country)} yet, so nothing can be sent there. "
            "Please choose another country or write to us."
        )
        super().__init__(f"No tax rate for {country} and class {tax_class!r}; add one, or run load_eu_rates().")


@dataclass(frozen=True, slots=True)
class Rate:
    """A fraction (0.19 is 19 %), its name for the shopper, and the row it comes from (None: outside the EU)."""

    tax_class: str
    rate: Decimal
    name: str
    rate_id: int | None


@dataclass(frozen=True, slots=True)
class RateTable:
    """The rates of one destination on one date, by class. Outside the EU everything is an export at zero, and so it is for
    a buyer who accounts for the tax themselves under `vat_id`. `tax_country` is where the tax is due when that is not the
    destination."""

    country: str
    rates: Mapping[str, Rate]
    is_export: bool = False
    rounding: Rounding = Rounding.LINE
    vat_id: str = ""
    tax_country: str = ""

    def rate_of(self, tax_class: str) -> Rate:
        """Raises MissingTaxRate for a country of the EU without a row for the class.

        Outside the EU the goods are exported: zero-rated by the seller (Directive 2006/112/EC, Article 146); duty and
        import tax are the buyer's to pay on arrival.
        """
        if self.vat_id:
            return Rate(tax_class=tax_class, rate=ZERO_RATE, name="Reverse charge", rate_id=None)
        if self.is_export:
            return Rate(tax_class=tax_class, rate=ZERO_RATE, name="Export, no VAT", rate_id=None)
        found = self.rates.get(tax_class)
        if found is None:
            raise MissingTaxRate(country=self.country, tax_class=tax_class)
        return found


def rates_for(places: Sequence[Place], *, on: date) -> dict[str, RateTable]:
    """Tables by the code of the place, on one local date, in one query.

    A zone without rates of its own has its country's. A country outside the EU is an export unless the merchant has
    entered rates for it (registered there, for example Great Britain below its threshold); with rates, those count. The
    valid_to day itself is no longer in force.
    """
    codes = {code for place in places for code in (place.code, place.country)}
    rows = TaxRate.objects.filter(country__in=codes, valid_from__lte=on).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    )
    found: dict[str, dict[str, Rate]] = {code: {} for code in codes}
    for row in rows:
        found[row.country][row.tax_class] = Rate(
            tax_class=row.tax_class, rate=row.rate.normalize(), name=row.name, rate_id=row.pk
        )
    return {place.code: _table(place, found) for place in places}


def _table(place: Place, found: Mapping[str, Mapping[str, Rate]]) -> RateTable:
    rates = found[place.code] or ({} if place.is_outside else found[place.country])
    return RateTable(
        country=place.country,
        rates=rates,
        is_export=not rates and (place.is_outside or not is_in_eu(place.country)),
        rounding=place.rounding,
    )


def rate_for(*, country: str, tax_class: str, on: date) -> Rate:
    """Raises MissingTaxRate (see RateTable.rate_of)."""
    return rates_for([Place(code=country, country=country)], on=on)[country].rate_of(tax_class)


def is_in_eu(country: str) -> bool:
    """Member of the EU's VAT area by ISO code. Greece is GR here (EL in VAT numbers); Monaco counts as France does."""
    return country == "MC" or bool(is_eu_member(country))


def country_name(country: str) -> str:
    """In English, from CLDR; the code itself when CLDR does not know it."""
    return str(Locale("en").territories.get(country, country))
