"""Which countries we send to, by name."""

from checkout.tax.rates import country_name
from shipping.rates.quote import served_countries


def country_choices() -> list[tuple[str, str]]:
    """(code, English name) in alphabetical order of the names. One query."""
    return sorted(((code, country_name(code)) for code in served_countries()), key=lambda choice: choice[1])
