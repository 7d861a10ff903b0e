"""Wall clocks."""

from __future__ import annotations

import math

from shop.demo.illustrations.canvas import Sheet, ellipse, group, path, polygon, rounded
from shop.demo.illustrations.colour import hex_of, shade, tint
from shop.demo.illustrations.drawing import Drawing, Params, amount, word
from shop.demo.illustrations.lathe import ellipse_data


def draw_clock(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """A wall clock, its middle at (0, 0): `radius`, `frame` colour, `marks` (bars, dots, quarter, none), `hands` colour."""
    radius = amount(params, "radius", 210)
    frame = hex_of(word(params, "frame")) if params.get("frame") else shade(colour, 0.2)
    mark = hex_of(word(params, "mark", "charcoal"))
    second = hex_of(word(params, "second", "terracotta"))
    square = params.get("form") == "square"
    outline = (
        rounded(-radius, -radius, radius * 2, radius * 2, radius * 0.26)
        if square
        else ellipse_data(0, 0, radius, radius)
    )
    rim = sheet.linear([(0, tint(frame, 0.5)), (0.5, frame), (1, shade(frame, 0.32))], end=(0.8, 1))
    inner = radius * amount(params, "inner", 0.92)
    face = sheet.linear([(0, tint(colour, 0.36)), (0.5, colour), (1, shade(colour, 0.07))], end=(0.8, 1))
    dish = sheet.linear([(0, shade(colour, 0.34)), (0.5, shade(colour, 0.06)), (1, tint(colour, 0.4))], end=(0.8, 1))
    art = path(outline, fill=rim)
    if params.get("form") == "sun":
        rays = "".join(
            path(
                polygon(
                    [
                        (radius * 0.86 * math.cos(a - 0.08), radius * 0.86 * math.sin(a - 0.08)),
                        (
                            radius * (1.34 if i % 2 else 1.18) * math.cos(a),
                            radius * (1.34 if i % 2 else 1.18) * math.sin(a),
                        ),
                        (radius * 0.86 * math.cos(a + 0.08), radius * 0.86 * math.sin(a + 0.08)),
                    ]
                ),
                fill=rim,
            )
            for i, a in enumerate(k * math.tau / 24 for k in range(24))
        )
        art = rays + art
    inset = radius - inner
    shape = (
        rounded(-inner, -inner, inner * 2, inner * 2, radius * 0.26 - inset)
        if square
        else ellipse_data(0, 0, inner, inner)
    )
    art += path(shape, fill=dish) + group(path(shape, fill=face), transform="translate(1.5 2) scale(0.985)")
    kind = word(params, "marks", "bars")
    for hour in range(12):
        angle = math.radians(hour * 30 - 90)
        c, s = math.cos(angle), math.sin(angle)
        if kind == "bars" or (kind == "quarter" and hour % 3 == 0):
            near = 0.74 if hour % 3 == 0 else 0.80
            art += path(
                f"M{inner * near * c:.1f} {inner * near * s:.1f}L{inner * 0.89 * c:.1f} {inner * 0.89 * s:.1f}",
                stroke=mark,
                stroke_width=round(radius * (0.03 if hour % 3 == 0 else 0.017), 1),
                stroke_linecap="round",
            )
        elif kind == "dots" or kind == "quarter":
            size = radius * (0.03 if hour % 3 == 0 and kind == "dots" else 0.016)
            art += ellipse(inner * 0.83 * c, inner * 0.83 * s, size, size, fill=mark)
    hands = ""
    for degrees, length, wide, tone in ((304, 0.46, 0.038, mark), (54, 0.70, 0.026, mark), (168, 0.74, 0.011, second)):
        a = math.radians(degrees - 90)
        hands += path(
            f"M{-inner * 0.12 * math.cos(a):.1f} {-inner * 0.12 * math.sin(a):.1f}L{inner * length * math.cos(a):.1f} {inner * length * math.sin(a):.1f}",
            stroke=tone,
            stroke_width=round(radius * wide, 1),
            stroke_linecap="round",
        )
    shadow = group(hands.replace(mark, "#000000").replace(second, "#000000"), transform="translate(4 6)", opacity=0.16)
    art += (
        shadow
        + hands
        + ellipse(0, 0, radius * 0.04, radius * 0.04, fill=mark)
        + ellipse(-1, -1, radius * 0.016, radius * 0.016, fill=second)
    )
    return Drawing(art, outline, radius * 2, radius * 2, radius)
