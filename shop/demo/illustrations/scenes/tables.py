"""Scenes at a table, a worktop, a sideboard, and on the wall above one."""

from __future__ import annotations

from shop.demo.illustrations import kitchen, lamps, paper, plants, tea, vessels
from shop.demo.illustrations.canvas import ellipse, rect
from shop.demo.illustrations.colour import hex_of, shade, tint
from shop.demo.illustrations.drawing import Params, amount
from shop.demo.illustrations.grounds import WIDTH, warm
from shop.demo.illustrations.scenes.props import Cast, books, fit, room_with_top
from shop.demo.illustrations.stage import Stage


def on_table(cast: Cast) -> Stage:
    """A tea table by the window."""
    stage, company = room_with_top(cast.field, cast.pick("oak", "ash", "oat"), edge=880)
    sheet = company.sheet
    tea_things = cast.kind in ("teapot", "whisk")
    if tea_things:
        stems = cast.chance.choice(("olive", "eucalyptus", "blossom"))
        bud = {"profile": "bud", "height": 150, "radius": 42, "stems": stems, "seed": stems}
        company.stand(vessels.draw_vase(sheet, cast.quiet(), bud), 770, 930, scale=1.5)
    else:
        pot = {"profile": cast.chance.choice(("round", "low")), "radius": 88, "height": 116}
        company.stand(tea.draw_teapot(sheet, cast.quiet(), pot), 735, 950, scale=1.75)
    if tea_things or cast.kind == "bowl":
        drink = "moss" if cast.kind == "whisk" else "honey"
        cup = {"profile": "tulip", "handle": "none", "height": 64, "radius": 44, "fill": drink}
        company.stand(vessels.draw_mug(sheet, cast.quiet(), cup), 800, 1125, scale=1.9)
    else:
        company.stand(books(sheet, "petrol", "blush", "oat", width=190), 800, 1130, scale=1.2)
    drawing = cast.draw(stage)
    stage.stand(drawing, 385, 1075, scale=fit(drawing, 540, 560, cast.known.most * 0.78))
    return stage


def in_kitchen(cast: Cast) -> Stage:
    """A worktop with a board leaning on the wall."""
    stage, company = room_with_top(cast.field, cast.pick("oak", "ash", "chalk"), edge=900)
    sheet = company.sheet
    board = kitchen.draw_board(
        sheet, cast.pick("oak", "walnut", "ash"), {"form": cast.chance.choice(("paddle", "round"))}
    )
    company.lay(board, 725, 640, scale=0.98, turn=3, lift=16)
    content = cast.chance.choice(("honey", "oat", "terracotta"))
    glass = {"material": "glass", "content": content, "lid": "cork", "profile": "shoulder", "height": 130, "radius": 60}
    company.stand(vessels.draw_jar(sheet, hex_of("sky"), glass), 810, 985, scale=1.7)
    if cast.kind == "tin":
        pot = tea.draw_teapot(sheet, cast.quiet(), {"profile": "round", "radius": 84, "height": 110})
        company.stand(pot, 300, 955, scale=1.5)
    else:
        fern = {"profile": "classic", "height": 80, "radius": 54, "plant": "fern", "lush": 0.55}
        company.stand(plants.draw_planter(sheet, hex_of("terracotta"), fern), 240, 960, scale=1.6)
    drawing = cast.draw(stage)
    stage.stand(drawing, 500, 1110, scale=fit(drawing, 420, 560, cast.known.most * 0.82))
    return stage


def on_sideboard(cast: Cast) -> Stage:
    """A sideboard with books, a bowl and a print above."""
    wood = cast.pick("walnut", "oak", "cherry")
    stage, company = room_with_top(cast.field, wood, edge=985, light=cast.kind == "vase")
    sheet = company.sheet
    front = rect(0, 1085, WIDTH, 165, fill=shade(wood, 0.16))
    front += rect(0, 1085, WIDTH, 3, fill=tint(wood, 0.4), opacity=0.6)
    front += rect(498, 1090, 4, 160, fill=shade(wood, 0.45), opacity=0.6)
    front += ellipse(476, 1170, 6, 6, fill=hex_of("brass")) + ellipse(524, 1170, 6, 6, fill=hex_of("brass"))
    company.backdrop.append(front)
    motif = {
        "motif": cast.chance.choice(("arches", "sunhills", "stones", "contours")),
        "second": cast.chance.choice(("ochre", "sage", "blush")),
        "frame": cast.chance.choice(("oak", "black")),
        "width": 300,
        "height": 390,
    }
    picture = paper.draw_print(sheet, cast.pick("terracotta", "petrol", "moss"), motif)
    company.lay(picture, 735, 430, scale=1.1, lift=11)
    company.stand(books(sheet, "petrol", "oat", "rust"), 760, 1040, scale=1.3)
    bowl = vessels.draw_bowl(sheet, cast.quiet(), {"profile": "open", "radius": 62, "height": 46})
    company.stand(bowl, 760, 943, scale=1.3, strength=0.0)
    drawing = cast.draw(stage)
    tall = drawing.height > 300
    stage.stand(drawing, 345, 1060, scale=fit(drawing, 470, 800, cast.known.most * (0.86 if tall else 0.74)))
    return stage


def on_wall(cast: Cast) -> Stage:
    """A wall above a long table, with a lamp lit on it."""
    wood = cast.pick("oak", "walnut", "ash")
    stage, company = room_with_top(cast.field, wood, edge=1040)
    stage.ground = warm(cast.field)
    sheet = company.sheet
    base = {"base": "sphere", "shade": "empire", "base_height": 110, "base_radius": 52, "shade_width": 82}
    lamp = lamps.draw_table_lamp(sheet, cast.pick("clay", "sage", "ink"), {**base, "shade_height": 92})
    company.stand(lamp, 820, 1120, scale=1.5)
    company.stand(books(sheet, "rust", "fog", width=220), 330, 1130, scale=1.2)
    bowl = vessels.draw_bowl(sheet, cast.quiet(), {"profile": "round", "radius": 66, "height": 48})
    company.stand(bowl, 330, 1064, scale=1.2, strength=0.2)
    drawing = cast.draw(stage)
    scale = fit(drawing, 540, 640, cast.known.most * 0.74)
    middle = 480 if cast.kind == "shelf" else 440
    stage.lay(drawing, 455, middle, scale=scale, lift=13)
    if cast.kind == "shelf":
        fill_shelf(stage, cast.params, x=455, y=middle, scale=scale, span=drawing.width * scale)
    return stage


def fill_shelf(stage: Stage, params: Params, *, x: float, y: float, scale: float, span: float) -> None:
    """Put a few things on a wall shelf whose middle is at (x, y); `span` is its width in picture units."""
    sheet = stage.sheet
    boards = int(amount(params, "boards", 2))
    gap = amount(params, "gap", 230) * scale
    size = 0.55 * scale + 0.35
    top = y - gap * (boards - 1) / 2 - 6 * scale
    dried = {"profile": "moon", "height": 70, "radius": 38, "stems": "dried", "seed": "shelf"}
    pile = books(sheet, "petrol", "oat", "ochre", width=140)
    stage.stand(pile, x + span * 0.2, top, scale=size, strength=0.2)
    low = top + gap * (boards - 1)
    stage.stand(
        vessels.draw_vase(sheet, hex_of("terracotta"), dried), x - span * 0.26, low, scale=size * 0.6, strength=0.2
    )
    if boards > 1:
        clay = {"pattern": "speckle", "second": "walnut", "height": 66, "radius": 34}
        tin = {"motif": "leaf", "accent": "forest", "height": 78, "radius": 34}
        stage.stand(
            vessels.draw_mug(sheet, hex_of("chalk"), clay), x + span * 0.02, top + gap, scale=size, strength=0.2
        )
        stage.stand(tea.draw_tin(sheet, hex_of("forest"), tin), x + span * 0.28, top + gap, scale=size, strength=0.2)
