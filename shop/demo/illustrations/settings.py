"""Things at home: tables by the window, kitchens, sideboards, benches, floors, desks, set tables."""

from __future__ import annotations

import random

from shop.demo.illustrations import cloth, homeware, kitchen, lamps, paper, plants, tea, vessels
from shop.demo.illustrations.canvas import Sheet, dice, ellipse, group, place, rect
from shop.demo.illustrations.colour import hex_of, mix, shade, tint
from shop.demo.illustrations.drawing import Drawing, Params, word
from shop.demo.illustrations.grounds import HEIGHT, WIDTH, paint_flat_field, paint_room, paint_table, warm, window_light
from shop.demo.illustrations.kinds import Kind
from shop.demo.illustrations.stage import Stage

QUIET = ("chalk", "oat", "celadon", "fog", "sand", "blush")


def show_at_home(kind: str, known: Kind, colour: str, params: Params, field: str) -> Stage:
    """One thing among others, where it would stand."""
    seed = dice("home", kind, colour, params.get("seed", ""))
    settings = {
        "table": _on_table, "kitchen": _in_kitchen, "sideboard": _on_sideboard, "floor": _on_floor, "wall": _on_wall,
        "bench": _on_bench, "desk": _on_desk, "flatlay": _on_worktop, "dining": _at_dinner, "rug": _on_rug,
    }
    return settings[known.setting](kind, known, colour, params, field, seed)


def books(sheet: Sheet, colours: list[str], *, width: float = 190) -> Drawing:
    """A pile of books, spines to the viewer."""
    art, outline, y = "", "", 0.0
    for index, tone in enumerate(colours):
        thick = (24, 32, 20, 28)[index % 4]
        half = width / 2 - (index * 9 + (5 if index % 2 else 0))
        fill = sheet.linear([(0, tint(tone, 0.2)), (0.4, tone), (1, shade(tone, 0.2))], end=(0, 1))
        art += rect(-half, y - thick, half * 2, thick, rx=3, fill=fill)
        art += rect(-half + 16, y - thick, 6, thick, fill=tint(tone, 0.5), opacity=0.7) + rect(half - 26, y - thick, 6, thick, fill=tint(tone, 0.5), opacity=0.7)
        art += rect(-half, y - 2, half * 2, 2, fill=shade(tone, 0.5), opacity=0.3)
        outline += f"M{-half} {y}H{half}V{y - thick}H{-half}Z"
        y -= thick
    return Drawing(art, outline, width, -y, width / 2, 0.05)


def _fit(drawing: Drawing, wide: float, tall: float, most: float) -> float:
    return min(most, wide / drawing.width, tall / drawing.height)


def _room_with_top(field: str, wood: str, *, edge: float, light: bool = True) -> Stage:
    stage = Stage(ground=hex_of(wood))
    back = stage.backdrop_sheet
    wall = warm(field)
    stage.backdrop.append(rect(0, 0, WIDTH, HEIGHT, fill=back.linear([(0, tint(wall, 0.28)), (0.6, wall), (1, shade(wall, 0.07))], end=(0.7, 1))))
    if light:
        stage.backdrop.append(window_light(back, 70, 130, 520, 560, opacity=0.62))
    stage.backdrop.append(paint_table(back, hex_of(wood), edge=edge))
    return stage


def _on_table(kind: str, known: Kind, colour: str, params: Params, field: str, seed: random.Random) -> Stage:
    stage = _room_with_top(field, seed.choice(("oak", "ash", "oat")), edge=880)
    s = stage.sheet
    quiet = hex_of(seed.choice(QUIET))
    if kind in ("teapot", "whisk"):
        stage.stand(vessels.draw_vase(s, quiet, {"profile": "bud", "height": 150, "radius": 42, "stems": seed.choice(("olive", "eucalyptus", "blossom")), "seed": colour}), 770, 930, scale=1.5)
    else:
        stage.stand(tea.draw_teapot(s, mix(colour, hex_of("chalk"), 0.72), {"profile": seed.choice(("round", "low")), "radius": 88, "height": 116}), 735, 950, scale=1.75, mirror=False)
    drawing = known.draw(s, colour, params)
    stage.stand(drawing, 390, 1075, scale=_fit(drawing, 520, 560, known.most * 0.78))
    if kind in ("teapot", "whisk", "bowl"):
        cup = vessels.draw_mug(s, mix(colour, hex_of("chalk"), 0.55), {"profile": "tulip", "handle": "none", "height": 64, "radius": 44, "fill": "moss" if kind == "whisk" else "honey"})
        stage.stand(cup, 790, 1120, scale=1.9)
    else:
        stage.stand(books(s, [hex_of("slate"), hex_of("blush")], width=210), 800, 1130, scale=1.2)
    return stage


def _in_kitchen(kind: str, known: Kind, colour: str, params: Params, field: str, seed: random.Random) -> Stage:
    stage = _room_with_top(field, seed.choice(("oak", "ash", "chalk")), edge=900)
    s = stage.sheet
    board = kitchen.draw_board(s, hex_of(seed.choice(("oak", "walnut", "ash"))), {"form": seed.choice(("paddle", "round"))})
    stage.lay(board, 725, 640, scale=0.98, turn=3, lift=16)
    jar = vessels.draw_jar(s, hex_of("sky"), {"material": "glass", "content": seed.choice(("honey", "oat", "terracotta")), "lid": "cork", "profile": "shoulder", "height": 130, "radius": 60})
    stage.stand(jar, 800, 985, scale=1.7)
    if kind in ("tin", "scoop"):
        pot = tea.draw_teapot(s, hex_of(seed.choice(QUIET)), {"profile": "round", "radius": 84, "height": 110})
        stage.stand(pot, 320, 955, scale=1.5)
    else:
        stage.stand(plants.draw_planter(s, hex_of("terracotta"), {"profile": "classic", "height": 80, "radius": 54, "plant": "fern", "lush": 0.55, "seed": colour}), 250, 960, scale=1.6)
    drawing = known.draw(s, colour, params)
    stage.stand(drawing, 500, 1110, scale=_fit(drawing, 420, 560, known.most * 0.82))
    return stage


def _on_sideboard(kind: str, known: Kind, colour: str, params: Params, field: str, seed: random.Random) -> Stage:
    stage = _room_with_top(field, seed.choice(("walnut", "oak", "cherry")), edge=985, light=kind == "vase")
    s = stage.sheet
    wood = stage.ground
    stage.backdrop.append(rect(0, 1085, WIDTH, 165, fill=shade(wood, 0.16)) + rect(0, 1085, WIDTH, 3, fill=tint(wood, 0.4), opacity=0.6) + rect(498, 1090, 4, 160, fill=shade(wood, 0.45), opacity=0.6) + ellipse(476, 1170, 6, 6, fill=hex_of("brass")) + ellipse(524, 1170, 6, 6, fill=hex_of("brass")))
    picture = paper.draw_print(s, mix(colour, hex_of("terracotta"), 0.4), {"motif": seed.choice(("arches", "sunhills", "stones", "contours")), "second": seed.choice(("ochre", "sage", "blush")), "frame": seed.choice(("oak", "black")), "width": 300, "height": 390})
    drawing = known.draw(s, colour, params)
    tall = drawing.height > 300
    stage.lay(picture, 735 if tall else 690, 430, scale=1.1, lift=11)
    scale = _fit(drawing, 470, 800, known.most * (0.86 if tall else 0.74))
    stage.stand(books(s, [hex_of("petrol"), hex_of("oat"), hex_of("rust")]), 760, 1040, scale=1.3)
    bowl = vessels.draw_bowl(s, hex_of(seed.choice(QUIET)), {"profile": "open", "radius": 62, "height": 46})
    stage.stand(bowl, 760, 943, scale=1.3, strength=0.0)
    stage.stand(drawing, 350, 1060, scale=scale)
    return stage


def _on_floor(kind: str, known: Kind, colour: str, params: Params, field: str, seed: random.Random) -> Stage:
    floor = seed.choice(("oak", "ash", "sand"))
    stage = Stage(ground=hex_of(floor))
    wall = warm(field)
    stage.backdrop.append(paint_room(stage.backdrop_sheet, wall, hex_of(floor), edge=900))
    stage.backdrop.append(window_light(stage.backdrop_sheet, 60, 110, 460, 560, opacity=0.6))
    s = stage.sheet
    picture = paper.draw_print(s, hex_of(seed.choice(("petrol", "terracotta", "forest"))), {"motif": seed.choice(("waves", "arches", "vessels", "stones")), "second": "ochre", "frame": "oak", "width": 260, "height": 330})
    drawing = known.draw(s, colour, params)
    scale = _fit(drawing, 560, 880 if kind == "floor_lamp" else 640, known.most * 0.84)
    wide = drawing.width * scale > 560
    if kind != "bench":
        stage.lay(picture, 740, 400, scale=0.95, lift=10)
    if kind in ("planter", "basket"):
        stool = homeware.draw_stool(s, hex_of("oak"), {"height": 240, "radius": 96})
        stage.stand(stool, 770, 1010, scale=1.45)
        stage.stand(books(s, [hex_of("blush"), hex_of("slate")], width=130), 770, 650, scale=1.2, strength=0.3)
    else:
        plant = plants.draw_planter(s, hex_of(seed.choice(("chalk", "terracotta", "slate"))), {"profile": "tapered", "height": 130, "radius": 78, "plant": seed.choice(("fig", "snake", "olive")), "seed": colour, "lush": 1.05})
        stage.stand(plant, 850 if wide or kind == "bench" else 800, 985, scale=1.45)
    stage.stand(drawing, 400 if not wide else 430, 1110, scale=scale)
    if kind in ("side_table", "stool") and drawing.height < 420:
        top = 1110 - (drawing.height - 6) * scale
        vase = vessels.draw_vase(s, hex_of(seed.choice(QUIET)), {"profile": "moon", "height": 92, "radius": 48, "stems": "dried", "seed": colour})
        mug = vessels.draw_mug(s, hex_of("clay"), {"height": 50, "radius": 26, "fill": "walnut"})
        if kind == "side_table":
            stage.stand(vase, 350, top + 4, scale=1.15, strength=0.35)
            stage.stand(mug, 465, top + 18, scale=1.15, strength=0.35)
        else:
            stage.stand(mug, 400, top + 8, scale=1.2, strength=0.35)
    return stage


def _on_wall(kind: str, known: Kind, colour: str, params: Params, field: str, seed: random.Random) -> Stage:
    stage = _room_with_top(field, seed.choice(("oak", "walnut", "ash")), edge=1040)
    s = stage.sheet
    stage.ground = warm(field)
    drawing = known.draw(s, colour, params)
    scale = _fit(drawing, 500, 620, known.most * 0.72)
    stage.lay(drawing, 470, 440, scale=scale, lift=13)
    wood = shade(hex_of("oak"), 0.1)
    if kind == "shelf":
        span = drawing.width * scale
        boards = int(float(str(params.get("boards", 2))))
        gap = float(str(params.get("gap", 230))) * scale
        top = 440 - gap * (boards - 1) / 2 - 8 * scale
        stage.stand(vessels.draw_vase(s, hex_of("terracotta"), {"profile": "moon", "height": 80, "radius": 42, "stems": "dried", "seed": "shelf"}), 470 - span * 0.26, top + 4, scale=0.95, strength=0.2)
        stage.stand(books(s, [hex_of("petrol"), hex_of("oat"), hex_of("ochre")], width=150), 470 + span * 0.2, top + 2, scale=0.95, strength=0.2)
        if boards > 1:
            stage.stand(vessels.draw_mug(s, hex_of("chalk"), {"pattern": "speckle", "second": "walnut", "height": 70, "radius": 36}), 470 - span * 0.05, top + gap + 3, scale=0.95, strength=0.2)
            stage.stand(tea.draw_tin(s, hex_of("forest"), {"motif": "leaf", "accent": "forest", "height": 84, "radius": 36}), 470 + span * 0.26, top + gap + 3, scale=0.95, strength=0.2)
    lamp = lamps.draw_table_lamp(s, hex_of(seed.choice(("clay", "sage", "ink"))), {"base": "sphere", "shade": "empire", "base_height": 110, "base_radius": 52, "shade_width": 82, "shade_height": 92})
    stage.stand(lamp, 815, 1120, scale=1.5, ground=wood)
    stage.stand(books(s, [hex_of("rust"), hex_of("fog")], width=220), 330, 1130, scale=1.2, ground=wood)
    stage.stand(vessels.draw_bowl(s, hex_of(seed.choice(QUIET)), {"profile": "round", "radius": 66, "height": 48}), 330, 1064, scale=1.2, strength=0.2, ground=wood)
    return stage


def _on_bench(kind: str, known: Kind, colour: str, params: Params, field: str, seed: random.Random) -> Stage:
    floor = seed.choice(("ash", "sand"))
    stage = Stage(ground=hex_of(floor))
    stage.backdrop.append(paint_room(stage.backdrop_sheet, warm(field), hex_of(floor), edge=960))
    stage.backdrop.append(window_light(stage.backdrop_sheet, 90, 90, 520, 560, opacity=0.6))
    s = stage.sheet
    plant = plants.draw_planter(s, hex_of("chalk"), {"profile": "tapered", "height": 120, "radius": 70, "plant": "olive", "seed": colour})
    stage.stand(plant, 880, 1010, scale=1.35)
    bench = homeware.draw_bench(s, hex_of("oak"), {"width": 470, "height": 200})
    top = 1115 - 218 * 1.55
    stage.stand(bench, 430, 1115, scale=1.55)
    folded = cloth.draw_folded(s, colour, {**params, "layers": 3, "width": 230})
    calm = hex_of(seed.choice(("oat", "chalk", "fog")))
    if kind == "cushion":
        stage.stand(cloth.draw_cushion(s, calm, {"width": 220, "height": 220, "pattern": "ticking", "second": "slate"}), 590, top + 4, scale=1.25, strength=0.5)
        drawing = known.draw(s, colour, params)
        stage.stand(drawing, 330, top + 16, scale=_fit(drawing, 400, 380, 1.7), strength=0.5)
    else:
        stage.stand(cloth.draw_cushion(s, calm, {"width": 220, "height": 220, "pattern": "windowpane", "second": "slate"}), 240, top + 6, scale=1.2, strength=0.5)
        stage.stand(folded if kind != "folded" else known.draw(s, colour, params), 545, top + 12, scale=1.25, strength=0.5)
        mug = vessels.draw_mug(s, hex_of("clay"), {"height": 58, "radius": 30, "fill": "walnut"})
        lift = (folded.height + 4) * 1.25
        if kind == "throw":
            stage.stand(mug, 560, top + 12 - lift + 4, scale=1.15, strength=0.3)
    return stage


def _on_desk(kind: str, known: Kind, colour: str, params: Params, field: str, seed: random.Random) -> Stage:
    stage = Stage(ground=hex_of("oak"))
    stage.backdrop.append(paint_flat_field(stage.backdrop_sheet, mix(hex_of("ash"), field, 0.25)))
    stage.backdrop.append(window_light(stage.backdrop_sheet, 20, 40, 620, 900, opacity=0.42, lean=0.5))
    s = stage.sheet
    drawing = known.draw(s, colour, params)
    if kind == "notebook":
        opened = paper.draw_notebook(s, colour, {**params, "open": "yes"})
        stage.lay(opened, 560, 840, scale=1.15, turn=5, lift=12)
        stage.lay(drawing, 340, 420, scale=1.18, turn=-9, lift=14)
        stage.lay(paper.draw_pencil(s, hex_of("ochre")), 560, 700, scale=1.25, turn=62, lift=8, over=True)
    else:
        stage.lay(paper.draw_notebook(s, mix(colour, hex_of("slate"), 0.6), {"band": "ochre"}), 790, 1010, scale=1.15, turn=12, lift=13)
        stage.lay(drawing, 430, 560, scale=1.05, lift=12)
        stage.lay(paper.draw_pencil(s, hex_of("rust")), 150, 1010, scale=1.25, turn=-18, lift=8)
    _cup_from_above(stage, 820, 215)
    return stage


def _cup_from_above(stage: Stage, x: float, y: float) -> None:
    saucer = kitchen.draw_plate(stage.sheet, hex_of("chalk"), {"radius": 118, "well": 0.6})
    stage.lay(saucer, x, y, lift=12)
    s = stage.sheet
    cup = ellipse(0, 0, 70, 70, fill=hex_of("milk")) + ellipse(0, 0, 62, 62, fill=s.linear([(0, "#5b3a25"), (1, "#8d5c38")], end=(0.8, 1))) + ellipse(-14, -16, 34, 22, fill="#ffffff", opacity=0.10)
    handle = rect(60, -12, 46, 24, rx=11, fill=s.linear([(0, "#ffffff"), (1, "#d9d0c2")], end=(0, 1)))
    stage.art.append(place(group(ellipse(9, 14, 72, 72, fill="#5a4a3a", opacity=0.25), handle + cup, transform="rotate(28)"), x, y))


def _on_worktop(kind: str, known: Kind, colour: str, params: Params, field: str, seed: random.Random) -> Stage:
    stage = Stage(ground=mix(hex_of("chalk"), field, 0.4))
    stage.backdrop.append(paint_flat_field(stage.backdrop_sheet, mix(hex_of("chalk"), field, 0.4)))
    stage.backdrop.append(window_light(stage.backdrop_sheet, 40, 60, 640, 980, opacity=0.55, lean=0.5))
    s = stage.sheet
    towel = cloth.draw_rug(s, hex_of("oat"), {"width": 330, "height": 640, "pattern": "ticking", "second": seed.choice(("petrol", "rust", "slate")), "thread": 5})
    stage.lay(towel, 250, 740, scale=1.15, turn=-12, lift=8)
    if kind == "board":
        stage.lay(known.draw(s, colour, params), 560, 640, scale=1.32, turn=7, lift=15)
        stage.lay(kitchen.draw_knife(s, hex_of("walnut"), {"form": "chef"}), 640, 720, scale=1.0, turn=38, lift=9, over=True)
    else:
        stage.lay(kitchen.draw_board(s, hex_of("ash"), {"form": seed.choice(("rect", "paddle"))}), 560, 640, scale=1.3, turn=7, lift=15)
        drawing = known.draw(s, colour, params)
        stage.lay(drawing, 560, 660, scale=_fit(drawing, 560, 760, 1.25), turn=-14, lift=10, over=True)
    for x, y, tone in ((800, 200, "#d9a441"), (878, 268, "#cf9a3a"), (780, 300, "#e0b252")):
        ball = s.radial([(0, tint(tone, 0.5)), (0.5, tone), (1, shade(tone, 0.25))], centre=(0.35, 0.3), radius=0.75)
        stage.soft.append(ellipse(x + 12, y + 18, 46, 44, fill=shade(stage.ground, 0.5), opacity=0.3))
        stage.art.append(ellipse(x, y, 46, 44, fill=ball))
    return stage


def _at_dinner(kind: str, known: Kind, colour: str, params: Params, field: str, seed: random.Random) -> Stage:
    s_colour = hex_of(seed.choice(("petrol", "rust", "moss")))
    if kind == "pendant":
        stage = _room_with_top(field, "oak", edge=960, light=False)
        s = stage.sheet
        stage.stand(vessels.draw_vase(s, hex_of("chalk"), {"profile": "moon", "height": 120, "radius": 62, "stems": "olive", "seed": colour}), 330, 1050, scale=1.35)
        stage.stand(vessels.draw_bowl(s, hex_of("clay"), {"profile": "open", "content": "pears", "radius": 84, "height": 60}), 650, 1110, scale=1.7)
        drawing = known.draw(s, colour, {**params, "drop": 190})
        stage.hang(drawing, 500, 0, scale=_fit(drawing, 560, 560, known.most * 0.86))
        return stage
    stage = Stage(ground=hex_of("oat"))
    stage.backdrop.append(paint_flat_field(stage.backdrop_sheet, mix(hex_of("oat"), field, 0.45)))
    stage.backdrop.append(window_light(stage.backdrop_sheet, 30, 40, 640, 980, opacity=0.5, lean=0.5))
    s = stage.sheet
    if kind == "linen":
        stage.lay(known.draw(s, colour, params), 470, 640, scale=min(1.5, 760 / float(str(params.get("width", 420))), 1040 / float(str(params.get("height", 600)))), turn=-4, lift=7)
        stage.lay(kitchen.draw_plate(s, hex_of("chalk"), {"pattern": "line", "second": "slate", "radius": 215}), 560, 690, turn=0, lift=12, over=True)
    else:
        stage.lay(cloth.draw_rug(s, s_colour, {"width": 300, "height": 300, "pattern": "border", "second": "chalk"}), 300, 760, scale=1.6, turn=-10, lift=7)
        stage.lay(known.draw(s, colour, params), 520, 640, scale=1.2, lift=14)
        small = kitchen.draw_plate(s, colour, {**params, "radius": 168})
        stage.lay(small, 520, 640, scale=1.02, lift=9, over=True)
    stage.lay(kitchen.draw_spoon(s, hex_of("oak"), {"form": "spoon"}), 905, 700, scale=0.92, turn=3, lift=8)
    _cup_from_above(stage, 830, 190)
    return stage


def _on_rug(kind: str, known: Kind, colour: str, params: Params, field: str, seed: random.Random) -> Stage:
    stage = Stage(ground=hex_of("ash"))
    stage.backdrop.append(paint_room(stage.backdrop_sheet, warm(field), hex_of("ash"), edge=700))
    stage.backdrop.append(window_light(stage.backdrop_sheet, 80, 60, 460, 420, opacity=0.6))
    s = stage.sheet
    flat = known.draw(s, colour, params)
    wide = 820 / flat.width
    deep = min(wide * 0.62, 400 / flat.height)
    stage.soft.append(group(group(place(f'<path d="{flat.outline}" fill="{shade(stage.ground, 0.5)}" fill-opacity="0.4"/>', 0, 0), filter=s.blur(6)), transform=f"matrix({wide:.3f} 0 {-deep * 0.25:.3f} {deep:.3f} 484 985)"))
    stage.art.append(group(flat.art, transform=f"matrix({wide:.3f} 0 {-deep * 0.25:.3f} {deep:.3f} 480 975)"))
    stage.stand(lamps.draw_floor_lamp(s, hex_of("black"), {"stand": "disc", "shade": "cone", "pole": 330, "shade_colour": "chalk", "shade_width": 82, "shade_height": 86}), 860, 800, scale=1.35)
    stage.stand(homeware.draw_stool(s, hex_of("walnut"), {"height": 210, "radius": 96, "legs": 3}), 360, 960, scale=1.3)
    stage.stand(books(s, [hex_of("ochre"), hex_of("fog")], width=120), 360, 676, scale=1.1, strength=0.3)
    return stage


