"""Cushions: cloth over feathers, its pattern bulging with it."""

from __future__ import annotations

import math

from shop.demo.illustrations.canvas import Point, Sheet, curve, dice, ellipse, group, path
from shop.demo.illustrations.cloth import pair_colours, threads
from shop.demo.illustrations.colour import shade, tint
from shop.demo.illustrations.drawing import Drawing, Params, amount, word
from shop.demo.illustrations.weave import Surface, lay_pattern


def draw_cushion(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """`width`, `height`, `pattern`, `trim` (piping, fringe, tassel, button), colours `second` and `third`."""
    half, tall = amount(params, "width", 240) / 2, amount(params, "height", 240) / 2
    second, third = pair_colours(params, colour)

    def surface(u: float, v: float) -> Point:
        bulge_u, bulge_v = math.sin(u * 1.22) / math.sin(1.22), math.sin(v * 1.22) / math.sin(1.22)
        x = half * bulge_u * (1 - 0.085 * (1 - v * v) * u * u)
        y = tall * bulge_v * (1 - 0.085 * (1 - u * u) * v * v)
        return x, y - tall * 0.985

    edge = [
        surface(*p)
        for p in [
            *[(-1 + i / 8, -1) for i in range(17)],
            *[(1, -1 + i / 8) for i in range(1, 17)],
            *[(1 - i / 8, 1) for i in range(1, 17)],
            *[(-1, 1 - i / 8) for i in range(1, 16)],
        ]
    ]
    outline = curve(edge, closed=True, tension=0.9)
    dark, light = shade(colour, 0.55), "#fffaf0"
    body = path(outline, fill=colour) + lay_pattern(
        word(params, "pattern"), surface, colour, second, third, seed=word(params, "seed")
    )
    body += threads(sheet, outline, colour)
    shine = sheet.radial([(0, light, 0.36), (0.55, light, 0.06), (1, light, 0)], centre=(0.34, 0.30), radius=0.55)
    round_shade = sheet.radial(
        [(0, dark, 0), (0.55, dark, 0.03), (0.82, dark, 0.20), (1, dark, 0.46)], centre=(0.40, 0.36), radius=0.72
    )
    low = sheet.linear([(0, dark, 0.30), (0.22, dark, 0.04), (0.4, dark, 0)], start=(0.6, 1), end=(0.45, 0))
    body += path(outline, fill=round_shade) + path(outline, fill=low) + path(outline, fill=shine)
    creases = ""
    for u, v, bend in (
        (-1, -1, 0.20),
        (1, -1, 0.22),
        (-1, 1, 0.20),
        (1, 1, 0.24),
        (-1, -1, 0.40),
        (1, 1, 0.42),
        (1, -1, 0.40),
    ):
        a, b, c = (
            surface(u * 0.94, v * 0.94),
            surface(u * 0.74, v * (0.86 - bend * 0.4)),
            surface(u * (0.52 + bend * 0.3), v * (0.50 + bend * 0.3)),
        )
        fold, lit = curve([a, b, c]), curve([(x - 3.4, y - 4) for x, y in (a, b, c)])
        for wide, share in ((10.0, 0.04), (7.5, 0.05), (5.0, 0.06), (2.6, 0.06)):
            creases += path(fold, fill="none", stroke=dark, stroke_width=wide, opacity=share, stroke_linecap="round")
            creases += path(
                lit, fill="none", stroke=light, stroke_width=wide * 0.7, opacity=share, stroke_linecap="round"
            )
    body += creases
    art = group(body, clip_path=sheet.clip(outline)) + _trim(
        sheet, edge, outline, colour, second, word(params, "trim"), surface
    )
    return Drawing(art, outline, half * 2, tall * 2, half * 0.84, 0.10)


def _trim(sheet: Sheet, edge: list[Point], outline: str, colour: str, second: str, kind: str, surface: Surface) -> str:
    if kind == "piping":
        return path(outline, fill="none", stroke=second, stroke_width=5) + path(
            outline,
            fill="none",
            stroke=shade(second, 0.25),
            stroke_width=1.2,
            opacity=0.5,
            transform="translate(1.4 1.6)",
        )
    if kind == "fringe":
        random = dice("fringe")
        strands = ""
        for side in (-1, 1):
            for index in range(64):
                x, y = surface(side, -0.985 + index * 0.0313)
                strands += path(
                    f"M{x:.1f} {y:.1f}q{side * 12:.1f} {random.uniform(0, 4):.1f} {side * 20:.1f} {random.uniform(2, 9):.1f}",
                    stroke=shade(second, random.uniform(0, 0.2)),
                    stroke_width=2.6,
                    fill="none",
                    stroke_linecap="round",
                )
        return strands
    if kind == "tassel":
        parts = ""
        for u, v in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
            x, y = surface(u, v)
            for spread in range(-3, 4):
                parts += path(
                    f"M{x:.1f} {y:.1f}l{u * 8 + spread * 2.4:.1f} {24 if v > 0 else 26}",
                    stroke=shade(second, 0.05 * abs(spread)),
                    stroke_width=3.2,
                    stroke_linecap="round",
                )
            parts += ellipse(x + u * 3, y + 4, 6, 5, fill=shade(second, 0.12))
        return parts
    if kind == "button":
        x, y = surface(0, 0)
        return (
            ellipse(x + 2, y + 3, 15, 14, fill=shade(colour, 0.5), opacity=0.35)
            + ellipse(x, y, 12, 11.5, fill=second)
            + ellipse(x - 3, y - 3, 4, 3, fill=tint(second, 0.6), opacity=0.7)
        )
    return path(outline, fill="none", stroke=shade(colour, 0.28), stroke_width=1.6, opacity=0.55)
