"""Motifs from outside: hills, sea, stems, flowers, birds, the moon."""

from __future__ import annotations

import math

from shop.demo.illustrations.canvas import curve, dice, ellipse, path, polygon, rect
from shop.demo.illustrations.colour import hex_of, mix, shade, tint
from shop.demo.illustrations.stems import leaf


def paint_sunhills(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
    parts = [
        rect(-w, -h, w * 2, h * 2, fill=mix(paper, b, 0.18)),
        ellipse(w * 0.2, -h * 0.32, w * 0.36, w * 0.36, fill=b),
    ]
    for index, (level, tone) in enumerate(
        ((0.02, tint(a, 0.55)), (0.26, tint(a, 0.25)), (0.48, a), (0.72, shade(a, 0.22)))
    ):
        points = [(-w + w * 2 * i / 8, h * level + h * 0.11 * math.sin(i * 0.9 + index * 2.1)) for i in range(9)]
        parts.append(path(curve(points) + f"L{w:.1f} {h:.1f}L{-w:.1f} {h:.1f}Z", fill=tone))
    return "".join(parts)


def paint_stem(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
    random = dice("stem", seed)
    lean = random.uniform(-0.15, 0.15)
    points = [(w * lean * (t / 10) ** 2 * 2, h * 0.86 - h * 1.5 * t / 10) for t in range(11)]
    parts = [
        rect(-w, -h, w * 2, h * 2, fill=paper),
        path(
            curve(points), fill="none", stroke=shade(a, 0.2), stroke_width=round(w * 0.022, 2), stroke_linecap="round"
        ),
    ]
    for index in range(2, 11):
        for side in (-1, 1):
            tone = mix(a, b, random.random() * 0.5)
            parts.append(
                leaf(points[index], -90 + side * (62 - index * 2.4), w * (0.66 - index * 0.035), w * 0.24, tone)
            )
    parts.append(leaf(points[-1], -90, w * 0.34, w * 0.16, a))
    return "".join(parts)


def paint_moons(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
    parts = [rect(-w, -h, w * 2, h * 2, fill=a)]
    r = w * 0.17
    for index in range(5):
        x, y = (index - 2) * w * 0.36, -abs(index - 2) * -h * 0.09 - h * 0.2
        parts.append(ellipse(x, y, r, r, fill=tint(b, 0.5)))
        shift = (index - 2) * r * 0.8
        if shift:
            parts.append(
                ellipse(
                    x + shift * -1.0 + (r * 2.0 if shift < 0 else -r * 2.0) * 0,
                    y,
                    r * max(0.0, 1 - abs(index - 2) * 0.12),
                    r,
                    fill=a,
                    opacity=0.96,
                    transform=f"translate({shift:.1f} 0)",
                )
            )
    for index in range(7):
        y = h * (0.28 + index * 0.10)
        span = w * (0.78 - index * 0.085)
        parts.append(
            path(
                curve([(-span, y), (-span / 3, y - h * 0.014), (span / 3, y + h * 0.014), (span, y)]),
                fill="none",
                stroke=tint(b, 0.5),
                stroke_width=round(w * 0.016, 2),
                opacity=0.85,
                stroke_linecap="round",
            )
        )
    return "".join(parts)


def paint_waves(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
    parts = [rect(-w, -h, w * 2, h * 2, fill=paper), ellipse(-w * 0.28, -h * 0.46, w * 0.26, w * 0.26, fill=b)]
    rows = 11
    for row in range(rows):
        y = -h * 0.18 + row * h * 0.13
        points = [(-w * 1.05 + w * 2.1 * i / 12, y + h * 0.045 * math.sin(i * 1.05 + row * 0.8)) for i in range(13)]
        parts.append(
            path(
                curve(points) + f"L{w * 1.05:.1f} {h * 1.2:.1f}L{-w * 1.05:.1f} {h * 1.2:.1f}Z",
                fill=mix(tint(a, 0.68), shade(a, 0.14), row / (rows - 1)),
            )
        )
    return "".join(parts)


def paint_bloom(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
    parts = [rect(-w, -h, w * 2, h * 2, fill=paper)]
    for x, y, size, tone in ((-0.3, -0.28, 0.36, a), (0.38, -0.46, 0.26, b), (0.26, 0.06, 0.30, tint(a, 0.35))):
        parts.append(
            path(
                curve([(x * w, y * h), (x * w * 0.5, h * 0.4), (0, h * 0.94)]),
                fill="none",
                stroke=hex_of("moss"),
                stroke_width=round(w * 0.024, 2),
            )
        )
        for petal in range(9):
            turn = math.radians(petal * 40)
            parts.append(
                ellipse(
                    x * w + size * w * 0.56 * math.cos(turn),
                    y * h + size * w * 0.56 * math.sin(turn),
                    size * w * 0.42,
                    size * w * 0.24,
                    fill=mix(tone, paper, 0.12 * (petal % 2)),
                    transform=f"rotate({petal * 40} {x * w + size * w * 0.56 * math.cos(turn):.1f} {y * h + size * w * 0.56 * math.sin(turn):.1f})",
                )
            )
        parts.append(
            ellipse(x * w, y * h, size * w * 0.26, size * w * 0.26, fill=mix(b, "#6b4a35", 0.5) if tone != b else a)
        )
    for side in (-1, 1):
        parts.append(leaf((0, h * 0.72), -90 + side * 46, w * 0.5, w * 0.2, hex_of("moss")))
    return "".join(parts)


def paint_bird(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
    parts = [
        rect(-w, -h, w * 2, h * 2, fill=paper),
        ellipse(w * 0.3, -h * 0.38, w * 0.40, w * 0.40, fill=tint(b, 0.25)),
    ]
    parts.append(
        path(
            curve([(-w, h * 0.46), (-w * 0.2, h * 0.34), (w, h * 0.42)]),
            fill="none",
            stroke=shade(a, 0.3),
            stroke_width=round(w * 0.035, 2),
        )
    )
    for t, side in ((-0.7, -1), (-0.45, 1), (0.35, -1), (0.6, 1), (0.85, -1)):
        parts.append(leaf((t * w, h * 0.39), side * 60 - 10, w * 0.26, w * 0.11, hex_of("sage")))
    body = curve(
        [
            (-w * 0.52, h * 0.16),
            (-w * 0.36, -h * 0.14),
            (-w * 0.02, -h * 0.18),
            (w * 0.24, h * 0.02),
            (w * 0.76, h * 0.30),
            (w * 0.18, h * 0.30),
            (-w * 0.24, h * 0.34),
        ],
        closed=True,
    )
    parts.append(path(body, fill=a))
    parts.append(
        path(
            curve([(-w * 0.14, h * 0.0), (w * 0.16, h * 0.04), (w * 0.5, h * 0.26), (w * 0.06, h * 0.22)], closed=True),
            fill=shade(a, 0.25),
        )
    )
    parts.append(path(polygon([(-w * 0.51, h * 0.05), (-w * 0.68, h * 0.10), (-w * 0.51, h * 0.14)]), fill=b))
    parts.append(ellipse(-w * 0.36, h * 0.02, w * 0.028, w * 0.028, fill="#26262a"))
    return "".join(parts)
