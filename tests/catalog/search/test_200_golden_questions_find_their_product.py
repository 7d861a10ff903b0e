"""Two hundred questions made by rule from the demo catalogue: each product's two rarest title words, half mistyped once."""

import random
import string
from collections import Counter
from collections.abc import Callable

import pytest
from oscar.apps.catalogue.models import Category, Product

from catalog.search.folding import read_words
from catalog.search.query import Query, find_products
from shop.demo.catalogue.rows import product_rows

WANTED = 100
TOP = 5


def read_shelf() -> dict[str, dict[str, str]]:
    """The first row of each product: it holds the texts."""
    shelf: dict[str, dict[str, str]] = {}
    for row in product_rows():
        shelf.setdefault(row["handle"], row)
    return shelf


def mistype(word: str, *, dice: random.Random) -> str:
    """One letter missing, added, replaced, or swapped with the next; never the first."""
    place, letter = dice.randrange(1, len(word) - 1), dice.choice(string.ascii_lowercase)
    kinds = {
        "missing": word[:place] + word[place + 1 :],
        "added": word[:place] + letter + word[place:],
        "replaced": word[:place] + letter + word[place + 1 :],
        "swapped": word[:place] + word[place + 1] + word[place] + word[place + 2 :],
    }
    return kinds[dice.choice(sorted(kinds))]


@pytest.mark.feature("SF04")
def test_the_right_product_is_among_the_first_five(make_product: Callable[..., Product]) -> None:
    shelf = read_shelf()
    categories: dict[str, Category] = {}
    for row in shelf.values():
        name = row["categories"].split("|")[0].split(">")[-1].strip()
        if name not in categories:
            categories[name] = Category.add_root(name=name, slug=f"c-{len(categories)}")
        texts = {"brand": row["brand"], "material": row["attribute:material"]}
        make_product(
            row["title"],
            description=row["description"],
            categories=[categories[name]],
            **{code: text for code, text in texts.items() if text},
        )
    titles = {row["title"]: read_words(row["title"]) for row in shelf.values()}
    uses = Counter(word for words in titles.values() for word in set(words))
    golden: dict[str, set[str]] = {}
    dice = random.Random(4)
    for title, words in titles.items():
        asked = sorted(set(words), key=lambda word: (uses[word], -len(word), word))[:2]
        asked.sort(key=words.index)
        meant = {other for other, known in titles.items() if set(asked) <= set(known)}
        longest = max(asked, key=len)
        if len(golden) < 2 * WANTED and len(longest) > 4:
            golden[" ".join(asked)] = meant | {title}
            typed = [mistype(word, dice=dice) if word == longest else word for word in asked]
            golden[" ".join(typed)] = meant | {title}
    assert len(golden) >= 2 * WANTED - 4
    missed = []
    for question, meant in golden.items():
        found = [one.title for one in find_products(Query(text=question, page_size=TOP)).documents]
        if not meant & set(found):
            missed.append((question, sorted(meant)[0], found[:2]))
    assert len(missed) <= len(golden) * 0.05, missed
