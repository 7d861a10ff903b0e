"""Scenes on the floor of a room: furniture, baskets, plants, a bench with cushions, a rug."""

from __future__ import annotations

from shop.demo.illustrations import cloth, cushions, furniture, lamps, paper, plants, vessels
from shop.demo.illustrations.canvas import group, path
from shop.demo.illustrations.colour import hex_of, shade
from shop.demo.illustrations.grounds import paint_room, warm, window_light
from shop.demo.illustrations.scenes.props import Cast, books, fit, new_scene
from shop.demo.illustrations.stage import Stage


def on_floor(cast: Cast) -> Stage:
    """A corner of a living room in the morning."""
    floor = cast.pick("oak", "ash", "sand")
    stage, company = new_scene(floor)
    sheet = company.sheet
    company.backdrop.append(paint_room(company.backdrop_sheet, warm(cast.field), floor, edge=900))
    company.backdrop.append(window_light(company.backdrop_sheet, 60, 110, 460, 560, opacity=0.6))
    long = cast.kind == "bench"
    if not long:
        motif = {"motif": cast.chance.choice(("waves", "arches", "vessels", "stones")), "second": "ochre"}
        size = {"frame": "oak", "width": 260, "height": 330}
        picture = paper.draw_print(sheet, cast.pick("petrol", "terracotta", "forest"), {**motif, **size})
        company.lay(picture, 745, 400, scale=0.95, lift=10)
    if cast.kind in ("planter", "basket"):
        company.stand(furniture.draw_stool(sheet, hex_of("oak"), {"height": 240, "radius": 96}), 780, 1010, scale=1.45)
        company.stand(books(sheet, "blush", "slate", width=130), 780, 650, scale=1.2, strength=0.3)
    else:
        plant = cast.chance.choice(("fig", "snake", "olive"))
        pot = {"profile": "tapered", "height": 130, "radius": 78, "plant": plant, "seed": plant, "lush": 1.05}
        green = plants.draw_planter(sheet, cast.pick("chalk", "terracotta", "slate"), pot)
        company.stand(green, 860 if long else 810, 985, scale=1.45)
    drawing = cast.draw(stage)
    scale = fit(drawing, 640 if long else 560, 880 if cast.kind == "floor_lamp" else 640, cast.known.most * 0.86)
    stage.stand(drawing, 420 if long else 390, 1110, scale=scale)
    top = 1110 - (drawing.height - 6) * scale
    mug = vessels.draw_mug(stage.sheet, hex_of("clay"), {"height": 50, "radius": 26, "fill": "walnut"})
    if cast.kind == "side_table":
        dried = {"profile": "moon", "height": 92, "radius": 48, "stems": "dried", "seed": "side table"}
        stage.stand(vessels.draw_vase(stage.sheet, cast.quiet(), dried), 345, top + 4, scale=1.15, strength=0.35)
        stage.stand(mug, 455, top + 18, scale=1.15, strength=0.35)
    elif cast.kind == "stool":
        stage.stand(mug, 390, top + 8, scale=1.2, strength=0.35)
    return stage


def on_bench(cast: Cast) -> Stage:
    """A hall bench with soft things on it."""
    floor = cast.pick("ash", "sand")
    stage, company = new_scene(floor)
    sheet = company.sheet
    company.backdrop.append(paint_room(company.backdrop_sheet, warm(cast.field), floor, edge=960))
    company.backdrop.append(window_light(company.backdrop_sheet, 90, 90, 520, 560, opacity=0.6))
    olive = {"profile": "tapered", "height": 120, "radius": 70, "plant": "olive", "seed": "bench"}
    company.stand(plants.draw_planter(sheet, hex_of("chalk"), olive), 880, 1010, scale=1.35)
    company.stand(furniture.draw_bench(sheet, hex_of("oak"), {"width": 470, "height": 200}), 430, 1115, scale=1.55)
    top = 1115 - 218 * 1.55
    calm = cast.pick("oat", "chalk", "fog")
    if cast.kind == "cushion":
        other = {"width": 220, "height": 220, "pattern": "ticking", "second": "slate"}
        company.stand(cushions.draw_cushion(sheet, calm, other), 590, top + 4, scale=1.25, strength=0.5)
        drawing = cast.draw(stage)
        stage.stand(drawing, 320, top + 16, scale=fit(drawing, 410, 390, 1.7), strength=0.5)
        return stage
    other = {"width": 220, "height": 220, "pattern": "windowpane", "second": "slate"}
    company.stand(cushions.draw_cushion(sheet, calm, other), 240, top + 6, scale=1.2, strength=0.5)
    if cast.kind == "folded":
        drawing = cast.draw(stage)
        stage.stand(drawing, 545, top + 12, scale=fit(drawing, 330, 330, 1.25), strength=0.5)
        return stage
    drawing = cloth.draw_folded(stage.sheet, cast.colour, {**cast.params, "layers": 3, "width": 230})
    stage.stand(drawing, 545, top + 12, scale=1.25, strength=0.5)
    mug = vessels.draw_mug(stage.sheet, hex_of("clay"), {"height": 58, "radius": 30, "fill": "walnut"})
    stage.stand(mug, 560, top + 16 - (drawing.height + 4) * 1.25, scale=1.15, strength=0.3)
    return stage


def on_rug(cast: Cast) -> Stage:
    """A rug in perspective, with a reading lamp and a stool."""
    floor = hex_of("ash")
    stage, company = new_scene(floor)
    company.backdrop.append(paint_room(company.backdrop_sheet, warm(cast.field), floor, edge=700))
    company.backdrop.append(window_light(company.backdrop_sheet, 80, 60, 460, 420, opacity=0.6))
    flat = cast.draw(stage)
    wide = 820 / flat.width
    deep = min(wide * 0.62, 400 / flat.height)
    lie = f"matrix({wide:.3f} 0 {-deep * 0.25:.3f} {deep:.3f}"
    shadow = path(flat.outline, fill=shade(floor, 0.5), opacity=0.4)
    stage.soft.append(group(group(shadow, filter=stage.sheet.blur(6)), transform=f"{lie} 484 985)"))
    stage.art.append(group(flat.art, transform=f"{lie} 480 975)"))
    reading = {"stand": "disc", "shade": "cone", "pole": 330, "shade_colour": "chalk", "shade_width": 82}
    lamp = lamps.draw_floor_lamp(stage.sheet, hex_of("black"), {**reading, "shade_height": 86})
    stage.stand(lamp, 860, 800, scale=1.35)
    stool = furniture.draw_stool(stage.sheet, hex_of("walnut"), {"height": 210, "radius": 96, "legs": 3})
    stage.stand(stool, 360, 960, scale=1.3)
    stage.stand(books(stage.sheet, "ochre", "fog", width=120), 360, 676, scale=1.1, strength=0.3)
    return stage
