"""On a part of the electronics set people grade our first ten answers higher than those of plain `ts_rank` and BM25.

The whole set, with recall, is judged by `make bench`.
"""

import statistics
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from catalog.search.query import Query, find_products
from tests.bench.bm25 import Bm25
from tests.bench.electronics import load_goods, read_goods, read_ratings
from tests.bench.measures import ndcg
from tests.bench.plain_ranking import PlainRanking

OTHERS = 20
"""One in so many of the products that nobody graded."""


@pytest.mark.django_db
@pytest.mark.feature("SF04")
def test_people_prefer_our_answers(shared_data: Path) -> None:
    folder = shared_data / "chorus-electronics"
    ratings = {question: grades for question, grades in read_ratings(folder).items() if any(grades.values())}
    graded = {number for grades in ratings.values() for number in grades}
    goods = [one for place, one in enumerate(read_goods(folder)) if one.number in graded or place % OTHERS == 0]
    load_goods(goods)
    words = {one.number: one.all_words() for one in goods}
    plain, bm25 = PlainRanking(words), Bm25(words)

    def find_ours(question: str) -> list[str]:
        return [document.slug.removeprefix("e-") for document in find_products(Query(text=question)).documents]

    ours = _judge(find_ours, ratings)
    assert ours > _judge(plain.find, ratings) + 0.05
    assert ours > _judge(lambda question: plain.find(question, words="any word"), ratings) + 0.05
    assert ours > _judge(bm25.find, ratings) + 0.02


def _judge(find: Callable[[str], Sequence[str]], ratings: Mapping[str, Mapping[str, int]]) -> float:
    return statistics.fmean(ndcg(find(question), grades) for question, grades in ratings.items())
