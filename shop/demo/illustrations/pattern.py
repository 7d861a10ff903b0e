"""Decorations of turned bodies: stripes, dots, speckle, dipped glaze, flutes, checks and brushed leaves."""

from __future__ import annotations

import math

from shop.demo.illustrations.canvas import Sheet, curve, dice, ellipse, group, path, polygon
from shop.demo.illustrations.colour import mix, shade, tint
from shop.demo.illustrations.lathe import Turned


def decorate(
    body: Turned, kind: str, colour: str, second: str, *, seed: str = "", low: float = 0.0, high: float = 1.0
) -> str:
    """The decoration named `kind` between two shares of the height; an unknown or empty name decorates nothing."""
    bottom, top = body.height * low, body.height * high
    painter = _PAINTERS.get(kind)
    return painter(body, colour, second, bottom, top, seed) if painter else ""


def _stripes(body: Turned, colour: str, second: str, low: float, high: float, seed: str) -> str:
    count = 7
    step = (high - low) / (count * 2 - 1)
    return "".join(path(body.band(low + 2 * i * step, low + (2 * i + 1) * step), fill=second) for i in range(count))


def _pinstripes(body: Turned, colour: str, second: str, low: float, high: float, seed: str) -> str:
    count = 11
    step = (high - low) / count
    return "".join(
        path(body.band(low + (i + 0.5) * step, low + (i + 0.5) * step + body.height * 0.012), fill=second)
        for i in range(count)
    )


def _line(body: Turned, colour: str, second: str, low: float, high: float, seed: str) -> str:
    at = low + (high - low) * 0.80
    unit = body.height * 0.022
    return path(body.band(at, at + unit), fill=second) + path(body.band(at - unit * 2.2, at - unit * 1.6), fill=second)


def _belt(body: Turned, colour: str, second: str, low: float, high: float, seed: str) -> str:
    middle = low + (high - low) * 0.5
    return path(body.band(middle - body.height * 0.15, middle + body.height * 0.15), fill=second)


def _dots(body: Turned, colour: str, second: str, low: float, high: float, seed: str) -> str:
    size = max(3.2, (high - low) * 0.042)
    rows = max(3, round((high - low) / (size * 3.9)))
    parts = []
    for row in range(rows):
        height = low + (high - low) * (row + 0.5) / rows
        for column in range(-5, 6):
            angle = column * 19 + (9.5 if row % 2 else 0)
            if abs(angle) < 88:
                x, y = body.point(angle, height)
                parts.append(ellipse(x, y, size * max(0.12, math.cos(math.radians(angle))), size, fill=second))
    return "".join(parts)


def _speckle(body: Turned, colour: str, second: str, low: float, high: float, seed: str) -> str:
    random = dice("speckle", seed, body.profile)
    parts = []
    for _ in range(150):
        angle = math.degrees(math.asin(random.uniform(-0.99, 0.99)))
        height = random.uniform(low, high)
        size = random.choice((0.7, 0.9, 1.1, 1.5, 2.2))
        x, y = body.point(angle, height)
        parts.append(
            ellipse(
                x,
                y,
                size * max(0.3, math.cos(math.radians(angle))),
                size * random.uniform(0.7, 1.1),
                fill=second,
                opacity=round(random.uniform(0.45, 0.9), 2),
            )
        )
    return "".join(parts)


def _wave(body: Turned, at: float, swing: float, seed: str) -> list[tuple[float, float]]:
    random = dice("wave", seed)
    phase, second_phase = random.uniform(0, 6), random.uniform(0, 6)
    return [
        body.point(angle, at + swing * math.sin(angle / 21 + phase) + swing * 0.5 * math.sin(angle / 9 + second_phase))
        for angle in range(-90, 91, 5)
    ]


def _dip(body: Turned, colour: str, second: str, low: float, high: float, seed: str) -> str:
    edge = _wave(body, low + (high - low) * 0.36, body.height * 0.012, seed)
    foot = [(body.widest + 20, 60.0), (-body.widest - 20, 60.0)]
    return path(polygon([*edge, *foot]), fill=second) + path(
        curve(edge), fill="none", stroke=shade(second, 0.2), stroke_width=1.6, opacity=0.5
    )


def _drip(body: Turned, colour: str, second: str, low: float, high: float, seed: str) -> str:
    edge = _wave(body, low + (high - low) * 0.62, body.height * 0.05, seed)
    top = [(body.widest + 20, -body.height - 60), (-body.widest - 20, -body.height - 60)]
    return path(polygon([*edge, *top]), fill=second) + path(
        curve(edge), fill="none", stroke=tint(second, 0.4), stroke_width=2.2, opacity=0.55
    )


def _flutes(body: Turned, colour: str, second: str, low: float, high: float, seed: str) -> str:
    dark, light = shade(colour, 0.34), tint(colour, 0.55)
    parts = []
    for index in range(-9, 10):
        angle = index * 10
        parts.append(path(body.strip(angle, min(90, angle + 3.4), low, high), fill=dark, opacity=0.30))
        parts.append(path(body.strip(angle + 3.4, min(90, angle + 5.4), low, high), fill=light, opacity=0.35))
    return "".join(parts)


def _facets(body: Turned, colour: str, second: str, low: float, high: float, seed: str) -> str:
    random = dice("facets", seed)
    tones = [shade(colour, 0.13), tint(colour, 0.22), mix(colour, second, 0.12), shade(colour, 0.06)]
    return "".join(
        path(body.strip(left, left + 22.5, low, high), fill=tones[(i + random.randrange(2)) % 4], opacity=0.75)
        for i, left in enumerate(range(-90, 90, 22))
    )


def _checks(body: Turned, colour: str, second: str, low: float, high: float, seed: str) -> str:
    rows = 6
    step = (high - low) / rows
    parts = []
    for row in range(rows):
        for index in range(-4, 5):
            left = index * 22 + (11 if row % 2 else 0)
            if left < 89 and left + 11 > -89:
                parts.append(
                    path(
                        body.strip(max(-90, left), min(90, left + 11), low + row * step, low + (row + 1) * step),
                        fill=second,
                    )
                )
    return "".join(parts)


def _chevron(body: Turned, colour: str, second: str, low: float, high: float, seed: str) -> str:
    parts = []
    unit = (high - low) / 9
    for row in range(0, 9, 2):
        points = [
            body.point(angle, low + unit * (row + 0.4) + (unit * 0.9 if index % 2 else 0))
            for index, angle in enumerate(range(-90, 91, 9))
        ]
        parts.append(
            path(
                polygon(points, closed=False),
                fill="none",
                stroke=second,
                stroke_width=round(unit * 0.36, 2),
                stroke_linejoin="round",
            )
        )
    return "".join(parts)


def _brushed(body: Turned, colour: str, second: str, low: float, high: float, seed: str) -> str:
    """A loose sprig in a brush's stroke: stem, and leaves in pairs."""
    parts = []
    random = dice("brush", seed)
    for middle in (-52, -4, 44):
        span = (high - low) * random.uniform(0.68, 0.8)
        base = low + (high - low) * 0.12
        bend = random.uniform(-7, 7)
        stem = [body.point(middle + bend * (i / 8) ** 2, base + span * i / 8) for i in range(9)]
        parts.append(
            path(
                curve(stem),
                fill="none",
                stroke=second,
                stroke_width=round(body.height * 0.011, 2),
                stroke_linecap="round",
            )
        )
        for index in range(1, 8):
            angle, height = middle + bend * (index / 8) ** 2, base + span * index / 8
            for side in (-1, 1):
                length = 13 * (1 - index / 12)
                tip = body.point(angle + side * length, height + span * 0.10)
                root = body.point(angle, height)
                under = body.point(angle + side * length * 0.6, height - span * 0.005)
                over = body.point(angle + side * length * 0.45, height + span * 0.10)
                parts.append(path(curve([root, under, tip, over], closed=True, tension=0.8), fill=second))
    return "".join(parts)


def _ticks(body: Turned, colour: str, second: str, low: float, high: float, seed: str) -> str:
    parts = []
    rows = 6
    for row in range(rows):
        height = low + (high - low) * (row + 0.5) / rows
        for index in range(-9, 10):
            angle = index * 11 + (5.5 if row % 2 else 0)
            if abs(angle) < 88:
                a, b = body.point(angle, height), body.point(angle, height + (high - low) * 0.07)
                parts.append(
                    path(
                        polygon([a, b], closed=False),
                        stroke=second,
                        stroke_width=round(max(1.6, body.height * 0.014), 2),
                        stroke_linecap="round",
                        fill="none",
                    )
                )
    return "".join(parts)


_PAINTERS = {
    "stripes": _stripes,
    "pinstripes": _pinstripes,
    "line": _line,
    "belt": _belt,
    "dots": _dots,
    "speckle": _speckle,
    "dip": _dip,
    "drip": _drip,
    "flutes": _flutes,
    "facets": _facets,
    "checks": _checks,
    "chevron": _chevron,
    "sprig": _brushed,
    "ticks": _ticks,
}

PATTERNS = tuple(_PAINTERS)


def grain(sheet: Sheet, outline: str, colour: str, *, seed: str, width: float, height: float) -> str:
    """Wood grain: long uneven lines across a shape, with a knot or none."""
    random = dice("grain", seed)
    parts = []
    lines = max(7, int(height / 11))
    for index in range(lines):
        y = -height + height * (index + random.uniform(0.1, 0.9)) / lines
        swing = random.uniform(0.5, 3.0)
        points = [(-width / 2 + width * i / 8, y + swing * math.sin(i * 0.9 + index)) for i in range(9)]
        parts.append(
            path(
                curve(points),
                fill="none",
                stroke=shade(colour, random.choice((0.14, 0.22, 0.3))),
                stroke_width=round(random.uniform(0.8, 2.4), 2),
                opacity=round(random.uniform(0.22, 0.5), 2),
            )
        )
    return group(*parts, clip_path=sheet.clip(outline))
