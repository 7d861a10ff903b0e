"""Whether prices are entered and shown with or without tax, as far as the law allows it."""

from shop import environment as env

STATES_DECIDE = frozenset({"US"})
"""Countries without one rate of tax, by which an entered price could be turned into another."""


def read_price_rules(*, country: str, include_tax: bool) -> tuple[str, bool]:
    """PRICES_ENTERED (`gross`, `net`, or "" for as they are shown) and SELLS_TO_BUSINESSES_ONLY.

    Stops the process with a sentence for prices without tax that consumers in the EU would be shown (Directive 98/6/EC,
    Articles 2 and 3: the selling price is the final one, VAT and all other taxes included).
    """
    entered = env.text("PRICES_ENTERED", default="as shown", allowed=("gross", "net", "as shown"))
    only_businesses = env.flag("SELLS_TO_BUSINESSES_ONLY")
    if not include_tax and not only_businesses and _is_in_eu(country):
        raise env.refuse(
            f"PRICES_INCLUDE_TAX is 0 and SHOP_COUNTRY is {country}: consumers in the EU must be shown prices with tax."
            " Set PRICES_INCLUDE_TAX=1 (prices can be entered without tax by PRICES_ENTERED=net), or, if the shop sells to"
            " businesses only, SELLS_TO_BUSINESSES_ONLY=1."
        )
    if country in STATES_DECIDE and entered not in ("as shown", "gross" if include_tax else "net"):
        raise env.refuse(
            f"PRICES_ENTERED is {entered!r}, but in {country} each state has a tax of its own, so no price with tax can be"
            " shown before the address is known; leave it unset."
        )
    return ("" if entered == "as shown" else entered), only_businesses


def _is_in_eu(country: str) -> bool:
    from eu_vat_rates_data import is_eu_member

    return country == "MC" or bool(is_eu_member(country))
