"""Textbook BM25 (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75) over words as they are written."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Final

K1: Final = 1.2
B: Final = 0.75
_WORD = re.compile(r"\w+")


def split_words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


class Bm25:
    def __init__(self, texts: Mapping[str, str]) -> None:
        words = {number: split_words(text) for number, text in texts.items()}
        mean = sum(map(len, words.values())) / len(words)
        self._postings: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for number, one in words.items():
            long = K1 * (1 - B + B * len(one) / mean)
            for word, times in Counter(one).items():
                self._postings[word].append((number, times * (K1 + 1) / (times + long)))
        self._documents = len(words)

    def find(self, question: str, *, limit: int = 50) -> list[str]:
        scores: dict[str, float] = defaultdict(float)
        for word in split_words(question):
            postings = self._postings.get(word, [])
            rarity = math.log(1 + (self._documents - len(postings) + 0.5) / (len(postings) + 0.5))
            for number, weight in postings:
                scores[number] += rarity * weight
        return sorted(scores, key=lambda number: (-scores[number], number))[:limit]
