"""How good an order of answers is, by human grades. What nobody graded counts as not wanted, for every method alike."""

import math
from collections.abc import Mapping, Sequence

WANTED = 1
"""The lowest grade of an answer that recall asks for."""


def ndcg(found: Sequence[str], grades: Mapping[str, int], *, depth: int = 10) -> float:
    """Normalised discounted cumulative gain with gain 2^grade - 1 (Järvelin and Kekäläinen 2002; Burges 2005)."""
    best = _discount(sorted(grades.values(), reverse=True)[:depth])
    return _discount([grades.get(one, 0) for one in found[:depth]]) / best if best else 0.0


def recall(found: Sequence[str], grades: Mapping[str, int], *, depth: int = 50) -> float:
    wanted = {one for one, grade in grades.items() if grade >= WANTED}
    return len(wanted & set(found[:depth])) / len(wanted) if wanted else 0.0


def _discount(gains: Sequence[int]) -> float:
    return sum((2**gain - 1) / math.log2(place + 2) for place, gain in enumerate(gains))
