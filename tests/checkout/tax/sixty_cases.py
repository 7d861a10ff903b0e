"""Sixty carts in six countries, worked out by hand rule and not by the shop: net, tax and total of each.

Rates: DE 19 and 7 (UStG § 12); FR 20 and 5.5 (CGI 278, 278-0 bis); AT 20 and 10 (UStG § 10); GB 20 and nought (VATA 1994
sections 2 and 30, schedule 8); CH 8.1 and 2.6 (MWSTG Art. 25); JP 10 and 8 (Consumption Tax Act, from October 2019).
Rounding: once per line in DE, FR, AT and GB, where a merchant may choose; CH here once per rate over the order, half up; JP
once per rate over the order with the fraction dropped. Gross prices hold their tax: amount × rate / (100 + rate), so the
first figure of all is 100.00 × 19/119 = 15.966 → 15.97. Net prices get it on top: 3 × 9.99 × 19 % = 5.694 → 5.69. Rounding
per line shows in the last column: 1.11 × 19/119 = 0.177 → 0.18, three times 0.54; in CH 3.33 × 8.1/108.1 = 0.2495 → 0.25.
"""

from dataclasses import dataclass
from decimal import Decimal

RATES = {
    "DE": ("0.19", "0.07"),
    "FR": ("0.20", "0.055"),
    "AT": ("0.20", "0.10"),
    "GB": ("0.20", "0"),
    "CH": ("0.081", "0.026"),
    "JP": ("0.10", "0.08"),
}
ROUNDING = {"CH": "total", "JP": "total-down"}

# The carts stand in the first row of each part (R: reduced rate).
TABLE = """
         | 1 × 100.00          | 3 × 9.99         | 1 × 0.01       | 1 × 19.99 + 2 × 4.99 R | 1 × 1.11 + 1 × 1.11 + 1 × 1.11
DE gross | 84.03 15.97 100.00  | 25.18 4.79 29.97 | 0.01 0.00 0.01 | 26.13 3.84 29.97       | 2.79 0.54 3.33
DE net   | 100.00 19.00 119.00 | 29.97 5.69 35.66 | 0.01 0.00 0.01 | 29.97 4.50 34.47       | 3.33 0.63 3.96
FR gross | 83.33 16.67 100.00  | 24.97 5.00 29.97 | 0.01 0.00 0.01 | 26.12 3.85 29.97       | 2.76 0.57 3.33
FR net   | 100.00 20.00 120.00 | 29.97 5.99 35.96 | 0.01 0.00 0.01 | 29.97 4.55 34.52       | 3.33 0.66 3.99
AT gross | 83.33 16.67 100.00  | 24.97 5.00 29.97 | 0.01 0.00 0.01 | 25.73 4.24 29.97       | 2.76 0.57 3.33
AT net   | 100.00 20.00 120.00 | 29.97 5.99 35.96 | 0.01 0.00 0.01 | 29.97 5.00 34.97       | 3.33 0.66 3.99
GB gross | 83.33 16.67 100.00  | 24.97 5.00 29.97 | 0.01 0.00 0.01 | 26.64 3.33 29.97       | 2.76 0.57 3.33
GB net   | 100.00 20.00 120.00 | 29.97 5.99 35.96 | 0.01 0.00 0.01 | 29.97 4.00 33.97       | 3.33 0.66 3.99
CH gross | 92.51 7.49 100.00   | 27.72 2.25 29.97 | 0.01 0.00 0.01 | 28.22 1.75 29.97       | 3.08 0.25 3.33
CH net   | 100.00 8.10 108.10  | 29.97 2.43 32.40 | 0.01 0.00 0.01 | 29.97 1.88 31.85       | 3.33 0.27 3.60

         | 1 × 1000            | 3 × 198          | 1 × 1          | 1 × 980 + 2 × 258 R    | 1 × 109 + 1 × 109 + 1 × 109
JP gross | 910 90 1000         | 540 54 594       | 1 0 1          | 1369 127 1496          | 298 29 327
JP net   | 1000 100 1100       | 594 59 653       | 1 0 1          | 1496 139 1635          | 327 32 359
"""


@dataclass(frozen=True, slots=True)
class Case:
    """`cart`: (price, quantity, tax class)."""

    country: str
    is_gross: bool
    cart: tuple[tuple[str, int, str], ...]
    net: Decimal
    tax: Decimal
    total: Decimal

    @property
    def currency(self) -> str:
        return "JPY" if self.country == "JP" else "EUR"


def read_cases() -> list[Case]:
    found = []
    for part in TABLE.strip("\n").split("\n\n"):
        (_, *carts), *rows = ([cell.strip() for cell in row.split("|")] for row in part.splitlines())
        for place, *cells in rows:
            country, entry = place.split()
            for cart, cell in zip(carts, cells, strict=True):
                things = tuple(_thing(words) for words in cart.split(" + "))
                net, tax, total = map(Decimal, cell.split())
                found.append(Case(country, entry == "gross", things, net, tax, total))
    return found


def _thing(words: str) -> tuple[str, int, str]:
    """`2 × 4.99 R`."""
    quantity, _, price, *reduced = words.split()
    return price, int(quantity), "reduced" if reduced else "standard"
