"""`make bench`: our order of answers beside plain `ts_rank` and BM25, judged by people (19,406 products, 68 questions).

Each method may read what it does best with; the best row of each counts. Questions for which nobody found a wanted
product are left out: every order is as good.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from catalog.search.query import Query, find_products
from tests.bench.bm25 import Bm25
from tests.bench.electronics import Goods, load_goods, read_goods, read_ratings
from tests.bench.measures import ndcg, recall
from tests.bench.plain_ranking import PlainRanking

pytestmark = [pytest.mark.long, pytest.mark.django_db]
Find = Callable[[str], Sequence[str]]


def find_ours(question: str) -> list[str]:
    documents = find_products(Query(text=question, page_size=50)).documents
    return [document.slug.removeprefix("e-") for document in documents]


def _named(goods: Goods) -> str:
    return f"{goods.title} {goods.brand} {goods.description}"


@pytest.mark.feature("SF04")
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("with_attributes", [True, False], ids=["with attributes", "without attributes"])
def test_print_how_well_search_ranks(shared_data: Path, with_attributes: bool) -> None:
    folder = shared_data / "chorus-electronics"
    goods = read_goods(folder)
    ratings = {question: grades for question, grades in read_ratings(folder).items() if any(grades.values())}
    load_goods(goods, with_attributes=with_attributes)
    texts = {
        "title": {one.number: one.title for one in goods},
        "title, brand, text": {g.number: _named(g) for g in goods},
    }
    if with_attributes:
        texts["everything"] = {one.number: one.all_words() for one in goods}
    methods: dict[str, dict[str, Find]] = {"ours": {"the shop's search": find_ours}, "ts_rank": {}, "BM25": {}}
    for name, words in texts.items():
        plain, bm25 = PlainRanking(words), Bm25(words)
        found = {
            way: {question: plain.find(question, words=way) for question in ratings}
            for way in ("all words", "any word")
        }
        for way, answers in found.items():
            methods["ts_rank"][f"{name}, {way}"] = answers.__getitem__
        methods["BM25"][name] = bm25.find
    best = {method: _print_rows(method, ways, ratings) for method, ways in methods.items()}
    for other in ("ts_rank", "BM25"):
        assert best["ours"][0] > best[other][0], f"nDCG@10 is not better than that of {other}"
        assert best["ours"][1] > best[other][1], f"recall@50 is not better than that of {other}"


def _print_rows(method: str, ways: dict[str, Find], ratings: dict[str, dict[str, int]]) -> tuple[float, float]:
    """The best of each figure over the ways."""
    if method == "ours":
        print(f"\n{len(ratings)} questions\n{'method':<10}{'reads':<34}{'nDCG@10':>9}{'recall@50':>11}{'ms':>8}")
    figures = []
    for way, find in ways.items():
        began = time.perf_counter()
        found = {question: find(question) for question in ratings}
        spent = (time.perf_counter() - began) / len(ratings) * 1000
        gain = statistics.fmean(ndcg(found[question], grades) for question, grades in ratings.items())
        part = statistics.fmean(recall(found[question], grades) for question, grades in ratings.items())
        print(f"{method:<10}{way:<34}{gain:>9.3f}{part:>11.3f}" + (f"{spent:>8.1f}" if method == "ours" else ""))
        figures.append((gain, part))
    return max(gain for gain, _ in figures), max(part for _, part in figures)
