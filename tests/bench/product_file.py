"""A generated product file: two variants, five attributes and stock each. Same number, same bytes."""

import csv
import random
from pathlib import Path

HEADER = (
    "handle",
    "sku",
    "title",
    "description",
    "product_class",
    "brand",
    "categories",
    "price",
    "compare_at_price",
    "cost",
    "weight_kg",
    "stock",
    "option1_name",
    "option1_value",
    "attribute:material",
    "attribute:finish",
    "attribute:origin",
    "attribute:care",
    "attribute:collection",
)
THINGS = ("Lamp", "Mug", "Bowl", "Rug", "Chair", "Blanket", "Vase", "Clock", "Basket", "Mirror", "Tray", "Stool")
WORDS = [
    "quiet",
    "warm",
    "woven",
    "turned",
    "glazed",
    "folded",
    "bright",
    "plain",
    "northern",
    "evening",
    "morning",
    "harbour",
    "garden",
    "winter",
    "summer",
    "long",
    "low",
    "round",
    "square",
    "narrow",
    "heavy",
    "light",
    "soft",
    "smooth",
    "rough",
    "matt",
    "linen",
    "walnut",
    "copper",
    "slate",
    "amber",
    "river",
    "field",
    "stone",
]
SIZES = ("Small", "Large")


def write_product_file(path: Path, *, products: int, first: int = 0, price_shift: int = 0) -> Path:
    """Products numbered from `first` on. `price_shift`, in whole units, makes a file in which every price changed."""
    choose = random.Random(first)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(first, first + products):
            title = f"{choose.choice(WORDS).title()} {choose.choice(WORDS)} {choose.choice(THINGS).lower()} {number}"
            text = " ".join(choose.choices(WORDS, k=30))
            thing = choose.choice(THINGS)
            shared = (
                f"<p>{text}.</p>",
                thing,
                f"Maker {choose.randrange(200)}",
                f"House > {thing}s > {choose.choice(WORDS[:12]).title()}",
            )
            attributes = [f"{name} {choose.randrange(12)}" for name in ("Material", "Finish", "Land", "Care", "Line")]
            for size in SIZES:
                price = choose.randrange(5, 200) + price_shift
                sku = f"SKU-{number:06}-{size[0]}"
                stock = choose.randrange(1, 60)
                amounts = (f"{price}.50", f"{price + 20}.00" if number % 5 == 0 else "", f"{price / 2:.2f}", "0.750")
                writer.writerow([f"product-{number}", sku, title, *shared, *amounts, stock, "Size", size, *attributes])
    return path
