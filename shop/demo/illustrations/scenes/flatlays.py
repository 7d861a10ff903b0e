"""Scenes from above: a desk, a worktop with a board, a set table (and, from the front, the table under a pendant)."""

from __future__ import annotations

from shop.demo.illustrations import cloth, kitchen, paper, plates, vessels
from shop.demo.illustrations.colour import hex_of, mix
from shop.demo.illustrations.drawing import amount
from shop.demo.illustrations.grounds import paint_flat_field, window_light
from shop.demo.illustrations.scenes.props import (
    Cast,
    fit,
    new_scene,
    put_cup_from_above,
    put_lemons,
    room_with_top,
)
from shop.demo.illustrations.stage import Stage


def _sunny(ground: str, *, opacity: float) -> tuple[Stage, Stage]:
    stage, company = new_scene(ground)
    company.backdrop.append(paint_flat_field(company.backdrop_sheet, ground))
    company.backdrop.append(window_light(company.backdrop_sheet, 30, 40, 640, 960, opacity=opacity, lean=0.5))
    return stage, company


def on_desk(cast: Cast) -> Stage:
    """A writing desk in the morning."""
    stage, company = _sunny(mix(hex_of("ash"), cast.field, 0.25), opacity=0.42)
    put_cup_from_above(company, 820, 215)
    drawing = cast.draw(stage)
    if cast.kind == "notebook":
        stage.lay(cast.draw(stage, open="yes"), 560, 840, scale=1.15, turn=5, lift=12)
        stage.lay(drawing, 340, 420, scale=fit(drawing, 380, 500, 1.2), turn=-9, lift=14)
        pencil = paper.draw_pencil(stage.sheet, hex_of("ochre"))
        stage.lay(pencil, 560, 700, scale=1.25, turn=62, lift=8, over=True)
        return stage
    book = paper.draw_notebook(company.sheet, cast.pick("petrol", "sage", "clay"), {"band": "ochre"})
    company.lay(book, 790, 1010, scale=1.15, turn=12, lift=13)
    company.lay(paper.draw_pencil(company.sheet, hex_of("rust")), 150, 1060, scale=1.25, turn=-18, lift=8)
    stage.lay(drawing, 430, 560, scale=1.05, lift=12)
    return stage


def on_worktop(cast: Cast) -> Stage:
    """A board, a cloth and lemons."""
    stage, company = _sunny(mix(hex_of("chalk"), cast.field, 0.4), opacity=0.55)
    second = cast.chance.choice(("petrol", "rust", "slate"))
    striped = {"width": 330, "height": 640, "pattern": "ticking", "second": second, "thread": 5}
    company.lay(cloth.draw_rug(company.sheet, hex_of("oat"), striped), 250, 740, scale=1.15, turn=-12, lift=8)
    put_lemons(company)
    if cast.kind == "board":
        stage.lay(cast.draw(stage), 560, 640, scale=1.32, turn=7, lift=15)
        knife = kitchen.draw_knife(stage.sheet, hex_of("walnut"), {"form": "chef"})
        stage.lay(knife, 640, 720, scale=1.0, turn=38, lift=9, over=True)
        return stage
    board = kitchen.draw_board(company.sheet, hex_of("ash"), {"form": cast.chance.choice(("rect", "paddle"))})
    company.lay(board, 560, 640, scale=1.3, turn=7, lift=15, over=True)
    drawing = cast.draw(stage)
    stage.lay(drawing, 560, 660, scale=fit(drawing, 560, 760, 1.25), turn=-14, lift=10, over=True)
    return stage


def at_dinner(cast: Cast) -> Stage:
    """A set table from above; for a pendant, the table it hangs over."""
    if cast.kind == "pendant":
        return _under_pendant(cast)
    stage, company = _sunny(mix(hex_of("oat"), cast.field, 0.45), opacity=0.5)
    put_cup_from_above(company, 830, 190)
    company.lay(
        kitchen.draw_spoon(company.sheet, hex_of("oak"), {"form": "spoon"}), 905, 720, scale=0.92, turn=3, lift=8
    )
    if cast.kind == "linen":
        wide, tall = amount(cast.params, "width", 420), amount(cast.params, "height", 600)
        stage.lay(cast.draw(stage), 450, 640, scale=min(1.5, 760 / wide, 1040 / tall), turn=-4, lift=7)
        plate = plates.draw_plate(stage.sheet, hex_of("chalk"), {"pattern": "line", "second": "slate", "radius": 205})
        stage.lay(plate, 480, 680, lift=12, over=True)
        return stage
    napkin = {"width": 300, "height": 300, "pattern": "border", "second": "chalk"}
    cloth_below = cloth.draw_rug(company.sheet, cast.pick("petrol", "rust", "moss"), napkin)
    company.lay(cloth_below, 300, 760, scale=1.6, turn=-10, lift=7)
    stage.lay(cast.draw(stage), 505, 640, scale=1.2, lift=14)
    stage.lay(cast.draw(stage, radius=168), 505, 640, scale=1.02, lift=9, over=True)
    return stage


def _under_pendant(cast: Cast) -> Stage:
    stage, company = room_with_top(cast.field, hex_of("oak"), edge=960, light=False)
    sheet = company.sheet
    olive = {"profile": "moon", "height": 120, "radius": 62, "stems": "olive", "seed": "pendant"}
    company.stand(vessels.draw_vase(sheet, hex_of("chalk"), olive), 320, 1050, scale=1.2)
    pears = {"profile": "open", "content": "pears", "radius": 84, "height": 60}
    company.stand(vessels.draw_bowl(sheet, cast.pick("clay", "petrol", "sage"), pears), 660, 1110, scale=1.7)
    drawing = cast.draw(stage, drop=150)
    stage.hang(drawing, 500, 0, scale=fit(drawing, 560, 520, cast.known.most * 0.86))
    return stage
