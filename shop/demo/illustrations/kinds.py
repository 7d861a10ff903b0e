"""Every kind of thing the shop sells, and how it likes to be shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from shop.demo.illustrations import (
    baskets,
    candles,
    clocks,
    cloth,
    cushions,
    furniture,
    kitchen,
    lamps,
    paper,
    plants,
    plates,
    tea,
    vessels,
)
from shop.demo.illustrations.canvas import Sheet
from shop.demo.illustrations.drawing import Drawing, Params

Pose = Literal["stand", "flat", "wall", "hang"]
Setting = Literal["table", "kitchen", "sideboard", "floor", "wall", "bench", "desk", "flatlay", "dining", "rug"]


@dataclass(frozen=True)
class Kind:
    """`most` is the largest scale it is shown at, so that a spoon stays smaller than a bench; `focus` is where a close
    look goes, as shares of the drawing's width and height from its middle and foot."""

    draw: Callable[[Sheet, str, Params], Drawing]
    pose: Pose
    setting: Setting
    most: float
    focus: tuple[float, float] = (0.10, 0.62)
    turn: float = 0.0


KINDS: dict[str, Kind] = {
    "mug": Kind(vessels.draw_mug, "stand", "table", 4.1, (0.22, 0.74)),
    "bowl": Kind(vessels.draw_bowl, "stand", "table", 3.1, (-0.22, 0.70)),
    "plate": Kind(plates.draw_plate, "flat", "dining", 1.5, (-0.28, 0.28)),
    "vase": Kind(vessels.draw_vase, "stand", "sideboard", 3.0, (0.0, 0.52)),
    "teapot": Kind(tea.draw_teapot, "stand", "table", 2.7, (0.08, 0.62)),
    "tin": Kind(tea.draw_tin, "stand", "kitchen", 3.5, (0.05, 0.66)),
    "whisk": Kind(tea.draw_whisk, "stand", "table", 3.6, (0.0, 0.55)),
    "table_lamp": Kind(lamps.draw_table_lamp, "stand", "sideboard", 2.6, (0.05, 0.58)),
    "floor_lamp": Kind(lamps.draw_floor_lamp, "stand", "floor", 1.85, (0.05, 0.84)),
    "pendant": Kind(lamps.draw_pendant, "hang", "dining", 2.1, (0.0, 0.86)),
    "candle": Kind(candles.draw_candle, "stand", "sideboard", 3.3, (0.0, 0.76)),
    "cushion": Kind(cushions.draw_cushion, "stand", "bench", 2.6, (-0.26, 0.74)),
    "throw": Kind(cloth.draw_hanging, "wall", "bench", 2.1, (0.10, 0.14)),
    "towel": Kind(cloth.draw_hanging, "wall", "bench", 2.1, (0.12, 0.2)),
    "folded": Kind(cloth.draw_folded, "stand", "bench", 2.5, (0.2, 0.6)),
    "rug": Kind(cloth.draw_rug, "flat", "rug", 1.75, (-0.24, 0.30)),
    "linen": Kind(cloth.draw_rug, "flat", "dining", 1.6, (-0.24, 0.30), -5),
    "notebook": Kind(paper.draw_notebook, "flat", "desk", 2.05, (0.12, 0.24), -5),
    "cards": Kind(paper.draw_cards, "flat", "desk", 1.5, (0.0, 0.06)),
    "print": Kind(paper.draw_print, "wall", "wall", 1.75, (-0.16, 0.22)),
    "planter": Kind(plants.draw_planter, "stand", "floor", 2.4, (0.0, 0.34)),
    "basket": Kind(baskets.draw_basket, "stand", "floor", 2.5, (-0.2, 0.6)),
    "clock": Kind(clocks.draw_clock, "wall", "wall", 1.6, (0.16, 0.16)),
    "jar": Kind(vessels.draw_jar, "stand", "kitchen", 3.3, (0.0, 0.80)),
    "bottle": Kind(kitchen.draw_bottle, "stand", "kitchen", 2.9, (0.0, 0.78)),
    "mill": Kind(kitchen.draw_mill, "stand", "kitchen", 2.9, (0.0, 0.74)),
    "mortar": Kind(kitchen.draw_mortar, "stand", "kitchen", 3.0, (-0.1, 0.52)),
    "board": Kind(kitchen.draw_board, "flat", "flatlay", 1.5, (-0.04, 0.30), -8),
    "knife": Kind(kitchen.draw_knife, "flat", "flatlay", 1.65, (0.0, 0.05), 14),
    "spoon": Kind(kitchen.draw_spoon, "flat", "flatlay", 1.6, (0.0, 0.26), 6),
    "stool": Kind(furniture.draw_stool, "stand", "floor", 2.15, (0.02, 0.88)),
    "side_table": Kind(furniture.draw_table, "stand", "floor", 2.0, (-0.12, 0.90)),
    "bench": Kind(furniture.draw_bench, "stand", "floor", 1.65, (-0.26, 0.84)),
    "shelf": Kind(furniture.draw_shelf, "wall", "wall", 1.55, (-0.26, 0.2)),
}
