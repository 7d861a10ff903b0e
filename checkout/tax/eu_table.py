"""Fill the tax table for the 27 countries of the EU from the European Commission's rates (TEDB, by eu-vat-rates-data).

The source gives the rates of a country, not which goods they are for. Our classes map to them like this:

- `standard`: the standard rate.
- `reduced`: the highest reduced rate below the standard rate (the one for most goods); the standard rate where a country
  has none (Denmark).
- `books`: the lowest reduced or super-reduced rate, as printed books are a good of Annex III of Directive 2006/112/EC;
  the countries whose own law says otherwise are in BOOKS.
- `zero`: nothing (gift cards, postage stamps at face value).

A merchant checks this table with a tax adviser; each row can be ended and followed by another in the admin.
"""

from datetime import date
from decimal import Decimal

from django.db import transaction
from eu_vat_rates_data import get_all_rates

from checkout.tax.records import TaxRate

BOOKS = {
    "AT": "10",
    "BG": "9",
    "CZ": "0",
    "DK": "25",
    "EE": "9",
    "FI": "13.5",
    "FR": "5.5",
    "IE": "0",
    "GR": "6",
    "PL": "5",
}
# Rates for single regions (Corsica, Azores, the Aegean islands) and for services are in the same list of the source.
REDUCED = {"FR": "5.5", "GR": "13", "PT": "6", "AT": "10", "ES": "10"}
# The source knows today's rates only. A new shop has no sales from before them, so the first day does not matter.
TABLE_BEGINS = date(2021, 7, 1)


def load_eu_rates(*, valid_from: date = TABLE_BEGINS) -> int:
    """Add rows for each country and class of the EU that has none yet; returns how many were added.

    Rows that exist (the merchant's own) are left alone, so it may run again at any time.
    """
    with transaction.atomic():
        known = set(TaxRate.objects.values_list("country", "tax_class"))
        rows = [
            TaxRate(
                country=country, tax_class=tax_class, rate=percent / 100, name=_name(percent), valid_from=valid_from
            )
            for country, rates in _eu_rates().items()
            for tax_class, percent in rates.items()
            if (country, tax_class) not in known
        ]
        TaxRate.objects.bulk_create(rows)
    return len(rows)


def _eu_rates() -> dict[str, dict[str, Decimal]]:
    table: dict[str, dict[str, Decimal]] = {}
    for country, entry in get_all_rates().items():
        if not entry["eu_member"]:
            continue
        standard = Decimal(str(entry["standard"]))
        reduced = sorted(Decimal(str(rate)) for rate in entry["reduced"])
        lowest = [Decimal(str(entry["super_reduced"]))] if entry["super_reduced"] else reduced
        table[country] = {
            "standard": standard,
            "reduced": Decimal(REDUCED[country]) if country in REDUCED else max(reduced, default=standard),
            "books": Decimal(BOOKS[country]) if country in BOOKS else min(lowest, default=standard),
            "zero": Decimal(0),
        }
    table["MC"] = dict(table["FR"])
    return table


def _name(percent: Decimal) -> str:
    return f"VAT {percent.normalize():f} %"
