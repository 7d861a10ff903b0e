"""Two hundred questions made by rule from the demo catalogue: each product's two rarest title words, half mistyped once."""

import random
import string
from collections import Counter
from collections.abc import Callable

import pytest
from oscar.apps.catalogue.models import Category, Product

from catalog.search.folding import read_words
from catalog.search.query import Query, find_products
from catalog.search.synonyms import write_synonym
from shop.demo.catalogue.rows import product_rows

WANTED = 100
THEIR_WORDS = {"lamp": "luminaire", "cushion": "pouffe", "notebook": "jotter", "bowl": "basin"}
"""By a word of ours, one that shoppers type and no product has."""
MOST_PLACES_LOST = 1
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


def fill_shelf(make_product: Callable[..., Product], *, every: int = 1) -> dict[str, list[str]]:
    """Puts each product of the demo on sale (or every second …), and answers the words of the titles."""
    shelf = dict(list(read_shelf().items())[::every])
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
    return {row["title"]: read_words(row["title"]) for row in shelf.values()}


@pytest.mark.feature("SF04")
def test_the_right_product_is_among_the_first_five(make_product: Callable[..., Product]) -> None:
    titles = fill_shelf(make_product)
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


def find_places(questions: dict[str, set[str]], *, most: int = 24) -> dict[str, int]:
    """Where the first product that is meant stands in the answer, from 1; `most` + 1 where none does."""
    places = {}
    for question, meant in questions.items():
        found = [one.title for one in find_products(Query(text=question, page_size=most)).documents]
        places[question] = next((place for place, title in enumerate(found, start=1) if title in meant), most + 1)
    return places


@pytest.mark.feature("M20")
def test_accepted_synonyms_mend_what_was_missed_and_spoil_nothing_that_was_found(
    make_product: Callable[..., Product],
) -> None:
    titles = fill_shelf(make_product, every=2)
    brands = {row["title"]: row["brand"].casefold() for row in read_shelf().values()}
    missed: dict[str, set[str]] = {}
    for ours, theirs in THEIR_WORDS.items():
        named = {title for title, words in titles.items() if ours in words}
        missed[theirs] = named
        missed |= {
            f"{theirs} {brand}": {one for one in named if brands[one] == brand} for brand in map(brands.get, named)
        }
    golden = {" ".join(words): {title} for title, words in titles.items()}
    before, found = find_places(missed), find_places(golden)
    for ours, theirs in THEIR_WORDS.items():
        write_synonym(terms=[theirs], means=[ours], actor=None)
    after, still = find_places(missed), find_places(golden)
    assert len(missed) >= 10
    assert sum(place == 1 for place in before.values()) <= len(missed) / 2
    assert [question for question, place in after.items() if place > 1] == []
    assert [question for question in golden if still[question] > found[question] + MOST_PLACES_LOST] == []
