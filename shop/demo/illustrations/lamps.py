"""Lamps: table, floor and pendant, lit, with the warmth they throw around them."""

from __future__ import annotations

from shop.demo.illustrations.canvas import Sheet, ellipse, group, path, polygon, rect
from shop.demo.illustrations.colour import hex_of, shade, tint
from shop.demo.illustrations.drawing import Drawing, Params, amount, word
from shop.demo.illustrations.lathe import Turned, thick_curve
from shop.demo.illustrations.pattern import decorate
from shop.demo.illustrations.shading import paint_body
from shop.demo.illustrations.vessels import glaze

GLOW = "#ffe3a3"

SHADES = {
    "drum": ((0, 1.0), (1, 0.92)),
    "empire": ((0, 1.0), (1, 0.58)),
    "cone": ((0, 1.0), (1, 0.30)),
    "dome": ((0, 1.0), (0.25, 0.985), (0.55, 0.88), (0.8, 0.62), (0.94, 0.32), (1, 0.16)),
    "globe": ((0, 0.30), (0.1, 0.60), (0.3, 0.92), (0.5, 1.0), (0.7, 0.92), (0.9, 0.60), (1, 0.30)),
    "bell": ((0, 1.0), (0.12, 0.90), (0.4, 0.70), (0.75, 0.56), (0.92, 0.34), (1, 0.20)),
    "mushroom": ((0, 1.0), (0.16, 1.0), (0.42, 0.90), (0.7, 0.68), (0.9, 0.40), (0.98, 0.18), (1, 0.06)),
    "lantern": ((0, 0.52), (0.08, 0.66), (0.3, 0.94), (0.5, 1.0), (0.72, 0.90), (0.93, 0.60), (1, 0.48)),
    "pear": ((0, 0.62), (0.12, 0.86), (0.34, 1.0), (0.58, 0.82), (0.8, 0.50), (1, 0.24)),
}

BASES = {
    "gourd": ((0, 0.66), (0.05, 0.72), (0.28, 1.0), (0.52, 0.74), (0.64, 0.52), (0.76, 0.62), (0.88, 0.46), (1, 0.16)),
    "sphere": ((0, 0.50), (0.06, 0.60), (0.26, 0.92), (0.46, 1.0), (0.68, 0.88), (0.88, 0.48), (1, 0.16)),
    "column": ((0, 1.0), (0.08, 1.0), (0.10, 0.42), (0.9, 0.36), (1, 0.22)),
    "cone": ((0, 1.0), (0.04, 1.02), (0.5, 0.58), (0.9, 0.26), (1, 0.16)),
    "drop": ((0, 0.74), (0.08, 0.92), (0.26, 1.0), (0.5, 0.72), (0.75, 0.32), (1, 0.16)),
    "stack": (
        (0, 0.96),
        (0.10, 1.0),
        (0.27, 0.98),
        (0.31, 0.50),
        (0.36, 0.70),
        (0.48, 0.80),
        (0.60, 0.70),
        (0.64, 0.36),
        (0.70, 0.48),
        (0.80, 0.54),
        (0.9, 0.44),
        (1, 0.16),
    ),
    "disc": ((0, 1.0), (0.05, 1.0), (0.06, 0.12), (1, 0.10)),
}


def paint_shade(sheet: Sheet, shape: Turned, colour: str, params: Params, *, lit: bool = True) -> str:
    """A lamp shade: its cloth or paper lit from within, brightest low in the middle."""
    second = hex_of(word(params, "shade_second", "chalk"))
    marks = decorate(shape, word(params, "shade_pattern"), colour, second, seed=word(params, "seed"))
    if word(params, "shade_pattern") == "ribs":
        marks = "".join(
            path(shape.band(shape.height * i / 13, shape.height * i / 13 + 1.6), fill=shade(colour, 0.4), opacity=0.45)
            for i in range(1, 13)
        )
    art = paint_body(
        sheet, shape, colour, decoration=marks, gloss=amount(params, "shade_gloss", 0.1), depth=0.7 if lit else 1.0
    )
    if lit and params.get("opaque", "no") != "yes":
        wide = shape.widest
        glow = sheet.radial(
            [(0, "#fff8df", 0.96), (0.3, "#ffedbd", 0.74), (0.7, "#ffdc96", 0.34), (1, "#f6c877", 0.20)],
            centre=(0, -shape.height * 0.42),
            radius=max(wide * 0.98, shape.height * 0.62),
            absolute=True,
        )
        art += path(shape.outline(), fill=glow)
    rim = shape.rim
    if rim > shape.widest * 0.2:
        art += shape.ring(shape.height, fill=tint(colour, 0.45))
        hole = sheet.linear([(0, shade(colour, 0.2)), (1, "#fff0c4" if lit else tint(colour, 0.2))])
        art += shape.ring(shape.height, inset=2.5, fill=hole)
    return art


def halo(sheet: Sheet, y: float, radius: float, *, strength: float = 0.55) -> str:
    """Warm air around a light."""
    warmth = sheet.radial(
        [(0, GLOW, strength), (0.4, GLOW, strength * 0.42), (1, GLOW, 0)], centre=(0, y), radius=radius, absolute=True
    )
    return ellipse(0, y, radius, radius, fill=warmth)


def _shade_of(params: Params, wide: float, tall: float, tilt: float) -> Turned:
    shape = word(params, "shade", "drum")
    return Turned(tuple((h * tall, r * wide) for h, r in SHADES[shape]), tilt, smooth=len(SHADES[shape]) > 2)


def draw_table_lamp(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """`base` and its `base_height`, `base_radius`; `shade`, `shade_width`, `shade_height`, `shade_colour`."""
    high, wide = amount(params, "base_height", 190), amount(params, "base_radius", 66)
    shape = word(params, "base", "gourd")
    body = Turned(tuple((h * high, r * wide) for h, r in BASES[shape]), 0.16, smooth=shape not in ("column", "disc"))
    cap = _shade_of(params, amount(params, "shade_width", 112), amount(params, "shade_height", 128), 0.13)
    cloth = hex_of(word(params, "shade_colour", "chalk"))
    gap = amount(params, "gap", 22)
    brass = hex_of(word(params, "metal", "brass"))
    metal = sheet.linear([(0, shade(brass, 0.2)), (0.35, tint(brass, 0.55)), (1, shade(brass, 0.3))])
    neck = rect(-5, -high - gap - 16, 10, gap + 20, fill=metal)
    lift = high + gap
    warmth = group(halo(sheet, 0, cap.widest * 2.9), transform=f"translate(0 {-lift - cap.height * 0.35:.1f})")
    pool = group(halo(sheet, 0, wide * 3.4, strength=0.5), transform="scale(1 0.24)")
    spill = sheet.linear([(0, GLOW, 0.55), (1, GLOW, 0)], start=(0, 0), end=(0, 1))
    lit_base = path(body.strip(-90, 90, high * 0.55, high), fill=spill, opacity=0.45)
    art = neck + glaze(sheet, body, colour, params) + group(lit_base, clip_path=sheet.clip(body.outline()))
    art += group(paint_shade(sheet, cap, cloth, params), transform=f"translate(0 {-lift:.1f})")
    if params.get("finial", "no") == "yes":
        art += ellipse(0, -lift - cap.height - 9, 7, 8, fill=metal)
    outline = body.outline() + _moved(cap, lift)
    return Drawing(
        art, outline, max(cap.widest, wide) * 2, lift + cap.height, body.profile[0][1], 0.16, aura=warmth + pool
    )


def _moved(shape: Turned, lift: float) -> str:
    low = [(x * shape.radius(0), -lift + 4) for x in (-1, 1)]
    steps = [shape.height * i / 10 for i in range(11)]
    right = [(shape.radius(h), -lift - h) for h in steps]
    left = [(-shape.radius(h), -lift - h) for h in reversed(steps)]
    return polygon([low[0], low[1], *right, *left])


def draw_floor_lamp(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """`stand` (disc, tripod, arc), `pole` height, `shade` and its sizes."""
    tall = amount(params, "pole", 430)
    cap = _shade_of(params, amount(params, "shade_width", 100), amount(params, "shade_height", 110), 0.11)
    cloth = hex_of(word(params, "shade_colour", "chalk"))
    tone = sheet.linear([(0, shade(colour, 0.15)), (0.35, tint(colour, 0.45)), (0.6, colour), (1, shade(colour, 0.35))])
    warmth = group(halo(sheet, 0, cap.widest * 2.9), transform=f"translate(0 {-tall - cap.height * 0.4:.1f})")
    stand = word(params, "stand", "disc")
    if stand == "tripod":
        legs = [((-14, -tall + 6), (-98, 0)), ((14, -tall + 6), (104, 4)), ((2, -tall + 6), (14, 22))]
        wood = sheet.linear([(0, tint(colour, 0.35)), (0.6, colour), (1, shade(colour, 0.25))])
        frame = "".join(
            path(thick_curve([a, ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), b], [10, 13, 10]), fill=wood) for a, b in legs
        )
        frame += rect(-22, -tall - 4, 44, 22, fill=hex_of("brass")) + rect(
            -22, -tall - 4, 44, 5, fill=tint(hex_of("brass"), 0.5)
        )
        data = "".join(thick_curve([a, ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), b], [10, 13, 10]) for a, b in legs)
        art = frame + group(paint_shade(sheet, cap, cloth, params), transform=f"translate(0 {-tall:.1f})")
        return Drawing(
            art, data + _moved(cap, tall), 230, tall + cap.height, 90, 0.2, ((-98, 0), (104, 4), (14, 22)), aura=warmth
        )
    disc = Turned(((0, 74), (3, 76), (12, 76), (16, 70)), 0.2, smooth=False)
    foot = paint_body(sheet, disc, colour, gloss=0.4) + disc.ring(
        16, fill=sheet.linear([(0, tint(colour, 0.4)), (1, shade(colour, 0.05))])
    )
    if stand == "arc":
        points = [
            (0, -12),
            (-2, -tall * 0.55),
            (24, -tall * 0.92),
            (92, -tall * 1.10),
            (168, -tall * 1.02),
            (188, -tall * 0.90),
        ]
        pole = path(thick_curve(points, [9, 9, 9, 9, 9, 8]), fill=tone)
        lift = tall * 0.90 - 4
        hanging = group(paint_flipped(sheet, cap, cloth, params), transform=f"translate(188 {-lift:.1f})")
        warm_low = group(halo(sheet, 0, cap.widest * 2.6), transform=f"translate(188 {-lift + cap.height:.1f})")
        outline = disc.outline() + thick_curve(points, [9])
        return Drawing(foot + pole + hanging, outline, 380, tall * 1.12, 76, 0.2, middle=94, aura=warm_low)
    pole = rect(-5, -tall - 30, 10, tall + 18, fill=tone)
    art = foot + pole + group(paint_shade(sheet, cap, cloth, params), transform=f"translate(0 {-tall:.1f})")
    outline = disc.outline() + f"M-5 0H5V{-tall:.1f}H-5Z" + _moved(cap, tall)
    return Drawing(art, outline, cap.widest * 2, tall + cap.height, 76, 0.2, aura=warmth)


def paint_flipped(sheet: Sheet, shape: Turned, colour: str, params: Params) -> str:
    """A shade hanging from its top at (0, 0), its open, lit mouth seen from a little below."""
    knots = tuple((shape.height - h, r) for h, r in reversed(shape.profile))
    turned = Turned(knots, 0.15, shape.smooth)
    art = paint_shade(sheet, turned, colour, params)
    if turned.rim > turned.widest * 0.4 and params.get("opaque", "no") == "yes":
        inner = hex_of(word(params, "inside", "honey"))
        lamp = sheet.radial([(0, "#fffbe8"), (0.4, "#ffeab0"), (1, tint(inner, 0.1))], centre=(0.5, 0.4), radius=0.6)
        art += turned.ring(turned.height, fill=tint(colour, 0.35)) + turned.ring(turned.height, inset=4, fill=lamp)
    return group(art, transform="scale(1 -1)")


def draw_pendant(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """Hangs from (0, 0): `shade`, `shade_width`, `shade_height`, `drop` (cord length), `opaque` for metal and clay."""
    cap = _shade_of(params, amount(params, "shade_width", 150), amount(params, "shade_height", 140), 0.15)
    drop = amount(params, "drop", 330)
    cord = rect(-1.8, -700, 3.6, 700 + drop - 14, fill=hex_of(word(params, "cord", "charcoal")))
    brass = hex_of(word(params, "metal", "brass"))
    metal = sheet.linear([(0, shade(brass, 0.2)), (0.35, tint(brass, 0.55)), (1, shade(brass, 0.3))])
    socket = path(
        f"M-9 {drop - 34:.1f}H9V{drop - 6:.1f}L{max(12, cap.rim):.1f} {drop + 3:.1f}H{-max(12, cap.rim):.1f}L-9 {drop - 6:.1f}Z",
        fill=metal,
    )
    warmth = group(
        halo(sheet, 0, cap.widest * 2.3, strength=0.6), transform=f"translate(0 {drop + cap.height * 0.9:.1f})"
    )
    beam = sheet.linear([(0, GLOW, 0.42), (1, GLOW, 0)], start=(0, 0), end=(0, 1))
    wide = cap.radius(0)
    low = drop + cap.height
    cone = path(
        f"M{-wide * 0.86:.1f} {low:.1f}H{wide * 0.86:.1f}L{wide * 2.0:.1f} {low + 460:.1f}H{-wide * 2.0:.1f}Z",
        fill=beam,
        filter=sheet.blur(16),
    )
    body = group(paint_flipped(sheet, cap, colour, params), transform=f"translate(0 {drop:.1f})")
    outline = polygon(
        [
            (x, y + drop + cap.height)
            for x, y in ((-wide, 0), (wide, 0), (cap.rim, -cap.height), (-cap.rim, -cap.height))
        ]
    )
    return Drawing(
        cord + socket + body,
        outline,
        wide * 2,
        drop + cap.height,
        wide,
        0.15,
        aura=warmth + (cone if params.get("opaque") == "yes" else ""),
    )
