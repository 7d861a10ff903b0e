"""What was measured, each figure beside its line: printed as it comes, and once more as one table at the end."""

import os
from dataclasses import dataclass
from typing import Final

HEAD: Final = f"{'products':>9}  {'measured':<38}{'figure':>10} {'unit':<12}{'line':>8}  {'':<8}beside it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`line` is the most that it may be, or with `is_least` the least; None: there is none. `beside` tells more."""

    products: int
    what: str
    value: float
    unit: str
    line: float | None = None
    is_least: bool = False
    beside: str = ""

    @property
    def is_missed(self) -> bool:
        if self.line is None:
            return False
        return self.value < self.line if self.is_least else self.value > self.line

    def __str__(self) -> str:
        sign = "" if self.line is None else f"{'>=' if self.is_least else '<='}{self.line:g}"
        verdict = "" if self.line is None else "MISSED" if self.is_missed else "held"
        digits = 2 if self.value < 10 else 1 if self.value < 100 else 0
        return (
            f"{self.products:>9}  {self.what:<38}{self.value:>10.{digits}f} {self.unit:<12}{sign:>8}  {verdict:<8}"
            f"{self.beside}"
        )


figures: Final[list[Figure]] = []


def note_figure(figure: Figure) -> None:
    """With BENCH_STRICT=1 a missed line fails the test that measured it, at its end (`refuse_missed`)."""
    if not figures:
        print(f"\n{HEAD}")
    figures.append(figure)
    print(figure, flush=True)


def refuse_missed(*, since: int) -> None:
    missed = [str(figure) for figure in figures[since:] if figure.is_missed]
    assert not (missed and os.environ.get("BENCH_STRICT") == "1"), missed
