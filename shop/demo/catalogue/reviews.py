"""What people say about the products: about 260 reviews with mixed ratings, always the same ones."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

from shop.demo.catalogue.reading import DemoProduct, demo_products
from shop.demo.illustrations.canvas import dice

FILE = Path(__file__).parent / "voices" / "reviews.toml"


@dataclass(frozen=True, slots=True)
class DemoReview:
    """A review of the product with that handle; `rating` is 1 to 5, `days_ago` counts back from the day of loading."""

    handle: str
    rating: int
    title: str
    body: str
    name: str
    email: str
    days_ago: int


@cache
def demo_reviews() -> tuple[DemoReview, ...]:
    """Reviews of about two thirds of the products, more for some than for others, none for the newest, nor for files."""
    texts = tomllib.loads(FILE.read_text(encoding="utf-8"))
    names = cycle(texts["names"])
    found: dict[str, DemoReview] = {}
    for product in demo_products():
        if product.files:
            continue
        count = dice("reviews", product.handle).choice((0, 1, 1, 2, 2, 2, 3, 3, 4))
        said: set[str] = set()
        for number in range(count):
            name = next(names)
            tries = (_review(product, texts, name, said, f"{number}.{attempt}") for attempt in range(20))
            review = next(review for review in tries if review.body not in found)
            found[review.body] = review
    return tuple(found.values())


def _review(product: DemoProduct, texts: dict[str, Any], name: str, said: set[str], seed: str) -> DemoReview:
    chance = dice("review", product.handle, seed)
    rating = chance.choices((5, 4, 3, 2), (52, 31, 11, 6))[0]
    voice = texts["categories"][product.category]

    def pick(sentences: list[str]) -> str:
        fresh = [sentence for sentence in sentences if sentence not in said] or sentences
        chosen = chance.choice(fresh)
        said.add(chosen)
        return chosen

    parts = {
        5: [pick(voice["good"]), pick(voice["good"])],
        4: [pick(voice["good"]), pick(voice["but"])],
        3: [pick(voice["but"]), pick(voice["good"])],
        2: [pick(voice["but"])],
    }[rating]
    if rating in (2, 3) or chance.random() < 0.6:
        parts.append(pick(texts["closing"][str(rating)]))
    address = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalpha())
    return DemoReview(
        handle=product.handle,
        rating=rating,
        title=pick(texts["titles"][str(rating)]),
        body=" ".join(parts),
        name=name,
        email=f"{address}@example.{chance.choice(('com', 'org', 'net'))}",
        days_ago=chance.randrange(3, 400),
    )
