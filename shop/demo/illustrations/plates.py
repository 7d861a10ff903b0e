"""Plates from above, and in a pile."""

from __future__ import annotations

import math

from shop.demo.illustrations.canvas import Sheet, curve, dice, ellipse, group, path
from shop.demo.illustrations.colour import hex_of, shade, tint
from shop.demo.illustrations.drawing import Drawing, Params, amount, word
from shop.demo.illustrations.lathe import Turned, ellipse_data
from shop.demo.illustrations.shading import paint_body, paint_rim


def draw_plate(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """A plate from above, its middle at (0, 0): `radius`, `well` (share), `pattern` of the rim, `inside` colour."""
    radius = amount(params, "radius", 260)
    second = hex_of(word(params, "second", "petrol"))
    well = radius * amount(params, "well", 0.68)
    outline = ellipse_data(0, 0, radius, radius)
    rim_tone = hex_of(word(params, "rim")) if params.get("rim") else colour
    inside = hex_of(word(params, "inside")) if params.get("inside") else colour
    lit = sheet.linear([(0, tint(rim_tone, 0.45)), (0.5, rim_tone), (1, shade(rim_tone, 0.14))], end=(0.8, 1))
    art = path(outline, fill=lit) + _rim_pattern(word(params, "pattern"), radius, well, second, word(params, "seed"))
    art += path(outline, fill="none", stroke=tint(rim_tone, 0.7), stroke_width=3, opacity=0.8)
    slope = sheet.linear([(0, shade(inside, 0.22)), (0.5, inside), (1, tint(inside, 0.5))], end=(0.8, 1))
    floor = sheet.linear([(0, tint(inside, 0.04)), (0.5, tint(inside, 0.14)), (1, tint(inside, 0.34))], end=(0.8, 1))
    art += ellipse(0, 0, well, well, fill=slope) + ellipse(2, 2, well * 0.93, well * 0.93, fill=floor)
    if word(params, "pattern") == "speckle":
        random = dice("plate", params.get("seed", ""))
        for _ in range(240):
            turn, far = random.uniform(0, math.tau), radius * math.sqrt(random.random()) * 0.985
            art += ellipse(
                far * math.cos(turn),
                far * math.sin(turn),
                random.uniform(0.9, 2.6),
                random.uniform(0.9, 2.2),
                fill=second,
                opacity=0.7,
            )
    elif word(params, "pattern") == "sprig":
        from shop.demo.illustrations.stems import leaf

        for index in range(7):
            y = well * 0.62 - index * well * 0.2
            for side in (-1, 1):
                art += leaf((0, y), -90 + side * 52, well * (0.42 - index * 0.03), well * 0.13, second, vein=False)
        art += path(f"M0 {well * 0.72:.1f}Q6 0 0 {-well * 0.66:.1f}", stroke=second, stroke_width=4, fill="none")
    elif word(params, "pattern") == "halfdip":
        art += group(
            path(
                f"M{-radius:.1f} {radius * 0.22:.1f}Q0 {radius * 0.02:.1f} {radius:.1f} {radius * 0.3:.1f}V{radius:.1f}H{-radius:.1f}Z",
                fill=second,
                opacity=0.92,
            ),
            ellipse(2, 2, well * 0.93, well * 0.93, fill="#ffffff", opacity=0.08),
            ellipse(0, 0, well, well, fill="none", stroke=shade(second, 0.2), stroke_width=5, opacity=0.5),
            clip_path=sheet.clip(outline),
        )
    glare = curve(
        [(-radius * 0.78, -radius * 0.34), (-radius * 0.62, -radius * 0.62), (-radius * 0.30, -radius * 0.82)]
    )
    art += path(
        glare,
        fill="none",
        stroke="#ffffff",
        stroke_width=round(radius * 0.035, 1),
        opacity=0.42,
        stroke_linecap="round",
    )
    return Drawing(art, outline, radius * 2, radius * 2, radius)


def _rim_pattern(kind: str, radius: float, well: float, second: str, seed: str) -> str:
    middle = (radius + well) / 2
    if kind == "line":
        return ellipse(
            0, 0, radius * 0.965, radius * 0.965, fill="none", stroke=second, stroke_width=round(radius * 0.018, 1)
        ) + ellipse(
            0, 0, radius * 0.925, radius * 0.925, fill="none", stroke=second, stroke_width=round(radius * 0.006, 1)
        )
    if kind == "rim":
        return ellipse(
            0, 0, radius * 0.978, radius * 0.978, fill="none", stroke=second, stroke_width=round(radius * 0.042, 1)
        )
    if kind == "dots":
        return "".join(
            ellipse(
                middle * math.cos(i * math.tau / 36),
                middle * math.sin(i * math.tau / 36),
                radius * 0.022,
                radius * 0.022,
                fill=second,
            )
            for i in range(36)
        )
    if kind == "ticks":
        return "".join(
            path(
                f"M{well * 1.08 * math.cos(a):.1f} {well * 1.08 * math.sin(a):.1f}L{radius * 0.94 * math.cos(a):.1f} {radius * 0.94 * math.sin(a):.1f}",
                stroke=second,
                stroke_width=round(radius * 0.014, 1),
                stroke_linecap="round",
            )
            for a in (i * math.tau / 60 for i in range(60))
        )
    if kind == "scallops":
        return "".join(
            ellipse(
                radius * 0.93 * math.cos(i * math.tau / 28),
                radius * 0.93 * math.sin(i * math.tau / 28),
                radius * 0.085,
                radius * 0.085,
                fill="none",
                stroke=second,
                stroke_width=round(radius * 0.014, 1),
            )
            for i in range(28)
        )
    return ""


def draw_plate_stack(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """Some plates in a pile, seen as they stand on a table."""
    radius = amount(params, "radius", 260) * 0.62
    count = int(amount(params, "count", 4))
    rim_tone = hex_of(word(params, "rim")) if params.get("rim") else colour
    body = Turned(((0, radius * 0.58), (4, radius * 0.62), (13, radius * 0.9), (20, radius)), 0.26)
    parts = ""
    for index in range(count):
        plate = paint_body(sheet, body, rim_tone, gloss=0.4, depth=0.9)
        if index == count - 1:
            plate += paint_rim(sheet, body, colour, wall=5, deep=0.10) + ellipse(
                0,
                -15,
                radius * 0.66,
                radius * 0.165,
                fill=sheet.linear([(0, shade(colour, 0.10)), (1, tint(colour, 0.3))]),
            )
        else:
            plate += body.ring(20, fill=shade(rim_tone, 0.2))
        parts += group(plate, transform=f"translate(0 {-index * 15:.1f})")
    outline = body.outline()
    return Drawing(parts, outline, radius * 2, 20 + 15 * count, radius * 0.62, 0.26)
