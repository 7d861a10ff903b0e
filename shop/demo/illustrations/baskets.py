"""Baskets: woven bodies, their handles and lids."""

from __future__ import annotations

from shop.demo.illustrations.canvas import Sheet, group, path
from shop.demo.illustrations.colour import hex_of, shade, tint
from shop.demo.illustrations.drawing import Drawing, Params, amount, word
from shop.demo.illustrations.lathe import Turned, thick_curve
from shop.demo.illustrations.shading import paint_body, paint_rim

BASKET_PROFILES = {
    "round": ((0, 0.80), (0.08, 0.90), (0.5, 1.04), (1, 0.98)),
    "tall": ((0, 0.86), (0.05, 0.92), (0.6, 1.0), (1, 1.0)),
    "belly": ((0, 0.66), (0.1, 0.82), (0.45, 1.08), (0.8, 0.92), (1, 0.84)),
    "tray": ((0, 0.92), (0.2, 0.98), (1, 1.02)),
    "market": ((0, 0.78), (0.1, 0.84), (1, 1.08)),
}


def draw_basket(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """`profile`, `radius`, `height`, `handles` (ears, hoop, leather, none), `lid` (yes), `belt` second colour."""
    radius, height = amount(params, "radius", 130), amount(params, "height", 190)
    body = Turned(tuple((h * height, r * radius) for h, r in BASKET_PROFILES[word(params, "profile", "round")]), 0.20)
    rows = max(5, round(height / 13))
    step = height / rows
    second = hex_of(word(params, "second")) if params.get("second") else ""
    weave = ""
    for row in range(rows):
        low = row * step
        striped = second and (
            (word(params, "belt", "half") == "stripes" and row % 4 < 2)
            or (word(params, "belt", "half") == "half" and row < rows * 0.45)
        )
        tone = second if striped else colour
        light, dark, gap = tint(tone, 0.14), shade(tone, 0.07), shade(tone, 0.30)
        weave += path(body.band(low, low + step), fill=gap)
        for index in range(-8, 9):
            left = index * 11.5 + (5.75 if row % 2 else 0) - 5.5
            right = min(90, left + 11.1)
            if right <= -90 or left >= 90:
                continue
            weave += path(
                body.strip(max(-90, left), right, low + step * 0.05, low + step * 0.95),
                fill=light if (index + row) % 2 else dark,
            )
            weave += path(
                body.strip(max(-90, left), right, low + step * 0.58, low + step * 0.84),
                fill=tint(tone, 0.5),
                opacity=0.35,
            )
    handles, outline = _handles(sheet, body, colour, word(params, "handles", "ears"))
    art = paint_body(sheet, body, colour, decoration=weave, gloss=0.05, depth=1.15)
    rim = paint_rim(sheet, body, colour, wall=radius * 0.05, deep=0.6, inside=shade(colour, 0.2))
    coil = "".join(
        path(
            thick_curve([body.point(a, height), body.point(a + 3.4, height - step * 0.55)], [3, 3]),
            fill=shade(colour, 0.25),
            opacity=0.55,
        )
        for a in range(-86, 87, 8)
    )
    front = word(params, "handles", "ears") != "hoop"
    art = (handles if not front else "") + art + rim + coil + (handles if front else "")
    if params.get("lid") == "yes":
        lid = Turned(((0, body.rim + 4), (8, body.rim + 6), (26, body.rim * 0.7), (36, body.rim * 0.2)), 0.20)
        rings = "".join(path(lid.band(i * 4, i * 4 + 2.2), fill=shade(colour, 0.3), opacity=0.6) for i in range(9))
        knob = Turned(((0, 8), (6, 7), (14, 12), (22, 8), (24, 2)), 0.2)
        art += group(
            paint_body(sheet, lid, colour, decoration=rings, gloss=0.05),
            group(paint_body(sheet, knob, shade(colour, 0.2), gloss=0.2), transform="translate(0 -34)"),
            transform=f"translate(0 {-height:.1f})",
        )
    return Drawing(
        art, body.outline() + outline, radius * 2.3, height + (60 if handles else 20), body.profile[0][1], 0.2
    )


def _handles(sheet: Sheet, body: Turned, colour: str, kind: str) -> tuple[str, str]:
    height, rim = body.height, body.rim
    if kind == "hoop":
        points = [
            (-rim + 5, -height + 4),
            (-rim * 0.9, -height - rim * 0.8),
            (0, -height - rim * 1.35),
            (rim * 0.9, -height - rim * 0.8),
            (rim - 5, -height + 4),
        ]
        data = thick_curve(points, [13, 13, 14, 13, 13])
        return path(data, fill=sheet.linear([(0, tint(colour, 0.2)), (1, shade(colour, 0.32))])), data
    if kind in ("ears", "leather"):
        tone = hex_of("walnut") if kind == "leather" else shade(colour, 0.12)
        art, outline = "", ""
        for side in (-1, 1):
            x = side * rim * 0.80
            points = [
                (x - rim * 0.24, -height + 16),
                (x - rim * 0.20, -height - 34),
                (x, -height - 52),
                (x + rim * 0.20, -height - 34),
                (x + rim * 0.24, -height + 16),
            ]
            data = thick_curve(points, [11, 11, 12, 11, 11])
            art += path(data, fill=sheet.linear([(0, tint(tone, 0.3)), (0.5, tone), (1, shade(tone, 0.3))]))
            outline += data
        return art, outline
    return "", ""
