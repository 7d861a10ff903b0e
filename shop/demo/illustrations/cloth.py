"""Soft things: hanging and folded throws and towels, rugs, table linen."""

from __future__ import annotations

import math

from shop.demo.illustrations.canvas import Point, Sheet, dice, ellipse, group, number, path, polygon, rect, rounded
from shop.demo.illustrations.colour import hex_of, shade, tint
from shop.demo.illustrations.drawing import Drawing, Params, amount, word
from shop.demo.illustrations.weave import Surface, lay_pattern


def pair_colours(params: Params, colour: str) -> tuple[str, str]:
    """The second and third colour of a pattern on cloth of that colour."""
    second = hex_of(word(params, "second", "chalk"))
    return second, hex_of(word(params, "third")) if params.get("third") else shade(second, 0.18)


def threads(sheet: Sheet, outline: str, colour: str, *, step: float = 6.0) -> str:
    """The fine weave that tells cloth from paper; left out where it would be too small to see."""
    if sheet.fineness < 2:
        return ""
    tile = (
        f'<pattern id="{{id}}" width="{number(step)}" height="{number(step)}" patternUnits="userSpaceOnUse">'
        f"{rect(0, 0, step, 1.2, fill=shade(colour, 0.3), opacity=0.15)}"
        f"{rect(0, 0, 1.2, step, fill=tint(colour, 0.6), opacity=0.18)}</pattern>"
    )
    return path(outline, fill=f"url(#{sheet.define(tile)})")


def draw_hanging(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """A throw or towel over a wooden rail: `width`, `height`, `pattern`, `fringe` (yes), `loop` (towel on a peg)."""
    half, tall = amount(params, "width", 250) / 2, amount(params, "height", 380)
    second, third = pair_colours(params, colour)
    folds = amount(params, "folds", 2.5)

    def surface(u: float, v: float) -> Point:
        share = (v + 1) / 2
        sway = math.sin(u * math.pi * folds) * 6 * share
        return u * half * (1 - 0.05 * share) + sway, -tall * (1 - share) + math.cos(u * math.pi * folds) * 7 * share

    edge = [
        surface(*p)
        for p in [
            *[(-1 + i / 16, -1) for i in range(33)],
            *[(1, -1 + i / 8) for i in range(1, 17)],
            *[(1 - i / 16, 1) for i in range(1, 33)],
            *[(-1, 1 - i / 8) for i in range(1, 16)],
        ]
    ]
    outline = polygon(edge)
    body = path(outline, fill=colour) + lay_pattern(
        word(params, "pattern"), surface, colour, second, third, seed=word(params, "seed")
    )
    body += threads(sheet, outline, colour, step=6.5)
    dark = shade(colour, 0.55)
    stops: list[tuple[float, str, float]] = []
    count = 24
    for index in range(count + 1):
        u = index / count * 2 - 1
        wave = math.cos(u * math.pi * folds + 0.9)
        stops.append(
            (index / count, "#fffaf0" if wave > 0 else dark, round(abs(wave) * (0.20 if wave > 0 else 0.30), 3))
        )
    body += path(outline, fill=sheet.linear(stops))
    body += path(
        outline,
        fill=sheet.linear(
            [(0, dark, 0.34), (0.035, "#fffaf0", 0.34), (0.10, dark, 0.0), (0.8, dark, 0.04), (1, dark, 0.2)],
            end=(0, 1),
        ),
    )
    body += path(outline, fill=sheet.linear([(0, dark, 0), (0.75, dark, 0), (1, dark, 0.22)]))
    art = group(body, clip_path=sheet.clip(outline))
    if params.get("fringe", "yes") == "yes":
        art += _fringe(surface, second if params.get("fringe_second") else tint(colour, 0.12))
    rail = ""
    if params.get("rail", "yes") == "yes":
        wood = hex_of(word(params, "wood", "oak"))
        pole = sheet.linear([(0, tint(wood, 0.45)), (0.4, wood), (1, shade(wood, 0.35))], end=(0, 1))
        rail = path(rounded(-half - 70, -tall - 8, half * 2 + 140, 17, 8), fill=pole)
        for x in (-half - 46, half + 46):
            rail += (
                rect(x - 5, -tall - 46, 10, 42, fill=sheet.linear([(0, tint(wood, 0.3)), (1, shade(wood, 0.3))]))
                + ellipse(x, -tall - 48, 15, 15, fill=shade(wood, 0.1))
                + ellipse(x - 3, -tall - 51, 9, 9, fill=tint(wood, 0.25))
            )
        art = rail + group(art, transform="translate(0 -8)")
    return Drawing(art, outline, half * 2 + 140, tall + 60, half, 0.02)


def _fringe(surface: Surface, colour: str) -> str:
    random = dice("throw fringe")
    parts = ""
    for index in range(44):
        u = -0.985 + index * 0.0458
        x, y = surface(u, 0.995)
        for strand in (-2.4, 0, 2.4):
            parts += path(
                f"M{x:.1f} {y:.1f}l{strand * 0.5:.1f} 8q{random.uniform(-2, 2):.1f} 10 {strand + random.uniform(-2, 2):.1f} {random.uniform(17, 23):.1f}",
                stroke=shade(colour, random.uniform(0.02, 0.24)),
                stroke_width=2.1,
                fill="none",
                stroke_linecap="round",
            )
        parts += ellipse(x + 0.4, y + 7, 3.4, 3.0, fill=shade(colour, 0.2))
    return parts


def draw_folded(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """A folded stack seen from the front: `layers`, `width`, `thick`; `stack` lists more colours, bottom to top."""
    half, thick = amount(params, "width", 260) / 2, amount(params, "thick", 26)
    layers = int(amount(params, "layers", 4))
    second, third = pair_colours(params, colour)
    extra = [hex_of(name) for name in word(params, "stack").split("|") if name]
    pieces = [*extra, colour] if extra else [colour]
    art, outline, y = "", "", 0.0
    for order, tone in enumerate(pieces):
        wide = half * (1 - 0.02 * order)
        for layer in range(layers):
            top = y - thick
            data = f"M{-wide + thick / 2:.1f} {top:.1f}H{wide - 4:.1f}Q{wide + 2:.1f} {(y + top) / 2:.1f} {wide - 4:.1f} {y:.1f}H{-wide + thick / 2:.1f}A{thick / 2:.1f} {thick / 2:.1f} 0 0 1 {-wide + thick / 2:.1f} {top:.1f}Z"
            fill = sheet.linear([(0, tint(tone, 0.20)), (0.45, tone), (1, shade(tone, 0.26))], end=(0, 1))
            side = sheet.linear(
                [
                    (0, shade(tone, 0.5), 0.28),
                    (0.06, shade(tone, 0.5), 0),
                    (0.7, shade(tone, 0.5), 0),
                    (1, shade(tone, 0.5), 0.30),
                ]
            )
            mark = ""
            if params.get("pattern") and order == len(pieces) - 1:

                def strip(u: float, v: float, low: float = y, wide: float = wide, layer: int = layer) -> Point:
                    return u * wide, low - thick / 2 + (v * 2.2 + (layer % 2) * 0.6) * thick / 2

                mark = group(
                    lay_pattern(word(params, "pattern"), strip, tone, second, third), clip_path=sheet.clip(data)
                )
            elif params.get("edge") and layer == layers // 2:
                mark = group(
                    rect(wide * 0.36, top, wide * 0.08, thick, fill=second)
                    + rect(wide * 0.50, top, wide * 0.03, thick, fill=second),
                    clip_path=sheet.clip(data),
                )
            art += (
                path(data, fill=fill)
                + mark
                + path(data, fill=side)
                + path(
                    f"M{-wide + 6:.1f} {y:.1f}H{wide - 4:.1f}", stroke=shade(tone, 0.55), stroke_width=1.8, opacity=0.5
                )
            )
            outline += data
            y = top + 1.5
    if params.get("tie"):
        cord = hex_of(word(params, "tie"))
        art += rect(-16, y + 1, 9, -y - 1, fill=cord) + rect(-16, y + 1, 3, -y - 1, fill=tint(cord, 0.4), opacity=0.6)
    return Drawing(art, outline, half * 2, -y, half * 0.97, 0.06)


def draw_rug(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """A rug or cloth lying flat, from above, its middle at (0, 0): `width`, `height`, `pattern`, `fringe`, `round`."""
    half, tall = amount(params, "width", 420) / 2, amount(params, "height", 600) / 2
    second, third = pair_colours(params, colour)

    def surface(u: float, v: float) -> Point:
        return u * half, v * tall

    circle = params.get("round") == "yes"
    outline = (
        f"M{-half:.1f} 0A{half:.1f} {half:.1f} 0 1 1 {half:.1f} 0A{half:.1f} {half:.1f} 0 1 1 {-half:.1f} 0Z"
        if circle
        else rounded(-half, -tall, half * 2, tall * 2, amount(params, "corner", 5))
    )
    body = path(outline, fill=colour)
    if circle:
        for index in range(int(half / 8)):
            tone = (colour, shade(colour, 0.08), tint(colour, 0.12))[index % 3]
            if word(params, "pattern") == "rings" and index in (2, 3, 8, 9, 10, 16):
                tone = second
            body += ellipse(0, 0, half - index * 8, half - index * 8, fill=tone)
    else:
        body += lay_pattern(word(params, "pattern"), surface, colour, second, third, seed=word(params, "seed"))
    body += threads(sheet, outline, colour, step=amount(params, "thread", 6.5))
    body += path(
        outline,
        fill=sheet.linear([(0, "#fffaf0", 0.22), (0.5, "#fffaf0", 0), (1, shade(colour, 0.5), 0.16)], end=(0.8, 1)),
    )
    art = group(body, clip_path=sheet.clip(outline))
    art += path(outline, fill="none", stroke=shade(colour, 0.25), stroke_width=2, opacity=0.45)
    if params.get("fringe") == "yes":
        strands = dice("rug fringe")
        lines: dict[bool, str] = {True: "", False: ""}
        for index in range(int(half * 2 / 6)):
            x = -half + 3 + index * 6
            for side in (-1, 1):
                lines[index % 2 == 0] += (
                    f"M{x:.1f} {side * tall:.1f}q{strands.uniform(-2, 2):.1f} {side * 10} {strands.uniform(-3, 3):.1f} {side * strands.uniform(17, 23):.1f}"
                )
        edge = tint(second if params.get("fringe_second") else hex_of("oat"), 0.2)
        art = (
            path(lines[True], stroke=edge, stroke_width=2.6, fill="none")
            + path(lines[False], stroke=shade(edge, 0.12), stroke_width=2.6, fill="none")
            + art
        )
    if params.get("crease") == "yes":
        for x in (0.0,):
            art += path(
                f"M{x:.1f} {-tall:.1f}V{tall:.1f}", stroke=shade(colour, 0.4), stroke_width=2, opacity=0.25
            ) + path(f"M{x - 2.4:.1f} {-tall:.1f}V{tall:.1f}", stroke="#ffffff", stroke_width=2, opacity=0.3)
        art += path(f"M{-half:.1f} 0H{half:.1f}", stroke=shade(colour, 0.4), stroke_width=2, opacity=0.2) + path(
            f"M{-half:.1f} -2.4H{half:.1f}", stroke="#ffffff", stroke_width=2, opacity=0.25
        )
    return Drawing(art, outline, half * 2, tall * 2, half)
