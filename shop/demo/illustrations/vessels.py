"""Thrown and glazed things: mugs, cups, bowls, vases, storage jars."""

from __future__ import annotations

from shop.demo.illustrations.canvas import Sheet, curve, ellipse, group, path
from shop.demo.illustrations.colour import hex_of, shade, tint
from shop.demo.illustrations.drawing import Drawing, Params, amount, word
from shop.demo.illustrations.lathe import Turned, thick_curve
from shop.demo.illustrations.pattern import decorate
from shop.demo.illustrations.shading import fill_level, paint_body, paint_rim

MUG_PROFILES = {
    "straight": ((0, 0.90), (0.06, 0.97), (0.16, 1.0), (1, 1.0)),
    "barrel": ((0, 0.72), (0.12, 0.90), (0.45, 1.04), (0.8, 1.0), (1, 0.94)),
    "tulip": ((0, 0.62), (0.1, 0.78), (0.35, 0.96), (0.6, 0.93), (0.85, 0.95), (1, 1.02)),
    "cone": ((0, 0.70), (0.08, 0.76), (1, 1.04)),
    "belly": ((0, 0.70), (0.15, 0.98), (0.38, 1.10), (0.62, 1.0), (0.8, 0.90), (1, 0.92)),
    "camp": ((0, 0.96), (0.03, 1.0), (0.96, 1.0), (1, 1.05)),
}


def turned(
    profile: tuple[tuple[float, float], ...], *, radius: float, height: float, tilt: float = 0.17, smooth: bool = True
) -> Turned:
    """A body from a profile in shares of its height and radius."""
    return Turned(tuple((h * height, r * radius) for h, r in profile), tilt, smooth)


def glaze(
    sheet: Sheet, body: Turned, colour: str, params: Params, *, low: float = 0.0, high: float = 1.0, gloss: float = 0.55
) -> str:
    """Body with the pattern, second colour and gloss its parameters ask for."""
    second = hex_of(word(params, "second", "chalk"))
    marks = decorate(body, word(params, "pattern"), colour, second, seed=word(params, "seed"), low=low, high=high)
    return paint_body(sheet, body, colour, decoration=marks, gloss=amount(params, "gloss", gloss))


def draw_mug(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """`profile`, `height`, `radius`, `handle` (ear, ring, square, none), `fill` (a drink's colour)."""
    radius, height = amount(params, "radius", 62), amount(params, "height", 128)
    body = turned(MUG_PROFILES[word(params, "profile", "straight")], radius=radius, height=height)
    handle, handle_outline = _handle(sheet, body, colour, word(params, "handle", "ear"))
    inside = hex_of(word(params, "inside", "")) if params.get("inside") else tint(colour, 0.25)
    art = (
        handle + glaze(sheet, body, colour, params) + paint_rim(sheet, body, colour, wall=radius * 0.075, inside=inside)
    )
    if params.get("fill"):
        art += fill_level(sheet, body, height * 0.86, hex_of(word(params, "fill")), wall=radius * 0.075)
    reach = radius * (1.5 if handle else 1.0)
    return Drawing(art, body.outline() + handle_outline, radius + reach, height, body.profile[0][1])


def _handle(sheet: Sheet, body: Turned, colour: str, shape: str) -> tuple[str, str]:
    height, radius = body.height, body.widest
    top, low = body.radius(height * 0.78), body.radius(height * 0.26)
    if shape == "none":
        return "", ""
    if shape == "ring":
        points = [
            (top - 8, -height * 0.72),
            (top + radius * 0.34, -height * 0.76),
            (top + radius * 0.50, -height * 0.58),
            (top + radius * 0.34, -height * 0.40),
            (body.radius(height * 0.42) - 8, -height * 0.44),
        ]
        widths = [17.0, 15.0, 14.0, 14.0, 15.0]
    elif shape == "square":
        points = [
            (top - 8, -height * 0.80),
            (top + radius * 0.42, -height * 0.81),
            (top + radius * 0.56, -height * 0.72),
            (top + radius * 0.56, -height * 0.36),
            (top + radius * 0.42, -height * 0.27),
            (low - 8, -height * 0.28),
        ]
        widths = [15.0]
    else:
        points = [
            (top - 9, -height * 0.79),
            (top + radius * 0.38, -height * 0.84),
            (top + radius * 0.62, -height * 0.62),
            (top + radius * 0.44, -height * 0.36),
            (low - 9, -height * 0.23),
        ]
        widths = [20.0, 16.0, 14.0, 13.0, 16.0]
    data = thick_curve(points, widths)
    fill = sheet.linear(
        [(0, shade(colour, 0.16)), (0.45, colour), (0.7, tint(colour, 0.2)), (1, shade(colour, 0.26))], end=(1, 0.35)
    )
    lit = curve([(x - 1, y - widths[min(i, len(widths) - 1)] * 0.26) for i, (x, y) in enumerate(points[:3])])
    return path(data, fill=fill) + path(
        lit, fill="none", stroke=tint(colour, 0.75), stroke_width=2.6, opacity=0.6, stroke_linecap="round"
    ), data


BOWL_PROFILES = {
    "round": ((0, 0.42), (0.05, 0.44), (0.09, 0.50), (0.35, 0.84), (0.7, 0.98), (1, 1.0)),
    "open": ((0, 0.36), (0.08, 0.38), (0.3, 0.62), (0.65, 0.85), (1, 1.04)),
    "deep": ((0, 0.50), (0.06, 0.55), (0.3, 0.88), (0.6, 0.99), (1, 0.98)),
    "pedestal": ((0, 0.42), (0.06, 0.40), (0.2, 0.24), (0.34, 0.30), (0.5, 0.66), (0.75, 0.93), (1, 1.03)),
    "straight": ((0, 0.80), (0.1, 0.92), (0.25, 0.98), (1, 1.02)),
    "lobed": ((0, 0.40), (0.1, 0.48), (0.45, 0.86), (0.75, 0.92), (1, 1.06)),
}


def draw_bowl(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """`profile`, `height`, `radius`, `content` (fruit, none)."""
    radius, height = amount(params, "radius", 110), amount(params, "height", 92)
    body = turned(BOWL_PROFILES[word(params, "profile", "round")], radius=radius, height=height, tilt=0.22)
    inside = hex_of(word(params, "inside", "")) if params.get("inside") else tint(colour, 0.18)
    art = glaze(sheet, body, colour, params, low=0.12) + paint_rim(
        sheet, body, colour, wall=radius * 0.045, inside=inside, deep=0.36
    )
    fruit = _fruit(sheet, body, word(params, "content"))
    if fruit:
        wide, tall = radius * 0.95 * body.rim / radius, radius * 0.95 * body.tilt
        mouth = sheet.clip(
            f"M-900 -900H900V{-height:.2f}H{wide:.2f}A{wide:.2f} {tall:.2f} 0 0 1 {-wide:.2f} {-height:.2f}H-900Z"
        )
        art += group(fruit, clip_path=mouth)
    return Drawing(art, body.outline(), radius * 2, height, body.profile[0][1], 0.22)


def _fruit(sheet: Sheet, body: Turned, kind: str) -> str:
    colours = {
        "lemons": ("#e3bd4f", "#d9ae3e"),
        "pears": ("#b7b560", "#a9a04f"),
        "figs": ("#6c4459", "#593a52"),
        "apples": ("#b3564a", "#9f4a3f"),
    }
    if kind not in colours:
        return ""
    radius = body.rim * 0.34
    parts = []
    for index, (x, lift) in enumerate(((-0.44, 0.02), (0.46, 0.0), (-0.02, 0.30), (0.06, -0.16))):
        base = colours[kind][index % 2]
        ball = sheet.radial(
            [(0, tint(base, 0.55)), (0.35, tint(base, 0.12)), (0.75, base), (1, shade(base, 0.3))],
            centre=(0.34, 0.28),
            radius=0.8,
        )
        cx, cy = x * body.rim, -body.height - lift * radius * 1.6
        parts.append(ellipse(cx, cy, radius, radius * 0.92, fill=ball))
        parts.append(
            path(
                f"M{cx:.1f} {cy - radius * 0.84:.1f}q2 -8 8 -13",
                stroke="#6b5236",
                stroke_width=3,
                fill="none",
                stroke_linecap="round",
            )
        )
    return "".join(parts)


VASE_PROFILES = {
    "bottle": ((0, 0.66), (0.05, 0.74), (0.28, 1.0), (0.5, 0.86), (0.66, 0.40), (0.78, 0.27), (0.94, 0.27), (1, 0.34)),
    "amphora": ((0, 0.42), (0.04, 0.46), (0.3, 0.78), (0.58, 1.0), (0.76, 0.78), (0.86, 0.46), (0.95, 0.46), (1, 0.54)),
    "cylinder": ((0, 0.94), (0.04, 1.0), (0.96, 1.0), (1, 0.97)),
    "teardrop": ((0, 0.60), (0.08, 0.80), (0.3, 1.0), (0.55, 0.78), (0.8, 0.40), (1, 0.30)),
    "moon": ((0, 0.44), (0.06, 0.56), (0.24, 0.90), (0.46, 1.0), (0.68, 0.88), (0.84, 0.54), (0.9, 0.36), (1, 0.38)),
    "trumpet": ((0, 0.62), (0.04, 0.60), (0.3, 0.42), (0.6, 0.50), (0.85, 0.78), (1, 1.0)),
    "gourd": (
        (0, 0.60),
        (0.06, 0.74),
        (0.26, 1.0),
        (0.48, 0.72),
        (0.6, 0.54),
        (0.74, 0.66),
        (0.86, 0.52),
        (0.94, 0.34),
        (1, 0.36),
    ),
    "bud": ((0, 0.80), (0.06, 0.94), (0.26, 1.0), (0.46, 0.72), (0.6, 0.34), (0.7, 0.26), (1, 0.30)),
}


def draw_vase(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """`profile`, `height`, `radius`, `stems` (see `stems.draw_stems`)."""
    from shop.demo.illustrations.stems import draw_stems

    radius, height = amount(params, "radius", 70), amount(params, "height", 240)
    body = turned(VASE_PROFILES[word(params, "profile", "bottle")], radius=radius, height=height)
    stems, tall = draw_stems(sheet, word(params, "stems"), mouth=-height, spread=body.rim, seed=word(params, "seed"))
    rim = paint_rim(sheet, body, colour, wall=max(3.0, radius * 0.05), deep=0.55)
    art = glaze(sheet, body, colour, params, gloss=0.45) + rim + stems
    return Drawing(art, body.outline(), radius * 2, height + tall, body.profile[0][1])


def draw_jar(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """A storage jar: `lid` (wood, cork, clay, clip), `material` clay or glass, `content` colour for glass."""
    radius, height = amount(params, "radius", 70), amount(params, "height", 150)
    profiles = {
        "straight": ((0, 0.94), (0.05, 1.0), (0.88, 1.0), (0.97, 0.94), (1, 0.92)),
        "shoulder": ((0, 0.86), (0.06, 0.96), (0.5, 1.0), (0.78, 0.92), (0.92, 0.72), (1, 0.70)),
        "round": ((0, 0.66), (0.1, 0.86), (0.4, 1.04), (0.75, 0.94), (0.94, 0.70), (1, 0.68)),
    }
    body = turned(profiles[word(params, "profile", "straight")], radius=radius, height=height)
    if word(params, "material") == "glass":
        art = _glass(
            sheet,
            body,
            colour,
            hex_of(word(params, "content", "oat")),
            amount(params, "level", 0.7),
            word(params, "seed"),
        )
    else:
        art = glaze(sheet, body, colour, params, low=0.06, high=0.9, gloss=0.4)
    lid = Turned(((0, body.rim + 3), (3, body.rim + 5), (15, body.rim + 5), (18, body.rim + 2)), body.tilt)
    kind = word(params, "lid", "wood")
    cap_colour = {"wood": hex_of("oak"), "cork": "#c79a68", "walnut": hex_of("walnut"), "steel": hex_of("steel")}.get(
        kind, colour
    )
    top = paint_body(sheet, lid, cap_colour, gloss=0.2) + lid.ring(
        lid.height, fill=sheet.linear([(0, tint(cap_colour, 0.45)), (1, cap_colour)])
    )
    if kind in ("wood", "walnut"):
        for inset in (0.35, 0.62, 0.85):
            top += lid.ring(
                lid.height,
                inset=lid.rim * inset,
                fill="none",
                stroke=shade(cap_colour, 0.22),
                stroke_width=1.2,
                opacity=0.4,
            )
    knob = Turned(((0, 9), (5, 8), (13, 14), (20, 15), (26, 9), (28, 3)), 0.2)
    if params.get("knob", "yes") != "no":
        top += group(paint_body(sheet, knob, cap_colour, gloss=0.3), transform=f"translate(0 {-lid.height + 1:.1f})")
    shadow = path(body.band(height * 0.93, height), fill=shade(colour, 0.6), opacity=0.25)
    art += group(shadow, clip_path=sheet.clip(body.outline())) + group(top, transform=f"translate(0 {-height:.2f})")
    return Drawing(art, body.outline(), radius * 2, height + 40, body.profile[0][1])


def _glass(sheet: Sheet, body: Turned, colour: str, content: str, level: float, seed: str) -> str:
    from shop.demo.illustrations.canvas import dice

    outline = body.outline()
    top = body.height * level
    random = dice("grain", seed, content)
    grains = []
    for _ in range(260):
        angle, height = random.uniform(-86, 86), random.uniform(2, top)
        x, y = body.point(angle, height, lift=-3)
        grains.append(
            ellipse(
                x,
                y,
                random.uniform(2, 3.6),
                random.uniform(1.6, 2.6),
                fill=random.choice((shade(content, 0.12), tint(content, 0.3), shade(content, 0.24))),
            )
        )
    filled = group(
        path(body.band(0, top), fill=content),
        path(body.outline(), fill="none"),
        *grains,
        ellipse(0, -top, body.radius(top), body.radius(top) * body.tilt, fill=tint(content, 0.25)),
        clip_path=sheet.clip(outline),
    )
    sheen = sheet.linear(
        [
            (0, "#ffffff", 0.65),
            (0.1, "#ffffff", 0.12),
            (0.5, "#ffffff", 0.05),
            (0.86, shade(colour, 0.3), 0.16),
            (0.95, "#ffffff", 0.4),
            (1, shade(colour, 0.5), 0.3),
        ]
    )
    lights = path(body.strip(-58, -48, body.height * 0.08, body.height * 0.84), fill="#ffffff", opacity=0.5)
    lights += path(body.strip(-44, -41, body.height * 0.14, body.height * 0.8), fill="#ffffff", opacity=0.35)
    return (
        path(outline, fill=tint(colour, 0.4), opacity=0.55)
        + filled
        + path(outline, fill=sheen)
        + group(lights, clip_path=sheet.clip(outline))
        + path(outline, fill="none", stroke=shade(colour, 0.35), stroke_width=1.4, opacity=0.45)
    )
