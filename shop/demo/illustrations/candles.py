"""Candles: pillars, tapers in their holders, and wax poured into glass or clay."""

from __future__ import annotations

from shop.demo.illustrations.canvas import Sheet, curve, ellipse, group, path, polygon, rect
from shop.demo.illustrations.colour import hex_of, mix, shade, tint
from shop.demo.illustrations.drawing import Drawing, Params, amount, word
from shop.demo.illustrations.lamps import halo
from shop.demo.illustrations.lathe import Turned
from shop.demo.illustrations.shading import paint_body
from shop.demo.illustrations.vessels import glaze


def flame(sheet: Sheet, x: float, y: float, *, size: float = 1.0) -> str:
    """A still candle flame standing on (x, y)."""
    outer = curve([(0, 0), (-9, -13), (-5, -32), (0, -48), (6, -30), (9, -13)], closed=True)
    inner = curve([(0, -3), (-4.5, -11), (-2, -22), (0, -30), (2.5, -21), (4.5, -11)], closed=True)
    warm = sheet.linear([(0, "#fff2bf"), (0.5, "#ffcf66"), (1, "#f29c46")], start=(0, 0), end=(0, 1))
    parts = path(outer, fill=warm) + path(inner, fill="#fffbe6", opacity=0.9)
    return group(parts, transform=f"translate({x:.1f} {y:.1f}) scale({size:.2f})")


def _aura(sheet: Sheet, *points: tuple[float, float]) -> str:
    return "".join(
        group(halo(sheet, 0, 150, strength=0.55), transform=f"translate({x:.1f} {y:.1f})") for x, y in points
    )


def draw_candle(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """`form` (pillar, taper, trio, glass, tin), `height`, `radius`, `holder` colour, wax in the object's colour."""
    form = word(params, "form", "pillar")
    if form in ("taper", "trio"):
        return _tapers(sheet, colour, params, 3 if form == "trio" else 1)
    radius, height = amount(params, "radius", 54), amount(params, "height", 130)
    body = Turned(((0, radius * 0.97), (4, radius), (height - 4, radius), (height, radius * 0.98)), 0.18)
    if form == "glass":
        wax = Turned(((0, radius * 0.92), (height * 0.66, radius * 0.92)), 0.18)
        pot = hex_of(word(params, "holder", "fog"))
        sheen = sheet.linear(
            [
                (0, "#ffffff", 0.7),
                (0.12, "#ffffff", 0.1),
                (0.8, pot, 0.12),
                (0.94, "#ffffff", 0.45),
                (1, shade(pot, 0.4), 0.35),
            ]
        )
        art = path(body.outline(), fill=tint(pot, 0.4), opacity=0.6) + paint_body(sheet, wax, colour, gloss=0.1)
        art += wax.ring(wax.height, fill=sheet.radial([(0, "#fff3c9"), (0.5, tint(colour, 0.35)), (1, colour)]))
        art += rect(-1.4, -height * 0.66 - 12, 2.8, 14, fill="#4b4038") + flame(sheet, 0, -height * 0.66 - 9)
        art += path(body.outline(), fill=sheen) + body.ring(
            height, fill="none", stroke="#ffffff", stroke_width=2, opacity=0.7
        )
        art += group(
            path(body.strip(-56, -47, height * 0.1, height * 0.9), fill="#ffffff", opacity=0.5),
            clip_path=sheet.clip(body.outline()),
        )
        return Drawing(
            art, body.outline(), radius * 2, height + 30, radius, aura=_aura(sheet, (0, -height * 0.66 - 30))
        )
    if form == "pot":
        pot = hex_of(word(params, "holder", "chalk"))
        art = glaze(sheet, body, pot, params)
        art += body.ring(height, fill=tint(pot, 0.4)) + body.ring(
            height, inset=5, fill=sheet.radial([(0, "#fff3c9"), (0.45, tint(colour, 0.3)), (1, shade(colour, 0.08))])
        )
    else:
        art = glaze(sheet, body, colour, params, gloss=0.15)
        soft = sheet.linear([(0, "#ffe9b8", 0.75), (1, "#ffe9b8", 0)], start=(0, 0), end=(0, 0.6))
        art += path(body.outline(), fill=soft, opacity=0.7) + body.ring(
            height, fill=sheet.radial([(0, "#fff6d8"), (0.6, tint(colour, 0.5)), (1, tint(colour, 0.25))])
        )
    art += rect(-1.4, -height - 13, 2.8, 16, fill="#4b4038") + flame(sheet, 0, -height - 9)
    return Drawing(art, body.outline(), radius * 2, height + 60, radius, aura=_aura(sheet, (0, -height - 30)))


def _tapers(sheet: Sheet, colour: str, params: Params, count: int) -> Drawing:
    holder = hex_of(word(params, "holder", "brass"))
    art, outline = "", ""
    tones = [colour, hex_of(word(params, "second", "chalk")), mix(colour, hex_of("chalk"), 0.4)]
    spots = [0.0] if count == 1 else [-76.0, 72.0, 4.0]
    for index, x in enumerate(spots):
        stem_height = (60, 96, 34)[index] if count > 1 else amount(params, "height", 60)
        foot = Turned(
            ((0, 40), (4, 42), (8, 38), (14, 9), (stem_height - 14, 8), (stem_height - 10, 19), (stem_height, 20)), 0.2
        )
        stick = Turned(((0, 11.5), (190, 8), (200, 4)), 0.16)
        y = 8 if index == 2 else 0
        part = paint_body(sheet, foot, holder, gloss=0.8) + foot.ring(stem_height, fill=tint(holder, 0.4))
        part += group(
            paint_body(sheet, stick, tones[index], gloss=0.15), transform=f"translate(0 {-stem_height + 4:.1f})"
        )
        part += rect(-1.2, -stem_height - 206, 2.4, 12, fill="#4b4038") + flame(sheet, 0, -stem_height - 203, size=0.85)
        art += ellipse(x + 4, y + 2, 46, 10, fill=shade(holder, 0.6), opacity=0.28) + group(
            part, transform=f"translate({x:.1f} {y:.1f})"
        )
        outline += polygon(
            [
                (x - 40, y),
                (x + 40, y),
                (x + 10, y - 14),
                (x + 9, y - stem_height - 196),
                (x - 9, y - stem_height - 196),
                (x - 10, y - 14),
            ]
        )
    reach = 240 if count > 1 else 90
    tops = [(x, -((60, 96, 34)[i] if count > 1 else amount(params, "height", 60)) - 225) for i, x in enumerate(spots)]
    return Drawing(
        art, outline, reach, 330, 44, 0.2, () if count == 1 else ((-76, 0), (72, 0), (4, 8)), aura=_aura(sheet, *tops)
    )
