"""Boards, knives, spoons, mills, mortars and bottles."""

from __future__ import annotations

from shop.demo.illustrations.canvas import Sheet, dice, ellipse, group, path, place, rect, rounded, smudge
from shop.demo.illustrations.colour import hex_of, shade, tint
from shop.demo.illustrations.drawing import Drawing, Params, word
from shop.demo.illustrations.lathe import Turned, ellipse_data, thick_curve
from shop.demo.illustrations.pattern import grain
from shop.demo.illustrations.shading import paint_body, paint_rim

BOARDS = {
    "paddle": "M-120 -130Q-120 -170 -80 -172H-44Q-30 -174 -28 -196L-24 -290Q-22 -322 0 -322Q22 -322 24 -290L28 -196Q30 -174 44 -172H80Q120 -170 120 -130V220Q120 258 82 258H-82Q-120 258 -120 220Z",
    "round": "M-34 -186L-26 -300Q-24 -326 0 -326Q24 -326 26 -300L34 -186A214 214 0 1 1 -34 -186Z",
    "rect": "M-150 -236Q-150 -262 -124 -262H124Q150 -262 150 -236V236Q150 262 124 262H-124Q-150 262 -150 236Z",
    "long": "M-84 -220Q-84 -250 -54 -254Q-30 -258 -26 -284L-24 -340Q-20 -360 0 -360Q20 -360 24 -340L26 -284Q30 -258 54 -254Q84 -250 84 -220V300Q84 330 54 330H-54Q-84 330 -84 300Z",
}


def draw_board(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """A board from above: `form` (paddle, round, rect, long), `strips` (end-grain or joined staves)."""
    form = word(params, "form", "paddle")
    data = BOARDS[form]
    art = path(data, fill=shade(colour, 0.34), transform="translate(3 9)") + path(
        data, fill=sheet.linear([(0, tint(colour, 0.28)), (0.5, colour), (1, shade(colour, 0.10))], end=(0.7, 1))
    )
    inside = ""
    random = dice("board", params.get("seed", form))
    if word(params, "strips") == "staves":
        for index in range(7):
            tone = random.choice((shade(colour, 0.12), tint(colour, 0.16), shade(colour, 0.05), shade(colour, 0.24)))
            inside += rect(-224 + index * 64, -380, 64, 760, fill=tone, opacity=0.8)
    elif word(params, "strips") == "end":
        for row in range(14):
            for column in range(8):
                tone = random.choice((shade(colour, 0.16), tint(colour, 0.16), colour, shade(colour, 0.28)))
                inside += rect(-224 + column * 56 + (row % 2) * 26, -380 + row * 56, 56, 56, fill=tone, opacity=0.85)
    for index in range(26):
        x = -230 + index * 18 + random.uniform(-6, 6)
        bend = random.uniform(-14, 14)
        inside += path(
            f"M{x:.1f} -380C{x + bend:.1f} -120 {x - bend:.1f} 120 {x + bend * 0.4:.1f} 380",
            stroke=shade(colour, random.choice((0.16, 0.26))),
            stroke_width=round(random.uniform(0.8, 2.6), 1),
            opacity=round(random.uniform(0.25, 0.55), 2),
            fill="none",
        )
    art += group(inside, clip_path=sheet.clip(data))
    art += path(data, fill="none", stroke=tint(colour, 0.5), stroke_width=2.4, opacity=0.65)
    hole_y = {"paddle": -284, "round": -288, "long": -332, "rect": -226}[form]
    art += ellipse(0, hole_y, 11, 11, fill=shade(colour, 0.55)) + ellipse(
        1.5, hole_y + 2, 9.5, 9.5, fill=shade(colour, 0.35)
    )
    return Drawing(art, data, 300, 640, 150)


def draw_knife(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """A knife from above, blade up: `form` (chef, paring, bread, santoku); the colour is the handle's."""
    form = word(params, "form", "chef")
    blades = {
        "chef": "M-24 40L-24 -196Q-20 -290 22 -330Q34 -200 34 40Z",
        "santoku": "M-34 40L-34 -236Q-30 -280 8 -290Q34 -292 34 -260V40Z",
        "paring": "M-15 40L-15 -92Q-12 -146 14 -170Q20 -90 20 40Z",
        "bread": "M-20 40L-20 -300Q-18 -326 8 -330Q26 -328 26 -310"
        + "".join(f"q-7 6 0 {12}" for _ in range(27))
        + "L26 40Z",
    }
    blade = blades[form]
    steel = sheet.linear([(0, "#eef1f2"), (0.45, "#c5cbcf"), (0.52, "#f7f9f9"), (1, "#a4abb0")])
    art = path(blade, fill=steel) + path("M-6 40V-180", stroke="#ffffff", stroke_width=2, opacity=0.5)
    art += path(rounded(-25, 34, 56, 18, 4), fill=sheet.linear([(0, "#d9dddf"), (1, "#8d949a")]))
    handle = "M-20 50H24Q30 120 26 190Q24 236 4 240Q-18 238 -20 190Q-26 120 -20 50Z"
    art += path(handle, fill=sheet.linear([(0, tint(colour, 0.3)), (0.4, colour), (1, shade(colour, 0.3))])) + grain(
        sheet, handle, colour, seed=form, width=60, height=30
    )
    for y in (84, 138, 192):
        art += ellipse(2, y, 5.4, 5.4, fill=hex_of("brass")) + ellipse(0.6, y - 1.4, 2, 2, fill="#f6e6b8")
    return Drawing(art, blade + handle, 70, 570, 30)


def draw_spoon(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """Wooden tools from above: `form` (spoon, spatula, ladle, scoop, set)."""
    form = word(params, "form", "spoon")
    if form == "set":
        parts = [
            draw_spoon(sheet, tone, {"form": kind})
            for kind, tone in (("spatula", shade(colour, 0.05)), ("spoon", colour), ("slotted", tint(colour, 0.12)))
        ]
        art = ""
        for tool, x, y, turn in zip(parts, (-104, 0, 104), (10, -14, 14), (-7, 0, 7), strict=True):
            shadow = smudge(tool.outline, fill="#5a4a3a", opacity=0.32, spread=7)
            art += place(shadow, x + 6, y + 8, turn=turn) + place(tool.art, x, y, turn=turn)
        return Drawing(art, "", 330, 620, 120)
    tone = sheet.linear([(0, tint(colour, 0.32)), (0.45, colour), (1, shade(colour, 0.24))])
    handle = thick_curve([(0, -80), (0, 20), (0, 150), (0, 290)], [22, 17, 18, 26])
    if form == "spatula":
        head = "M-46 -300Q-48 -312 -36 -312L40 -300Q48 -298 46 -286L30 -110Q26 -70 0 -66Q-26 -70 -32 -110Z"
        bowl = path("M-36 -300L38 -289", stroke=tint(colour, 0.5), stroke_width=3, opacity=0.7)
    else:
        head = ellipse_data(0, -190, 60, 108)
        bowl = ellipse(
            2,
            -196,
            46,
            88,
            fill=sheet.linear(
                [(0, shade(colour, 0.3)), (0.6, shade(colour, 0.08)), (1, tint(colour, 0.25))], end=(0.8, 1)
            ),
        )
        if form == "slotted":
            bowl += "".join(path(rounded(x - 6, -236, 12, 86, 6), fill=shade(colour, 0.55)) for x in (-22, 2, 26))
    data = head + handle
    art = (
        path(handle, fill=tone)
        + path(head, fill=tone)
        + bowl
        + grain(sheet, data, colour, seed=form, width=130, height=640)
    )
    return Drawing(art, data, 120, 620, 60)


def draw_mill(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """A pepper mill: turned body and head, a steel knob."""
    body = Turned(((0, 42), (10, 44), (30, 40), (90, 29), (150, 33), (176, 40)), 0.17)
    head = Turned(((0, 38), (8, 41), (40, 36), (62, 20), (68, 8)), 0.17)
    knob = Turned(((0, 6), (6, 5), (14, 10), (22, 6)), 0.17)
    art = paint_body(sheet, body, colour, gloss=0.5)
    art += group(path(body.band(170, 176), fill=shade(colour, 0.6), opacity=0.4), clip_path=sheet.clip(body.outline()))
    art += group(paint_body(sheet, head, colour, gloss=0.5), transform="translate(0 -178)") + group(
        paint_body(sheet, knob, hex_of("steel"), gloss=0.8), transform="translate(0 -244)"
    )
    return Drawing(art, body.outline() + "M-38 -178H38L20 -244H-20Z", 90, 266, 42)


def draw_mortar(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """A mortar with its pestle leaning out."""
    body = Turned(((0, 62), (10, 70), (26, 66), (70, 92), (118, 104)), 0.22)
    pestle = thick_curve([(-20, -108), (40, -160), (96, -206), (112, -219)], [30, 22, 28, 20])
    tone = sheet.linear([(0, tint(colour, 0.45)), (0.5, colour), (1, shade(colour, 0.25))], start=(0, 0), end=(0.6, 1))
    stick = path(pestle, fill=tone)
    clip = sheet.clip("M-900 -900H900V-118H97A97 21 0 0 1 -97 -118H-900Z")
    from shop.demo.illustrations.pattern import decorate

    marks = decorate(body, word(params, "pattern"), colour, hex_of(word(params, "second", "slate")), seed="mortar")
    art = (
        paint_body(sheet, body, colour, decoration=marks, gloss=0.25)
        + paint_rim(sheet, body, colour, wall=9, deep=0.34)
        + group(stick, clip_path=clip)
    )
    return Drawing(art, body.outline() + pestle, 230, 220, 62, 0.22)


def draw_bottle(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """An oil bottle with a spout and cork."""
    body = Turned(((0, 50), (6, 54), (120, 52), (158, 34), (180, 16), (220, 14), (226, 17)), 0.17)
    spout = path(
        thick_curve([(0, -238), (4, -262), (22, -280)], [12, 8, 6]), fill=sheet.linear([(0, "#eef0f1"), (1, "#8d949a")])
    )
    cork = Turned(((0, 13), (14, 12)), 0.17)
    from shop.demo.illustrations.vessels import glaze

    art = (
        group(paint_body(sheet, cork, "#c79a68", gloss=0), transform="translate(0 -224)")
        + spout
        + glaze(sheet, body, colour, params, gloss=0.8)
    )
    return Drawing(art, body.outline(), 110, 284, 50)
