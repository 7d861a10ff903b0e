"""The little artworks on prints and cards: suns, hills, arches, stems, vessels, moons, waves, stones."""

from __future__ import annotations

import math
from collections.abc import Callable

from shop.demo.illustrations.canvas import Sheet, arc_points, curve, dice, ellipse, group, path, polygon, rect
from shop.demo.illustrations.colour import hex_of, mix, shade, tint
from shop.demo.illustrations.lathe import Turned
from shop.demo.illustrations.plants import leaf

Motif = Callable[[float, float, str, str, str, str], str]


def paint_motif(
    sheet: Sheet,
    kind: str,
    w: float,
    h: float,
    colour: str,
    second: str,
    third: str,
    *,
    seed: str = "",
    paper: str = "",
) -> str:
    """The motif in a picture that runs from -w to w and -h to h. An unknown name paints a plain ground."""
    painter = _MOTIFS.get(kind)
    return (
        painter(w, h, paper or colour, colour if paper else second, third if not paper else second, seed)
        if painter
        else rect(-w, -h, w * 2, h * 2, fill=colour)
    )


def _sunhills(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
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


def _arches(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
    parts = [rect(-w, -h, w * 2, h * 2, fill=paper)]
    for index, share in enumerate((0.84, 0.66, 0.48, 0.30)):
        r = w * share
        tone = (a, tint(b, 0.35), b, shade(a, 0.25))[index]
        parts.append(
            path(polygon([(-r, h * 0.78), *arc_points(0, -h * 0.06, r, r, 180, 360, 40), (r, h * 0.78)]), fill=tone)
        )
        r -= w * 0.055
        parts.append(
            path(polygon([(-r, h * 0.78), *arc_points(0, -h * 0.06, r, r, 180, 360, 40), (r, h * 0.78)]), fill=paper)
        )
    parts.append(ellipse(0, h * 0.5, w * 0.13, w * 0.13, fill=b))
    return "".join(parts)


def _stem(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
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


def _vessels(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
    parts = [
        rect(-w, -h, w * 2, h * 2, fill=mix(paper, b, 0.12)),
        rect(-w, h * 0.42, w * 2, h * 0.58, fill=mix(paper, b, 0.36)),
    ]
    shapes = (
        (-0.36, 0.66, a, ((0, 0.5), (0.25, 1.0), (0.55, 0.8), (0.75, 0.34), (1, 0.4)), 1.04, 0.34),
        (0.40, 0.60, b, ((0, 0.6), (0.4, 1.0), (0.8, 0.9), (1, 0.86)), 0.42, 0.34),
        (0.06, 0.80, shade(a, 0.25), ((0, 0.5), (0.5, 1.0), (1, 1.0)), 0.22, 0.26),
    )
    for x, y, tone, profile, tall, wide in shapes:
        body = Turned(tuple((s * tall * h, r * wide * w) for s, r in profile), 0.06)
        light = path(body.strip(-90, -8), fill=tint(tone, 0.2))
        parts.append(group(path(body.outline(), fill=tone), light, transform=f"translate({x * w:.1f} {y * h:.1f})"))
    return "".join(parts)


def _moons(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
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


def _waves(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
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


def _stones(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
    random = dice("stones", seed)
    parts = [rect(-w, -h, w * 2, h * 2, fill=paper)]
    y = h * 0.74
    for index, wide in enumerate((0.60, 0.48, 0.52, 0.34, 0.22)):
        tall = h * random.uniform(0.11, 0.145)
        tone = (a, tint(b, 0.2), shade(a, 0.28), b, tint(a, 0.4))[index]
        x = random.uniform(-0.06, 0.06) * w
        parts.append(
            path(
                curve(
                    [
                        (x - w * wide, y),
                        (x - w * wide * 0.6, y - tall),
                        (x + w * wide * 0.5, y - tall * 1.08),
                        (x + w * wide, y - tall * 0.1),
                        (x + w * wide * 0.5, y + tall),
                        (x - w * wide * 0.6, y + tall * 0.94),
                    ],
                    closed=True,
                ),
                fill=tone,
            )
        )
        y -= tall * 1.86
    return "".join(parts)


def _bauhaus(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
    random = dice("grid", seed)
    unit = w * 2 / 4
    rows = math.ceil(h * 2 / unit)
    tones = (a, b, shade(a, 0.3), tint(b, 0.5), tint(a, 0.55))
    parts = [rect(-w, -h, w * 2, h * 2, fill=paper)]
    for row in range(rows):
        for column in range(4):
            x, y = -w + column * unit, -h + row * unit
            tone, kind = random.choice(tones), random.randrange(5)
            turn = random.randrange(4) * 90
            centre = f"rotate({turn} {x + unit / 2:.1f} {y + unit / 2:.1f})"
            if kind == 0:
                parts.append(
                    path(
                        f"M{x:.1f} {y:.1f}h{unit:.1f}a{unit:.1f} {unit:.1f} 0 0 1 {-unit:.1f} {unit:.1f}Z",
                        fill=tone,
                        transform=centre,
                    )
                )
            elif kind == 1:
                parts.append(ellipse(x + unit / 2, y + unit / 2, unit * 0.36, unit * 0.36, fill=tone))
            elif kind == 2:
                parts.append(
                    path(
                        f"M{x:.1f} {y:.1f}a{unit / 2:.1f} {unit / 2:.1f} 0 0 0 {unit:.1f} 0Z",
                        fill=tone,
                        transform=centre,
                    )
                )
            elif kind == 3:
                parts.append(path(f"M{x:.1f} {y:.1f}h{unit:.1f}L{x:.1f} {y + unit:.1f}Z", fill=tone, transform=centre))
    return "".join(parts)


def _contours(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
    random = dice("contours", seed)
    phases = [random.uniform(0, 6) for _ in range(3)]
    parts = [rect(-w, -h, w * 2, h * 2, fill=paper)]
    for ring in range(13, 0, -1):
        size = ring / 13
        points = []
        for step in range(28):
            turn = step / 28 * math.tau
            wobble = 1 + 0.16 * math.sin(turn * 2 + phases[0]) + 0.09 * math.sin(turn * 3 + phases[1] + ring * 0.12)
            points.append(
                (
                    w * 0.98 * size * wobble * math.cos(turn) + w * 0.08,
                    h * 0.84 * size * wobble * math.sin(turn) - h * 0.04,
                )
            )
        parts.append(
            path(
                curve(points, closed=True),
                fill=mix(paper, a, (1 - size) * 0.9) if ring % 3 else mix(paper, b, 0.35 + (1 - size) * 0.4),
                stroke=shade(a, 0.1),
                stroke_width=1.6,
                stroke_opacity=0.35,
            )
        )
    return "".join(parts)


def _house(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
    parts = [rect(-w, -h, w * 2, h * 2, fill=mix(paper, b, 0.2))]
    random = dice("house", seed)
    x = -w
    for _ in range(5):
        wide, tall = w * random.uniform(0.36, 0.5), h * random.uniform(0.5, 1.0)
        tone = random.choice((a, b, tint(a, 0.4), shade(a, 0.25), tint(b, 0.4)))
        top = h * 0.62 - tall
        parts.append(
            path(
                polygon(
                    [(x, h * 0.62), (x, top), (x + wide / 2, top - w * 0.2), (x + wide, top), (x + wide, h * 0.62)]
                ),
                fill=tone,
            )
        )
        for row in range(int(tall / (h * 0.2))):
            for column in range(2):
                lit = random.random() < 0.4
                parts.append(
                    rect(
                        x + wide * (0.2 + column * 0.38),
                        top + h * (0.06 + row * 0.2),
                        wide * 0.2,
                        h * 0.09,
                        fill="#ffe3a0" if lit else shade(tone, 0.3),
                    )
                )
        x += wide
    parts.append(rect(-w, h * 0.62, w * 2, h * 0.4, fill=shade(a, 0.4)))
    parts.append(ellipse(w * 0.5, -h * 0.66, w * 0.15, w * 0.15, fill=tint(b, 0.6)))
    return "".join(parts)


def _bloom(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
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


def _bird(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
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


_MOTIFS: dict[str, Motif] = {
    "sunhills": _sunhills,
    "arches": _arches,
    "stem": _stem,
    "sprig": _stem,
    "vessels": _vessels,
    "moons": _moons,
    "waves": _waves,
    "stones": _stones,
    "bauhaus": _bauhaus,
    "contours": _contours,
    "house": _house,
    "bloom": _bloom,
    "bird": _bird,
}

MOTIFS = tuple(_MOTIFS)
