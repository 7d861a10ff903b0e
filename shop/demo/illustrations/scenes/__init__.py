"""Things at home: tables by the window, kitchens, sideboards, benches, floors, desks, set tables.

Each scene stands on a company of other things that depends on the setting, the field and a small number alone, so
that one rendering of the company serves every product shown in it.
"""

from __future__ import annotations

from shop.demo.illustrations.canvas import dice
from shop.demo.illustrations.drawing import Params
from shop.demo.illustrations.kinds import Kind
from shop.demo.illustrations.scenes.flatlays import at_dinner, on_desk, on_worktop
from shop.demo.illustrations.scenes.floors import on_bench, on_floor, on_rug
from shop.demo.illustrations.scenes.props import Cast
from shop.demo.illustrations.scenes.tables import in_kitchen, on_sideboard, on_table, on_wall
from shop.demo.illustrations.stage import Stage

VARIATIONS = 3

_SETTINGS = {
    "table": on_table,
    "kitchen": in_kitchen,
    "sideboard": on_sideboard,
    "floor": on_floor,
    "wall": on_wall,
    "bench": on_bench,
    "desk": on_desk,
    "flatlay": on_worktop,
    "dining": at_dinner,
    "rug": on_rug,
}


def show_at_home(kind: str, known: Kind, colour: str, params: Params, field: str) -> Stage:
    """One thing among others, where it would stand."""
    variation = dice("home", kind, params.get("seed", "")).randrange(VARIATIONS)
    chance = dice("company", known.setting, field, variation)
    return _SETTINGS[known.setting](Cast(kind, known, colour, params, field, chance))
