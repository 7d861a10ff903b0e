"""Motifs from inside and from the drawing board: arches, vessels, stones, streets, shapes."""

from __future__ import annotations

import math

from shop.demo.illustrations.canvas import arc_points, curve, dice, ellipse, group, path, polygon, rect
from shop.demo.illustrations.colour import mix, shade, tint
from shop.demo.illustrations.lathe import Turned


def paint_arches(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
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


def paint_vessels(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
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


def paint_stones(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
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


def paint_bauhaus(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
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


def paint_contours(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
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


def paint_house(w: float, h: float, paper: str, a: str, b: str, seed: str) -> str:
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
