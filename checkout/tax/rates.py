"""The rate in force for a destination, a tax class and a date, for all classes of a country at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel import Locale
from django.conf import settings
from eu_vat_rates_data import is_eu_member

from checkout.tax.nexus import STATES_DECIDE, nexus_on
from checkout.tax.port import Rate as Rate
from checkout.tax.providers.asking import Answer, ask_for_rates
from checkout.tax.rounding import Rounding
from checkout.tax.zones import Place

ZERO_RATE = Decimal(0)
EXPORTED, NOT_COLLECTED = "Export, no VAT", "No sales tax"


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
    free_name: str = EXPORTED

    def rate_of(self, tax_class: str) -> Rate:
        """Raises MissingTaxRate for a country of the EU without a row for the class.

        Outside the EU the goods are exported: zero-rated by the seller (Directive 2006/112/EC, Article 146); duty and
        import tax are the buyer's to pay on arrival.
        """
        if self.vat_id:
            return Rate(tax_class=tax_class, rate=ZERO_RATE, name="Reverse charge", rate_id=None)
        if self.is_export:
            return Rate(tax_class=tax_class, rate=ZERO_RATE, name=self.free_name, rate_id=None)
        found = self.rates.get(tax_class)
        if found is None:
            raise MissingTaxRate(country=self.country, tax_class=tax_class)
        return found


def rates_for(places: Sequence[Place], *, on: date) -> dict[str, RateTable]:
    """Tables by the code of the place, on one local date. One query, and one more for countries where states decide.

    A zone without rates of its own has its country's. A country outside the EU is an export unless the merchant has
    entered rates for it (registered there, for example Great Britain below its threshold); with rates, those count. Where
    states decide, tax is collected in those with a nexus, and only there. Fail closed: a place that should have a rate and
    has none is not sold to (RateTable.rate_of raises), and neither is one of which nobody can tell.
    """
    answer = ask_for_rates({code for place in places for code in (place.code, place.state, place.country)}, on=on)
    nexus = {country: nexus_on(country, on=on) for country in {place.country for place in places} & STATES_DECIDE}
    return {place.code: _table(place, answer, nexus.get(place.country)) for place in places}


def _table(place: Place, answer: Answer, nexus: frozenset[str] | None) -> RateTable:
    """`nexus` is None for countries that have one tax."""
    own = answer.rates.get(place.code, {})
    rates: Mapping[str, Rate]
    if nexus is None:
        rates = own or ({} if place.is_outside else answer.rates.get(place.country, {}))
        is_free = not rates and answer.is_certain and (place.is_outside or not is_in_eu(place.country))
    else:
        is_free = place.state not in nexus and not (place.is_unsure and nexus)
        rates = {} if is_free or place.is_unsure else {**answer.rates.get(place.state, {}), **own}
    is_home = place.country == settings.SHOP_COUNTRY
    return RateTable(
        country=place.country,
        rates=rates,
        is_export=is_free,
        free_name=NOT_COLLECTED if nexus is not None and is_home else EXPORTED,
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
