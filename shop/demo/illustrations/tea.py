"""Teapots, tea tins and the bamboo whisk."""

from __future__ import annotations

from shop.demo.illustrations.canvas import Sheet, curve, dice, ellipse, group, path, polygon
from shop.demo.illustrations.colour import hex_of, mix, shade, tint
from shop.demo.illustrations.drawing import Drawing, Params, amount, word
from shop.demo.illustrations.lathe import Turned, thick_curve
from shop.demo.illustrations.shading import paint_body
from shop.demo.illustrations.vessels import glaze, turned

POT_PROFILES = {
    "round": ((0, 0.56), (0.06, 0.66), (0.25, 0.92), (0.5, 1.0), (0.75, 0.88), (0.93, 0.54), (1, 0.44)),
    "low": ((0, 0.66), (0.08, 0.78), (0.3, 0.98), (0.5, 1.0), (0.75, 0.82), (0.95, 0.46), (1, 0.40)),
    "tall": ((0, 0.86), (0.06, 0.94), (0.3, 1.0), (0.7, 0.84), (0.94, 0.60), (1, 0.56)),
    "cone": ((0, 0.98), (0.06, 1.0), (0.5, 0.80), (0.92, 0.52), (1, 0.48)),
    "iron": ((0, 0.70), (0.1, 0.86), (0.34, 1.0), (0.56, 1.0), (0.8, 0.80), (0.96, 0.52), (1, 0.50)),
}


def draw_teapot(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """`profile`, `radius`, `height`, `handle` (side, hoop, cane), `lid` colour."""
    radius, height = amount(params, "radius", 98), amount(params, "height", 138)
    shape = word(params, "profile", "round")
    body = turned(POT_PROFILES[shape], radius=radius, height=height)
    gloss = amount(params, "gloss", 0.55)
    spout_low, spout_mid = body.radius(height * 0.34), body.radius(height * 0.6)
    points = [
        (-spout_low + 22, -height * 0.30),
        (-spout_mid - radius * 0.26, -height * 0.46),
        (-spout_mid - radius * 0.46, -height * 0.80),
        (-spout_mid - radius * 0.66, -height * 0.98),
    ]
    spout = thick_curve(points, [radius * 0.46, radius * 0.34, radius * 0.21, radius * 0.17])
    tube = sheet.linear([(0, tint(colour, 0.35)), (0.4, colour), (1, shade(colour, 0.3))], start=(0, 0), end=(0.7, 1))
    tip = points[-1]
    spout_art = path(spout, fill=tube) + ellipse(
        tip[0], tip[1] + 1, radius * 0.10, radius * 0.045, fill=shade(colour, 0.45)
    )
    handle, handle_outline = _pot_handle(sheet, body, colour, word(params, "handle", "side"))
    front = word(params, "handle", "side") == "hoop"
    lid_colour = hex_of(word(params, "lid")) if params.get("lid") else colour
    rim = body.rim
    lid = Turned(
        ((0, rim + 2), (2.5, rim + 3), (rim * 0.26, rim * 0.72), (rim * 0.36, rim * 0.3), (rim * 0.38, 8)), body.tilt
    )
    knob = Turned(((0, 7), (4, 6), (11, 12), (17, 12), (22, 7), (23, 2)), 0.2)
    seam = group(
        path(body.band(height * 0.955, height), fill=shade(colour, 0.6), opacity=0.3),
        clip_path=sheet.clip(body.outline()),
    )
    top = paint_body(sheet, lid, lid_colour, gloss=gloss * 0.6) + group(
        paint_body(sheet, knob, lid_colour, gloss=gloss), transform=f"translate(0 {-lid.height + 2:.1f})"
    )
    art = spout_art + ("" if front else handle) + glaze(sheet, body, colour, params, low=0.08, high=0.9) + seam
    art += group(top, transform=f"translate(0 {-height:.2f})") + (handle if front else "")
    tall = height + lid.height + 24 + (radius * 0.75 if front else 0)
    return Drawing(art, body.outline() + spout + handle_outline, radius * 3.2, tall, body.profile[0][1])


def _pot_handle(sheet: Sheet, body: Turned, colour: str, kind: str) -> tuple[str, str]:
    height, radius = body.height, body.widest
    if kind == "hoop":
        side = body.radius(height * 0.86)
        points = [
            (-side + 2, -height * 0.90),
            (-side * 1.04, -height * 1.28),
            (-side * 0.6, -height * 1.66),
            (0, -height * 1.78),
            (side * 0.6, -height * 1.66),
            (side * 1.04, -height * 1.28),
            (side - 2, -height * 0.90),
        ]
        data = thick_curve(points, [8, 9, 11, 12, 11, 9, 8])
        wood = hex_of("willow")
        fill = sheet.linear([(0, tint(wood, 0.35)), (0.5, wood), (1, shade(wood, 0.3))])
        wraps = "".join(
            path(
                f"M{-side * 0.62 + i * side * 0.155:.1f} {-height * 1.66 - (height * 0.13 * (1 - ((i - 4) / 4) ** 2)):.1f}l3 12",
                stroke=shade(wood, 0.3),
                stroke_width=1.6,
                opacity=0.6,
            )
            for i in range(9)
        )
        return path(data, fill=fill) + wraps, data
    top, low = body.radius(height * 0.78), body.radius(height * 0.24)
    points = [
        (top - 10, -height * 0.80),
        (top + radius * 0.36, -height * 0.92),
        (top + radius * 0.60, -height * 0.66),
        (top + radius * 0.44, -height * 0.32),
        (low - 12, -height * 0.22),
    ]
    data = thick_curve(points, [20, 16, 15, 13, 15])
    tone = hex_of("willow") if kind == "cane" else colour
    fill = sheet.linear(
        [(0, shade(tone, 0.14)), (0.5, tone), (0.72, tint(tone, 0.25)), (1, shade(tone, 0.26))], end=(1, 0.35)
    )
    return path(data, fill=fill), data


def draw_tin(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """A tea tin with a paper label: `label` colour, `motif` (sun, leaf, moon, waves, hills, dots), `height`, `radius`."""
    radius, height = amount(params, "radius", 66), amount(params, "height", 150)
    body = Turned(((0, radius * 0.97), (3, radius), (height - 3, radius), (height, radius * 0.99)), 0.17, smooth=False)
    label = hex_of(word(params, "label", "chalk"))
    accent = hex_of(word(params, "accent", "terracotta"))
    paper = path(body.band(height * 0.12, height * 0.72), fill=label)
    paper += path(body.band(height * 0.675, height * 0.69), fill=accent) + path(
        body.band(height * 0.145, height * 0.16), fill=accent
    )
    paper += tin_motif(body, word(params, "motif", "sun"), accent, label, low=height * 0.20, high=height * 0.64)
    art = paint_body(sheet, body, colour, decoration=paper, gloss=0.5)
    lid = Turned(((0, radius + 1.5), (height * 0.20, radius + 1.5), (height * 0.215, radius - 1)), 0.17, smooth=False)
    cap = hex_of(word(params, "cap", "")) if params.get("cap") else shade(colour, 0.04)
    line = path(lid.band(lid.height * 0.10, lid.height * 0.16), fill=shade(cap, 0.4), opacity=0.5)
    top = paint_body(sheet, lid, cap, decoration=line, gloss=0.55)
    face = sheet.linear([(0, tint(cap, 0.55)), (0.6, tint(cap, 0.1)), (1, shade(cap, 0.1))], end=(1, 0.6))
    top += lid.ring(lid.height, fill=tint(cap, 0.45)) + lid.ring(lid.height, inset=3.5, fill=face)
    top += lid.ring(lid.height, inset=radius * 0.3, fill="none", stroke=shade(cap, 0.2), stroke_width=1.4, opacity=0.4)
    under = group(
        path(body.band(height * 0.9, height), fill=shade(colour, 0.6), opacity=0.22),
        clip_path=sheet.clip(body.outline()),
    )
    full = Turned(((0, radius * 0.97), (3, radius), (height * 1.12, radius)), 0.17, smooth=False)
    art += under + group(top, transform=f"translate(0 {-height * 0.94:.2f})")
    return Drawing(art, full.outline(), radius * 2, height * 1.16, radius * 0.97)


def tin_motif(body: Turned, motif: str, accent: str, paper: str, *, low: float, high: float) -> str:
    """A small emblem on the front of a label."""
    middle, unit = (low + high) / 2, (high - low) / 2
    parts: list[str] = []
    x, y = body.point(0, middle)
    if motif == "sun":
        parts.append(ellipse(x, y, unit * 0.52, unit * 0.52, fill=accent))
        for index in range(-3, 4):
            a, b = body.point(index * 11, middle - unit * 0.62), body.point(index * 11, middle - unit * 0.88)
            parts.append(path(polygon([a, b], closed=False), stroke=accent, stroke_width=3, stroke_linecap="round"))
    elif motif == "moon":
        parts.append(ellipse(x, y, unit * 0.62, unit * 0.62, fill=accent))
        parts.append(ellipse(x + unit * 0.26, y - unit * 0.16, unit * 0.52, unit * 0.52, fill=paper))
        for dx, dy in ((0.55, 0.5), (0.75, -0.1), (-0.8, -0.6)):
            parts.append(ellipse(x + unit * dx, y + unit * dy, 2.4, 2.4, fill=accent))
    elif motif == "waves":
        for row in range(5):
            points = [
                body.point(angle, middle + unit * (0.7 - row * 0.36) + unit * 0.12 * (1 if i % 2 else -1))
                for i, angle in enumerate(range(-52, 53, 13))
            ]
            parts.append(path(curve(points), fill="none", stroke=accent, stroke_width=3.4, stroke_linecap="round"))
    elif motif == "hills":
        far = [body.point(a, middle - unit * 0.1 + unit * 0.5 * (1 - ((a + 14) / 44) ** 2)) for a in range(-58, 31, 8)]
        near = [
            body.point(a, middle - unit * 0.45 + unit * 0.55 * (1 - ((a - 16) / 44) ** 2)) for a in range(-28, 61, 8)
        ]
        base = [body.point(60, low - 1), body.point(20, low - 2), body.point(-20, low - 2), body.point(-60, low - 1)]
        parts.append(
            ellipse(x + unit * 0.4, y - unit * 0.5, unit * 0.26, unit * 0.26, fill=mix(accent, "#e0b052", 0.6))
        )
        parts.append(path(polygon([*far, *base]), fill=mix(accent, paper, 0.35)))
        parts.append(path(polygon([*near, *base]), fill=accent))
    elif motif == "dots":
        for row in range(4):
            for column in range(-2, 3):
                px, py = body.point(column * 15 + (7 if row % 2 else 0), middle + unit * (0.72 - row * 0.48))
                parts.append(ellipse(px, py, unit * 0.13, unit * 0.13, fill=accent))
    else:
        stem = [body.point(0, middle - unit), body.point(2, middle), body.point(0, middle + unit * 0.5)]
        parts.append(path(curve(stem), fill="none", stroke=accent, stroke_width=2.6, stroke_linecap="round"))
        for index, share in enumerate((-0.6, -0.25, 0.1, 0.45)):
            for side in (-1, 1):
                root = body.point(0, middle + unit * share)
                tip = body.point(side * (26 - index * 4), middle + unit * (share + 0.42))
                mid = body.point(side * 15, middle + unit * (share - 0.02))
                over = body.point(side * 7, middle + unit * (share + 0.34))
                parts.append(path(curve([root, mid, tip, over], closed=True, tension=0.8), fill=accent))
    return "".join(parts)


def draw_whisk(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """A bamboo matcha whisk standing on its handle's end, tines up."""
    handle = Turned(((0, 25), (58, 26), (64, 24)), 0.18)
    art = ""
    random = dice("whisk")
    for layer, tone in ((0, shade(colour, 0.18)), (1, tint(colour, 0.15))):
        for index in range(34):
            share = index / 33 * 2 - 1
            wide = share * (58 - layer * 6)
            top = -168 + abs(share) ** 2 * 22 + random.uniform(-2, 2) + layer * 4
            data = f"M{share * 23:.1f} -66C{share * 40:.1f} -96 {wide:.1f} -126 {wide * 0.94:.1f} {top:.1f}"
            art += path(
                data, fill="none", stroke=mix(tone, colour, random.random()), stroke_width=2.0, stroke_linecap="round"
            )
    thread = "".join(path(handle.band(58 + i * 2.6, 59.6 + i * 2.6), fill=hex_of("charcoal")) for i in range(3))
    nodes = path(handle.band(26, 28), fill=shade(colour, 0.3), opacity=0.6)
    art += paint_body(sheet, handle, colour, decoration=nodes + thread, gloss=0.3)
    return Drawing(art, handle.outline() + "M-24 -62L-56 -150L0 -170L56 -150L24 -62Z", 116, 172, 25)
