"""Currencies and how their minor units are written."""

from shop.embedded.sandbox.errors import invalid_parameter

ZERO_DECIMAL = frozenset(
    ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf"]
)
THREE_DECIMAL = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])
CURRENCIES = (
    frozenset(
        [
            "aed",
            "all",
            "amd",
            "ars",
            "aud",
            "azn",
            "bam",
            "bgn",
            "bnd",
            "brl",
            "bwp",
            "cad",
            "chf",
            "cny",
            "cop",
            "crc",
            "czk",
            "dkk",
            "dop",
            "dzd",
            "egp",
            "etb",
            "eur",
            "gbp",
            "gel",
            "ghs",
            "gtq",
            "hkd",
            "hnl",
            "huf",
            "idr",
            "ils",
            "inr",
            "isk",
            "jmd",
            "kes",
            "kgs",
            "khr",
            "kzt",
            "lkr",
            "mad",
            "mdl",
            "mkd",
            "mnt",
            "mop",
            "mur",
            "mxn",
            "myr",
            "mzn",
            "nad",
            "ngn",
            "nok",
            "npr",
            "nzd",
            "pab",
            "pen",
            "php",
            "pkr",
            "pln",
            "qar",
            "ron",
            "rsd",
            "rub",
            "sar",
            "sek",
            "sgd",
            "thb",
            "try",
            "ttd",
            "twd",
            "tzs",
            "uah",
            "usd",
            "uyu",
            "uzs",
            "xcd",
            "yer",
            "zar",
            "zmw",
        ]
    )
    | ZERO_DECIMAL
    | THREE_DECIMAL
)


def count_decimals(currency: str) -> int:
    return 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2


def format_amount(amount: int, *, currency: str) -> str:
    """Minor units for people: 8430, eur → `84.30 EUR`."""
    places = count_decimals(currency)
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), 10**places)
    return f"{sign}{whole:,}{f'.{rest:0{places}d}' if places else ''} {currency.upper()}"


def smallest_charge(currency: str) -> int:
    """About half a euro, as Stripe's minimum (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts)."""
    return {"gbp": 30, "jpy": 50, "huf": 17_500, "czk": 1_500, "dkk": 250, "nok": 300, "sek": 300, "pln": 200}.get(
        currency, 50 if count_decimals(currency) == 2 else 500 if count_decimals(currency) == 3 else 50
    )


def refuse_step(amount: int | None, *, currency: str, param: str = "amount") -> None:
    """Three-decimal currencies go in steps of ten (https://docs.stripe.com/currencies#three-decimal)."""
    if amount is not None and currency in THREE_DECIMAL and amount % 10:
        raise invalid_parameter(
            f"Invalid {param}: in {currency.upper()} the least-significant (last) digit must be 0.", param=param
        )
