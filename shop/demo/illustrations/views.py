"""The three views of a product: on its field, close up, and at home."""

from __future__ import annotations

from shop.demo.illustrations.canvas import Sheet
from shop.demo.illustrations.colour import FIELD_TINTS, hex_of, mix, tint
from shop.demo.illustrations.drawing import Drawing, Params, word
from shop.demo.illustrations.furniture import draw_shelf
from shop.demo.illustrations.grounds import paint_field, paint_flat_field
from shop.demo.illustrations.kinds import KINDS, Kind
from shop.demo.illustrations.scenes import show_at_home
from shop.demo.illustrations.scenes.tables import fill_shelf
from shop.demo.illustrations.stage import Stage

VIEWS = 3


def compose_view(kind: str, *, colour: str, params: Params, view: int) -> Stage:
    """The stage of one view: 0 main, 1 close-up, 2 at home. An unknown kind or view is a KeyError or ValueError."""
    if view not in range(VIEWS):
        raise ValueError(f"There are views 0 to {VIEWS - 1}, not {view}.")
    known = KINDS[kind]
    field = FIELD_TINTS[word(params, "field", "ceramics")]
    if view == 2:
        return show_at_home(kind, known, hex_of(colour), params, field)
    stage = Stage(ground=field, sheet=Sheet(fineness=2))
    drawing, x, y, scale = _show(stage, known, hex_of(colour), params, field, close=view == 1)
    if view == 1:
        stage.view_box = _close_up(known, drawing, x, y, scale)
    return stage


def _show(
    stage: Stage, known: Kind, colour: str, params: Params, field: str, *, close: bool
) -> tuple[Drawing, float, float, float]:
    if close and word(params, "close"):
        params = {**params, **dict(part.split("=", 1) for part in word(params, "close").split(";"))}
    drawing = known.draw(stage.sheet, colour, params)
    if known.pose == "hang":
        scale = min(known.most, 620 / drawing.width, 950 / drawing.height)
        stage.backdrop.append(paint_field(stage.backdrop_sheet, field, ground=0.93))
        stage.hang(drawing, 500, 0, scale=scale)
        return drawing, 500, 0, scale
    if known.pose == "stand":
        scale = min(known.most, 760 / drawing.width, 880 / drawing.height)
        y = 650 + drawing.height * scale / 2 + (40 if drawing.height * scale < 600 else 20)
        ground = max(0.5, (y - 105) / 1250)
        backdrop = mix(field, tint(field, 0.5), 0.4) if close else field
        stage.backdrop.append(paint_field(stage.backdrop_sheet, backdrop, ground=round(ground * 20) / 20))
        x = 500 - drawing.middle * scale
        stage.stand(drawing, x, y, scale=scale)
        return drawing, x, y, scale
    stage.backdrop.append(paint_flat_field(stage.backdrop_sheet, field))
    scale = min(known.most, 720 / drawing.width, 940 / drawing.height)
    hanging = known.draw.__name__ == "draw_hanging"
    y = 625 + (drawing.height * scale / 2 - 30 if hanging else 0)
    stage.lay(drawing, 500, y, scale=scale, turn=known.turn, lift=9 if known.pose == "wall" else 11)
    if known.draw is draw_shelf:
        fill_shelf(stage, params, x=500, y=y, scale=scale, span=drawing.width * scale)
    return drawing, 500, y, scale


def _close_up(known: Kind, drawing: Drawing, x: float, y: float, scale: float) -> tuple[float, float, float, float]:
    wide, tall = drawing.width * scale, drawing.height * scale
    middle_x = x + known.focus[0] * wide
    middle_y = tall * known.focus[1] if known.pose == "hang" else y - known.focus[1] * tall
    width = min(620.0, max(360.0, max(wide, tall * 0.8) * 0.62))
    height = width * 1.25
    return middle_x - width / 2, middle_y - height / 2, width, height
