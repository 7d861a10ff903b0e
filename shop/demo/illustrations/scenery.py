"""The shop's own pictures: the home scene, the story, one tile per category, the sharing picture."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from shop.demo.illustrations import (
    candles,
    kitchen,
    lamps,
    paper,
    plants,
    tea,
    vessels,
)
from shop.demo.illustrations.canvas import Sheet, curve, ellipse, path, place, rect
from shop.demo.illustrations.colour import hex_of, shade, tint
from shop.demo.illustrations.grounds import paint_table, window_light
from shop.demo.illustrations.mark import draw_mark
from shop.demo.illustrations.render import compose
from shop.demo.illustrations.scenes.props import books
from shop.demo.illustrations.stage import Stage
from shop.demo.illustrations.tiles import TILES

WALL, OAK = "#ecdcc6", hex_of("oak")


def _wall_and_table(width: float, height: float, edge: float) -> Stage:
    stage = Stage(ground=OAK, width=width, height=height, sheet=Sheet(fineness=4))
    back = stage.backdrop_sheet
    plaster = back.linear([(0, tint(WALL, 0.42)), (0.5, WALL), (1, shade(WALL, 0.10))], end=(0.9, 1))
    stage.backdrop.append(rect(0, 0, width, height, fill=plaster))
    stage.backdrop.append(paint_table(back, OAK, edge=edge, width=width, height=height))
    return stage


def _window(stage: Stage, x: float, y: float, width: float, height: float) -> None:
    """A sash window with a morning behind it and a thin curtain on either side."""
    back = stage.backdrop_sheet
    sky = back.linear([(0, "#cfe0e6"), (0.6, "#f2ead8"), (1, "#f7ecd2")], end=(0, 1))
    hill = [
        (x, y + height * 0.74),
        (x + width * 0.3, y + height * 0.62),
        (x + width * 0.65, y + height * 0.70),
        (x + width, y + height * 0.58),
    ]
    near = [
        (x, y + height * 0.84),
        (x + width * 0.35, y + height * 0.80),
        (x + width * 0.7, y + height * 0.86),
        (x + width, y + height * 0.78),
    ]
    close = f"L{x + width:.0f} {y + height:.0f}L{x:.0f} {y + height:.0f}Z"
    view = rect(x, y, width, height, fill=sky)
    view += ellipse(x + width * 0.70, y + height * 0.36, width * 0.09, width * 0.09, fill="#fff6dc", opacity=0.95)
    view += path(curve(hill) + close, fill="#b9c9b4") + path(curve(near) + close, fill="#93a98c")
    frame = "#fbf6ec"
    bars = rect(x + width / 2 - 7, y, 14, height, fill=frame) + rect(x, y + height * 0.46, width, 12, fill=frame)
    outer = path(
        f"M{x - 26} {y - 26}H{x + width + 26}V{y + height + 26}H{x - 26}ZM{x} {y}V{y + height}H{x + width}V{y}Z",
        fill=frame,
        fill_rule="evenodd",
    )
    sill = rect(x - 60, y + height + 22, width + 120, 26, fill=tint(frame, 0.3))
    sill += rect(x - 60, y + height + 48, width + 120, 12, fill="#5a4634", opacity=0.14)
    curtain = ""
    for side in (-1, 1):
        left = x - 110 if side < 0 else x + width - 80
        for fold in range(6):
            sheer = back.linear([(0, "#ffffff", 0.75), (0.5, "#f6ecda", 0.6), (1, "#ffffff", 0.35)])
            curtain += rect(left + fold * 32, y - 60, 32, height + 170, fill=sheer)
    rod = rect(x - 150, y - 70, width + 300, 9, rx=4, fill=hex_of("brass"))
    stage.backdrop.append(view + bars + outer + sill + curtain + rod)


def hero() -> Stage:
    """A long table by a window in the morning: 2400 x 1200 units."""
    stage = _wall_and_table(2400, 1200, 850)
    _window(stage, 190, 130, 500, 560)
    stage.backdrop.append(window_light(stage.backdrop_sheet, 900, 120, 620, 560, opacity=0.55))
    sheet = stage.sheet
    motif = {"motif": "sunhills", "second": "honey", "frame": "oak", "width": 300, "height": 390}
    stage.lay(paper.draw_print(sheet, hex_of("moss"), motif), 1700, 400, scale=1.1, lift=11)
    dome = {"shade": "dome", "opaque": "yes", "shade_width": 150, "shade_height": 122, "drop": 120}
    stage.hang(lamps.draw_pendant(sheet, hex_of("petrol"), dome), 1260, 0, scale=1.15)
    moon = {"profile": "moon", "height": 170, "radius": 88, "stems": "eucalyptus", "seed": "hero", "gloss": 0.2}
    stage.stand(vessels.draw_vase(sheet, hex_of("oat"), moon), 800, 960, scale=1.65)
    lamp = {"base": "gourd", "shade": "empire", "shade_colour": "chalk"}
    stage.stand(lamps.draw_table_lamp(sheet, hex_of("terracotta"), lamp), 2080, 985, scale=2.0)
    stage.stand(books(sheet, "petrol", "oat", "rust", "sage", width=230), 1770, 960, scale=1.25)
    stage.stand(
        candles.draw_candle(sheet, hex_of("chalk"), {"form": "glass", "height": 100, "radius": 44}),
        1770,
        832,
        scale=1.1,
        strength=0.2,
    )
    stage.stand(tea.draw_teapot(sheet, hex_of("petrol"), {"profile": "round", "gloss": 0.9}), 1190, 1010, scale=1.75)
    stage.stand(
        vessels.draw_bowl(
            sheet, hex_of("terracotta"), {"profile": "pedestal", "content": "lemons", "height": 120, "radius": 112}
        ),
        1540,
        1035,
        scale=1.45,
    )
    cup = {"profile": "tulip", "handle": "none", "height": 64, "radius": 44, "fill": "honey"}
    stage.stand(vessels.draw_mug(sheet, hex_of("celadon"), cup), 990, 1090, scale=1.5)
    stage.stand(
        vessels.draw_mug(
            sheet, hex_of("chalk"), {"pattern": "speckle", "second": "walnut", "height": 112, "fill": "walnut"}
        ),
        1325,
        1120,
        scale=1.35,
    )
    stage.stand(
        tea.draw_tin(sheet, hex_of("ochre"), {"motif": "hills", "label": "milk", "accent": "rust"}), 505, 985, scale=1.3
    )
    fern = {"profile": "classic", "height": 90, "radius": 60, "plant": "fern", "lush": 0.6}
    stage.stand(plants.draw_planter(sheet, hex_of("terracotta"), fern), 270, 970, scale=1.55)
    return stage


def story() -> Stage:
    """A potter's shelves: 1600 x 1200 units."""
    stage = Stage(ground=hex_of("ash"), width=1600, height=1200, sheet=Sheet(fineness=3))
    back = stage.backdrop_sheet
    stage.backdrop.append(
        rect(0, 0, 1600, 1200, fill=back.linear([(0, tint("#d9dfd6", 0.4)), (1, shade("#d9dfd6", 0.10))], end=(0.8, 1)))
    )
    stage.backdrop.append(window_light(back, 120, 60, 720, 760, opacity=0.55))
    sheet = stage.sheet
    wood = hex_of("ash")
    boards = (430.0, 800.0)
    for y in boards:
        plank = rect(110, y, 1380, 26, fill=sheet.linear([(0, tint(wood, 0.2)), (1, shade(wood, 0.2))], end=(0, 1)))
        plank += rect(110, y - 9, 1380, 10, fill=tint(wood, 0.4))
        for x in (270, 1310):
            plank += path(f"M{x} {y + 26}h26v66q0 -40 -26 -66z", fill=hex_of("charcoal"))
        stage.art.append(plank)
        stage.soft.append(
            rect(130, y + 26, 1380, 60, fill=sheet.linear([(0, "#4d5248", 0.42), (1, "#4d5248", 0)], end=(0, 1)))
        )
    raw, glazed = hex_of("oat"), ("chalk", "sage", "petrol", "clay", "sky", "ochre")
    for index in range(6):
        mug = vessels.draw_mug(
            sheet,
            raw if index > 3 else hex_of(glazed[index]),
            {"pattern": "speckle" if index < 4 else "", "second": "walnut", "gloss": 0.0 if index > 3 else 0.6},
        )
        stage.stand(mug, 235 + index * 200, boards[0] - 2, scale=1.05, strength=0.5)
    for x, colour, params, scale in (
        (250, "celadon", {"profile": "round", "pattern": "line", "second": "petrol"}, 1.0),
        (520, "oat", {"profile": "deep", "gloss": 0.0}, 0.95),
        (1345, "terracotta", {"profile": "pedestal", "height": 120}, 1.0),
    ):
        stage.stand(vessels.draw_bowl(sheet, hex_of(colour), params), x, boards[1] - 2, scale=scale, strength=0.5)
    stage.stand(
        tea.draw_teapot(sheet, hex_of("chalk"), {"profile": "low"}), 800, boards[1] - 2, scale=1.05, strength=0.5
    )
    stage.stand(
        vessels.draw_vase(sheet, raw, {"profile": "gourd", "gloss": 0.0, "height": 230, "radius": 78}),
        1075,
        boards[1] - 2,
        scale=1.05,
        strength=0.5,
    )
    stage.backdrop.append(paint_table(back, hex_of("oak"), edge=1060, width=1600, height=1200))
    stage.stand(kitchen.draw_mortar(sheet, hex_of("fog"), {"pattern": "speckle"}), 330, 1150, scale=0.95)
    stage.stand(
        vessels.draw_jar(sheet, hex_of("ink"), {"lid": "wood", "pattern": "dip", "second": "oat"}),
        1210,
        1150,
        scale=1.0,
    )
    stage.stand(
        vessels.draw_vase(
            sheet, hex_of("forest"), {"profile": "bottle", "stems": "branch", "height": 150, "radius": 50}
        ),
        560,
        1145,
        scale=0.95,
    )
    stage.stand(books(sheet, "rust", "fog", width=210), 930, 1155, scale=1.1)
    return stage


def sharing() -> Stage:
    """The picture for links shared elsewhere: the mark, a lamp, a vase, a cup: 1200 x 630 units."""
    stage = _wall_and_table(1200, 630, 470)
    stage.backdrop.append(window_light(stage.backdrop_sheet, 60, 40, 420, 360, opacity=0.55))
    sheet = stage.sheet
    stage.art.append(place(draw_mark(hex_of("charcoal"), hex_of("terracotta")), 250, 250, scale=2.6))
    stage.stand(lamps.draw_table_lamp(sheet, hex_of("terracotta"), {"shade": "empire"}), 930, 550, scale=1.2)
    stage.stand(
        vessels.draw_vase(
            sheet, hex_of("oat"), {"profile": "moon", "height": 150, "radius": 78, "stems": "eucalyptus", "seed": "og"}
        ),
        650,
        535,
        scale=0.95,
    )
    stage.stand(
        vessels.draw_mug(sheet, hex_of("chalk"), {"pattern": "speckle", "second": "walnut"}), 500, 575, scale=0.85
    )
    stage.stand(books(sheet, "petrol", "rust", width=170), 770, 580, scale=0.8)
    return stage


SCENERY: dict[str, tuple[Callable[[], Stage], int]] = {
    "hero": (hero, 2400),
    "story": (story, 1600),
    "sharing": (sharing, 1200),
    **{f"tile-{name}": (build, 800) for name, build in TILES.items()},
}
"""Every picture by name, and how wide it is meant to be in pixels."""


def render_scenery(name: str, *, width: int | None = None) -> Image.Image:
    """One of the shop's own pictures. An unknown name is a KeyError."""
    build, meant = SCENERY[name]
    return compose(build(), width=width or meant, crisp=not name.startswith("tile"))
