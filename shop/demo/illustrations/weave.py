"""Flat patterns of cloth, paper and rugs, described in a unit square and laid onto any surface.

A pattern is a list of shapes whose points run from -1 to 1 in both directions, each with a role: the second colour, the
third, or a translucent veil of the second. The surface says where a unit point is seen, so one pattern serves a flat
rug, a bulging cushion and a throw with folds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from random import Random

from shop.demo.illustrations.canvas import Point, dice, path, polygon
from shop.demo.illustrations.colour import mix

Surface = Callable[[float, float], Point]
Shape = tuple[list[Point], str]

STEPS = 10


def _box(left: float, top: float, right: float, bottom: float, steps: int = STEPS) -> list[Point]:
    horizontal = [left + (right - left) * i / steps for i in range(steps + 1)]
    vertical = [top + (bottom - top) * i / steps for i in range(steps + 1)]
    return [
        *[(x, top) for x in horizontal],
        *[(right, y) for y in vertical],
        *[(x, bottom) for x in reversed(horizontal)],
        *[(left, y) for y in reversed(vertical)],
    ]


def _disc(x: float, y: float, rx: float, ry: float, start: float = 0, end: float = 360, steps: int = 20) -> list[Point]:
    angles = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles]


def _bars(count: int, share: float, *, across: bool, role: str = "second") -> Iterator[Shape]:
    step = 2 / count
    for index in range(count):
        low = -1 + index * step + step * (1 - share) / 2
        high = low + step * share
        yield (_box(-1, low, 1, high) if across else _box(low, -1, high, 1)), role


def _stripes(random: Random) -> Iterator[Shape]:
    yield from _bars(7, 0.46, across=False)


def _ticking(random: Random) -> Iterator[Shape]:
    for index in range(9):
        x = -0.92 + index * 0.23
        yield _box(x - 0.024, -1, x + 0.024, 1), "second"
        yield _box(x + 0.055, -1, x + 0.068, 1), "second"
        yield _box(x - 0.068, -1, x - 0.055, 1), "second"


def _bands(random: Random) -> Iterator[Shape]:
    for at, tall, role in (
        (-0.78, 0.12, "second"),
        (-0.62, 0.04, "third"),
        (0.5, 0.04, "third"),
        (0.68, 0.2, "second"),
        (0.9, 0.03, "third"),
    ):
        yield _box(-1, at - tall / 2, 1, at + tall / 2), role


def _gingham(random: Random) -> Iterator[Shape]:
    yield from _bars(9, 0.5, across=True, role="veil")
    yield from _bars(9, 0.5, across=False, role="veil")


def _windowpane(random: Random) -> Iterator[Shape]:
    yield from _bars(5, 0.055, across=True)
    yield from _bars(5, 0.055, across=False)


def _tartan(random: Random) -> Iterator[Shape]:
    for across in (True, False):
        yield from _bars(3, 0.42, across=across, role="veil")
        yield from _bars(3, 0.06, across=across, role="third")


def _dots(random: Random) -> Iterator[Shape]:
    for row in range(8):
        for column in range(8):
            x = -0.88 + column * 0.25 + (0.125 if row % 2 else 0)
            if x < 0.99:
                yield _disc(x, -0.88 + row * 0.25, 0.052, 0.052, steps=12), "second"


def _herringbone(random: Random) -> Iterator[Shape]:
    wide, tall, rows = 0.125, 0.115, 18
    for column in range(16):
        left = -1 + column * wide
        lean = tall * (0.95 if column % 2 else -0.95)
        for row in range(-1, rows + 1):
            top = -1 + row * tall
            yield (
                [
                    (left, top),
                    (left + wide, top + lean),
                    (left + wide, top + lean + tall * 0.48),
                    (left, top + tall * 0.48),
                ],
                "second",
            )


def _zigzag(random: Random) -> Iterator[Shape]:
    for row in range(6):
        top = -0.96 + row * 0.34
        upper = [(-1 + i * 0.2, top + (0.13 if i % 2 else 0)) for i in range(11)]
        yield [*upper, *[(x, y + 0.10) for x, y in reversed(upper)]], "second" if row % 2 else "third"


def _diamonds(random: Random) -> Iterator[Shape]:
    for row in range(3):
        for column in range(3):
            x, y = -0.66 + column * 0.66, -0.66 + row * 0.66
            yield [(x, y - 0.31), (x + 0.31, y), (x, y + 0.31), (x - 0.31, y)], "second"
            yield [(x, y - 0.17), (x + 0.17, y), (x, y + 0.17), (x - 0.17, y)], "base"
            yield [(x, y - 0.08), (x + 0.08, y), (x, y + 0.08), (x - 0.08, y)], "third"


def _scallops(random: Random) -> Iterator[Shape]:
    for row in range(7):
        for column in range(-1, 7):
            x = -0.85 + column * 0.34 + (0.17 if row % 2 else 0)
            y = -1 + row * 0.31
            yield _disc(x, y, 0.165, 0.30, 0, 180, 14), "second"
            yield _disc(x, y, 0.115, 0.20, 0, 180, 14), "base"
            yield _disc(x, y, 0.06, 0.105, 0, 180, 12), "third"


def _blocks(random: Random) -> Iterator[Shape]:
    yield _box(-1, 0.08, 1, 1), "second"
    yield _box(-1, 0.02, 1, 0.08), "third"


def _quarters(random: Random) -> Iterator[Shape]:
    yield _box(0, -1, 1, 0), "second"
    yield _box(-1, 0, 0, 1), "second"
    yield _disc(0, 0, 0.56, 0.56, steps=36), "third"


def _arches(random: Random) -> Iterator[Shape]:
    for size, role in ((0.86, "second"), (0.66, "base"), (0.47, "third"), (0.28, "base"), (0.14, "second")):
        yield [(-size, 0.82), *_disc(0, 0.12, size, size * 0.98, 180, 360, 28), (size, 0.82)], role


def _sun(random: Random) -> Iterator[Shape]:
    yield _disc(0, -0.08, 0.46, 0.46, steps=36), "second"
    for index in range(24):
        turn = math.radians(index * 15)
        c, s = math.cos(turn), math.sin(turn)
        yield (
            [
                (0.56 * c - 0.022 * s, -0.08 + 0.56 * s + 0.022 * c),
                (0.76 * c, -0.08 + 0.76 * s),
                (0.56 * c + 0.022 * s, -0.08 + 0.56 * s - 0.022 * c),
            ],
            "third",
        )


def _border(random: Random) -> Iterator[Shape]:
    for inset, thick, role in ((0.10, 0.07, "second"), (0.22, 0.02, "third")):
        near, far = 1 - inset, 1 - inset - thick
        yield _box(-near, -near, near, -far), role
        yield _box(-near, far, near, near), role
        yield _box(-near, -near, -far, near), role
        yield _box(far, -near, near, near), role


def _sprigs(random: Random) -> Iterator[Shape]:
    for row in range(4):
        for column in range(4):
            x = -0.76 + column * 0.5 + (0.12 if row % 2 else -0.06)
            y = -0.70 + row * 0.48
            turn = random.uniform(-25, 25)
            yield from _sprig(x, y, 0.17, turn)


def _sprig(x: float, y: float, size: float, turn: float) -> Iterator[Shape]:
    angle = math.radians(turn)

    def at(u: float, v: float) -> Point:
        return x + size * (u * math.cos(angle) - v * math.sin(angle)), y + size * (
            u * math.sin(angle) + v * math.cos(angle)
        )

    yield [at(-0.03, 0.9), at(0.03, 0.9), at(0.02, -0.7), at(-0.02, -0.7)], "second"
    for index in range(4):
        v = 0.55 - index * 0.38
        for side in (-1, 1):
            wide = 0.62 - index * 0.1
            yield (
                [
                    at(0, v),
                    at(side * wide * 0.55, v - 0.10),
                    at(side * wide, v - 0.42),
                    at(side * wide * 0.4, v - 0.32),
                ],
                "second",
            )
    yield [at(0, -0.5), at(0.13, -0.75), at(0, -1.05), at(-0.13, -0.75)], "third"


def _leaves(random: Random) -> Iterator[Shape]:
    yield from _sprig(0, 0.05, 0.78, -8)


def _waffle(random: Random) -> Iterator[Shape]:
    yield from _bars(18, 0.3, across=True, role="soft")
    yield from _bars(18, 0.3, across=False, role="soft")


def _knit(random: Random) -> Iterator[Shape]:
    for column in range(20):
        for row in range(24):
            x, y = -0.95 + column * 0.1, -1 + row * 0.085
            yield [(x - 0.042, y), (x, y + 0.05), (x, y + 0.098), (x - 0.042, y + 0.05)], "soft"
            yield [(x + 0.042, y), (x, y + 0.05), (x, y + 0.098), (x + 0.042, y + 0.05)], "veil_soft"


_MAKERS: dict[str, Callable[..., Iterator[Shape]]] = {
    "stripes": _stripes,
    "ticking": _ticking,
    "bands": _bands,
    "gingham": _gingham,
    "windowpane": _windowpane,
    "tartan": _tartan,
    "dots": _dots,
    "herringbone": _herringbone,
    "zigzag": _zigzag,
    "diamonds": _diamonds,
    "scallops": _scallops,
    "blocks": _blocks,
    "quarters": _quarters,
    "arches": _arches,
    "sun": _sun,
    "border": _border,
    "sprigs": _sprigs,
    "leaves": _leaves,
    "waffle": _waffle,
    "knit": _knit,
}

CLOTH_PATTERNS = tuple(_MAKERS)


def lay_pattern(kind: str, surface: Surface, base: str, second: str, third: str, *, seed: str = "") -> str:
    """The pattern named `kind` on a surface; unknown or empty names give plain cloth."""
    maker = _MAKERS.get(kind)
    if maker is None:
        return ""
    colours = {
        "second": second,
        "third": third,
        "base": base,
        "veil": second,
        "soft": mix(base, second, 0.3),
        "veil_soft": mix(base, second, 0.16),
    }
    runs: list[tuple[str, list[str]]] = []
    for points, role in maker(dice("weave", kind, seed)):
        data = polygon([surface(x, y) for x, y in points])
        if runs and runs[-1][0] == role and role != "veil":
            runs[-1][1].append(data)
        else:
            runs.append((role, [data]))
    return "".join(
        path("".join(data), fill=colours[role], opacity=0.46 if role == "veil" else None) for role, data in runs
    )
