"""A little shop with everything a journey touches: sub-categories, facets, variants, reduced prices, pictures."""

import csv
from pathlib import Path

from PIL import Image, ImageDraw

from tests.live.running_shop import RunningShop

COLOURS = {"Sage": "#7d9471", "Clay": "#b8694a", "Ink": "#2b3a55"}
SIZES = ("Small", "Large")
SHELVES = ("Lighting > Table lamps", "Lighting > Pendants", "Textiles > Cushions", "Tea")
COLUMNS = [
    "handle",
    "sku",
    "title",
    "description",
    "product_class",
    "brand",
    "categories",
    "price",
    "compare_at_price",
    "weight_kg",
    "stock",
    "images",
    "option1_name",
    "option1_value",
    "option2_name",
    "option2_value",
    "published",
    "attribute:material",
]


def furnish(shop: RunningShop, folder: Path) -> None:
    """Twenty-eight products, by the command that a merchant would use, and the demo's staff."""
    _draw(folder / "images")
    file = folder / "products.csv"
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        for number in range(28):
            writer.writerows(_rows(number))
    shop.manage("import_products", str(file), "--json")
    shop.manage("shell", "-c", "from shop.demo.people import hire_staff; hire_staff()")


def _rows(number: int) -> list[dict[str, object]]:
    """Every other product has variants of colour and size; the large one in ink is never made."""
    product: dict[str, object] = {
        "handle": f"calm-thing-{number}",
        "title": f"Calm thing number {number}",
        "description": "Made slowly, of few parts.\n\nFor a quiet corner.",
        "product_class": "Thing",
        "brand": ("Tonwerk", "Mill Fold")[number % 2],
        "categories": SHELVES[number % len(SHELVES)],
        "compare_at_price": "59.00" if number % 3 == 0 else "",
        "weight_kg": "0.8",
        "published": "yes",
        "attribute:material": ("Oak", "Linen", "Stoneware")[number % 3],
    }
    colours = list(COLOURS)
    if number % 8 in {2, 6}:
        picture = f"{colours[number % 3].lower()}.png"
        return [product | {"sku": f"CALM-{number}", "price": f"{20 + number}.00", "stock": 40, "images": picture}]
    return [
        product
        | {
            "sku": f"CALM-{number}-{colour[0]}{size[0]}",
            "price": f"{20 + number + 5 * SIZES.index(size)}.00",
            "stock": 40,
            "images": f"{colour.lower()}.png",
            "option1_name": "Colour",
            "option1_value": colour,
            "option2_name": "Size",
            "option2_value": size,
        }
        for colour in colours
        for size in SIZES
        if (colour, size) != ("Ink", "Large")
    ]


def _draw(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, colour in COLOURS.items():
        picture = Image.new("RGB", (960, 1200), "#efeae1")
        ImageDraw.Draw(picture).ellipse((240, 360, 720, 840), fill=colour)
        picture.save(folder / f"{name.lower()}.png")
