"""From a product as written to its sellable variants: SKU, GTIN, price, cost, stock, colour."""

from __future__ import annotations

import itertools
import re
import zlib
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from shop.demo.catalogue.reading import DemoProduct, demo_products
from shop.demo.illustrations.canvas import dice
from shop.demo.illustrations.colour import hex_of

VAT = {"standard": Decimal("1.19"), "reduced": Decimal("1.07")}
"""German VAT that is in the gross prices: 19 %, and 7 % for food (§ 12 UStG)."""

COLOUR_FAMILIES = {
    "White": ("chalk", "milk"),
    "Natural": ("oat", "sand", "jute", "willow", "seagrass", "ash", "oak"),
    "Pink": ("blush", "rose"),
    "Red": ("rust", "terracotta", "clay", "cherry"),
    "Yellow": ("ochre", "honey", "brass"),
    "Green": ("moss", "sage", "forest", "celadon", "leaf"),
    "Blue": ("sea", "petrol", "sky", "ink"),
    "Grey": ("slate", "fog", "steel"),
    "Black": ("charcoal", "black"),
    "Purple": ("plum", "lilac"),
    "Brown": ("walnut",),
}
"""What a shopper filters by: eleven colours, not forty names."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One sellable SKU of a product; `paint` is the palette name of its colour option, empty when it has none."""

    product: DemoProduct
    sku: str
    gtin: str
    options: tuple[tuple[str, str], ...]
    paint: str
    price: Decimal
    compare_at: Decimal | None
    cost: Decimal
    stock_main: int
    stock_studio: int

    @property
    def colour_family(self) -> str:
        name = self.paint or self.product.colour
        return next((family for family, names in COLOUR_FAMILIES.items() if name in names), "Natural")


@cache
def demo_variants() -> tuple[Variant, ...]:
    """Every variant of every product, those of one product together; kits last, below their parts."""
    singles = [variant for product in demo_products() if not product.inside for variant in _variants_of(product)]
    kits = [product for product in demo_products() if product.inside]
    return (*singles, *(_kit(product, {one.sku: one for one in singles}) for product in kits))


def _kit(product: DemoProduct, singles: dict[str, Variant]) -> Variant:
    """Price, weight and cost follow its parts; it has no stock of its own."""
    parts = [(singles[sku], units) for sku, units in product.inside.items()]
    whole = sum((part.price * units for part, units in parts), Decimal(0))
    price = (whole * (100 - (product.percent_off or 0)) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Variant(
        product=product,
        sku=product.code,
        gtin=make_gtin(product.code),
        options=(),
        paint="",
        price=price,
        compare_at=None,
        cost=sum((part.cost * units for part, units in parts), Decimal(0)),
        stock_main=0,
        stock_studio=0,
    )


def _variants_of(product: DemoProduct) -> list[Variant]:
    names = list(product.options)
    combinations = itertools.product(*(values.items() for values in product.options.values()))
    variants = []
    for combination in combinations:
        chosen = tuple((name, value) for name, (value, _) in zip(names, combination, strict=True))
        sku = "-".join([product.code, *(_short(value) for _, value in chosen)])
        extra = sum((Decimal(what) for _, what in combination if not what.isalpha()), Decimal(0))
        paint = next((what for _, what in combination if what.isalpha()), "")
        price = product.price + extra
        stock_main, stock_studio = _stock(sku, price)
        variants.append(
            Variant(
                product=product,
                sku=sku,
                gtin=make_gtin(sku),
                options=chosen,
                paint=paint,
                price=price,
                compare_at=product.compare_at + extra if product.compare_at else None,
                cost=_cost(sku, price, product.tax_class),
                stock_main=stock_main,
                stock_studio=stock_studio,
            )
        )
    return variants


def _short(value: str) -> str:
    numbers = re.findall(r"\d+", value)
    return "X".join(numbers) if numbers else re.sub(r"[^A-Z]", "", value.upper())[:4]


def make_gtin(sku: str) -> str:
    """An EAN-13 of the range 200 to 299, which GS1 leaves to shops for their own use, with its check digit."""
    body = f"21{zlib.crc32(sku.encode()) % 10**10:010d}"
    weighted = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(body))
    return f"{body}{-weighted % 10}"


def _cost(sku: str, price: Decimal, tax_class: str) -> Decimal:
    share = Decimal(dice("cost", sku.split("-")[0]).randrange(42, 58)) / 100
    return (price / VAT[tax_class] * share).quantize(Decimal("0.01"))


def _stock(sku: str, price: Decimal) -> tuple[int, int]:
    """Units in Hamburg and in Berlin: dear things in small numbers, a few of them short or gone."""
    chance = dice("stock", sku)
    fate = chance.random()
    if fate < 0.035:
        return 0, 0
    if fate < 0.07:
        return 0, chance.randrange(1, 4)
    if fate < 0.17:
        return chance.randrange(1, 4), chance.randrange(0, 2)
    most = 90 if price < 25 else 45 if price < 60 else 24 if price < 130 else 12
    return chance.randrange(most // 3, most), chance.randrange(0, max(3, most // 5))


def swatch_colours() -> dict[str, str]:
    """`#rrggbb` of every option value that is a colour, wood or glaze."""
    found: dict[str, str] = {}
    for product in demo_products():
        for values in product.options.values():
            found |= {value: hex_of(what) for value, what in values.items() if what.isalpha()}
    return dict(sorted(found.items()))
