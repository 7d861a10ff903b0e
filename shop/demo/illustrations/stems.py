"""Leaves, and what stands in a vase."""

from __future__ import annotations

import math
from random import Random

from shop.demo.illustrations.canvas import Point, Sheet, curve, dice, ellipse, path
from shop.demo.illustrations.colour import mix, shade, tint


def leaf(
    root: Point, angle: float, length: float, width: float, colour: str, *, vein: bool = True, bend: float = 0.0
) -> str:
    """One pointed leaf: `angle` in degrees (0 right, -90 up); lit half and shaded half."""
    turned = math.radians(angle)
    dx, dy = math.cos(turned), math.sin(turned)
    nx, ny = -dy, dx
    x, y = root

    def at(along: float, across: float) -> Point:
        sag = bend * along * along
        return (
            x + dx * length * along + nx * (width * across) + 0 * sag,
            y + dy * length * along + ny * (width * across) + sag,
        )

    upper = [at(0, 0), at(0.28, -0.46), at(0.62, -0.40), at(1, 0)]
    lower = [at(0, 0), at(0.28, 0.46), at(0.62, 0.40), at(1, 0)]
    rib = [at(1, 0), at(0.66, 0.02), at(0.33, 0.02), at(0, 0)]
    light, dark = (upper, lower) if ny > 0 or (abs(ny) < 0.2 and nx > 0) else (lower, upper)
    parts = path(curve(light) + curve(rib, lead="L") + "Z", fill=tint(colour, 0.20))
    parts += path(curve(dark) + curve(rib, lead="L") + "Z", fill=shade(colour, 0.10))
    if vein:
        parts += path(curve(rib), fill="none", stroke=shade(colour, 0.25), stroke_width=1.1, opacity=0.55)
    return parts


def draw_stems(sheet: Sheet, kind: str, *, mouth: float, spread: float, seed: str) -> tuple[str, float]:
    """What stands in a vase: eucalyptus, olive, grass, blossom, tulip, dried, or nothing. Returns art and its height."""
    if not kind:
        return "", 0.0
    random = dice("stems", kind, seed)
    parts: list[str] = []
    tallest = 0.0
    count = {"eucalyptus": 3, "olive": 3, "grass": 9, "blossom": 3, "tulip": 3, "dried": 7, "branch": 1}[kind]
    for index in range(count):
        side = (index / max(1, count - 1) - 0.5) * 2 if count > 1 else 0.35
        lean = side * 95 + random.uniform(-14, 14)
        tall = random.uniform(190, 250) * (0.86 if kind == "tulip" else 1.0)
        tallest = max(tallest, tall)
        start = (side * spread * 0.45, mouth + 3)
        points = [(start[0] + lean * (i / 8) ** 1.7, start[1] - tall * (i / 8)) for i in range(9)]
        stem = {
            "eucalyptus": "#7d7a5c",
            "olive": "#7a6a4c",
            "grass": "#b79f6c",
            "blossom": "#71543f",
            "tulip": "#6f8a57",
            "dried": "#b08d57",
            "branch": "#6a5140",
        }[kind]
        parts.append(
            path(
                curve(points),
                fill="none",
                stroke=stem,
                stroke_width=2.4 if kind in ("grass", "dried") else 3.2,
                stroke_linecap="round",
            )
        )
        parts.extend(_dress(kind, points, random))
    return "".join(parts), tallest


def _dress(kind: str, points: list[Point], random: Random) -> list[str]:
    out: list[str] = []
    (x0, y0), (x1, y1) = points[-2], points[-1]
    heading = math.degrees(math.atan2(y1 - y0, x1 - x0))
    if kind in ("eucalyptus", "olive"):
        colour = "#7f9a86" if kind == "eucalyptus" else "#77855a"
        for index in range(2, 9):
            x, y = points[index]
            size = (34 if kind == "eucalyptus" else 38) * (1.1 - index * 0.045)
            wide = size * (0.82 if kind == "eucalyptus" else 0.34)
            tone = mix(colour, random.choice(("#a9bda0", "#56705c", "#8fa57f")), 0.35)
            for side in (-1, 1):
                out.append(leaf((x, y), heading + side * random.uniform(44, 66), size, wide, tone))
        out.append(leaf(points[-1], heading, 30, 16, colour))
    elif kind == "grass":
        for index in range(14):
            share = index / 13
            x, y = x1 - (x1 - points[5][0]) * share, y1 - (y1 - points[5][1]) * share
            for side in (-1, 1):
                out.append(
                    leaf((x, y), heading + side * 26, 20, 6.5, mix("#d7bf8c", "#b8955a", random.random()), vein=False)
                )
    elif kind == "blossom":
        for index in range(2, 9):
            x, y = points[index][0] + random.uniform(-13, 13), points[index][1] + random.uniform(-8, 8)
            for petal in range(5):
                turn = petal * 72 + random.uniform(0, 40)
                out.append(
                    ellipse(
                        x + 7 * math.cos(math.radians(turn)),
                        y + 7 * math.sin(math.radians(turn)),
                        7.4,
                        6.2,
                        fill=mix("#f6e3dc", "#e3b5a6", random.random() * 0.6),
                    )
                )
            out.append(ellipse(x, y, 3, 3, fill="#c08a5a"))
    elif kind == "tulip":
        for side in (-1, 1):
            out.append(leaf(points[1], heading + side * 24, 120, 20, "#7f9a66"))
        base = "#cf8a78"
        for dx, tone in ((-9, tint(base, 0.2)), (9, shade(base, 0.12)), (0, base)):
            out.append(
                path(
                    curve(
                        [
                            (x1 - 15 + dx, y1 + 6),
                            (x1 - 16 + dx * 1.2, y1 - 22),
                            (x1 + dx, y1 - 48),
                            (x1 + 16 + dx * 1.2, y1 - 22),
                            (x1 + 15 + dx, y1 + 6),
                            (x1 + dx * 0.4, y1 + 16),
                        ],
                        closed=True,
                    ),
                    fill=tone,
                )
            )
    elif kind == "dried":
        for _ in range(7):
            x, y = x1 + random.uniform(-16, 16), y1 + random.uniform(-14, 26)
            out.append(ellipse(x, y, 6.5, 7.5, fill=mix("#d6b277", "#a9743f", random.random())))
            out.append(ellipse(x - 1.8, y - 2, 2.4, 2.8, fill="#f0dcae", opacity=0.6))
    elif kind == "branch":
        for index in range(3, 9, 2):
            x, y = points[index]
            side = -1 if index % 4 == 1 else 1
            out.append(
                path(
                    curve([(x, y), (x + side * 28, y - 24), (x + side * 50, y - 58)]),
                    fill="none",
                    stroke="#6a5140",
                    stroke_width=2.2,
                    stroke_linecap="round",
                )
            )
            out.append(leaf((x + side * 50, y - 58), heading + side * 40, 30, 14, "#7c8a5f"))
            out.append(leaf((x + side * 28, y - 24), heading + side * 70, 30, 14, "#8b9868"))
        out.append(leaf(points[-1], heading, 36, 16, "#7c8a5f"))
    return out
