"""One tile per top category: a few of its things on its field."""

from __future__ import annotations

from collections.abc import Callable

from shop.demo.illustrations import (
    baskets,
    candles,
    cloth,
    cushions,
    furniture,
    kitchen,
    lamps,
    paper,
    plants,
    tea,
    vessels,
)
from shop.demo.illustrations.canvas import Sheet
from shop.demo.illustrations.colour import FIELD_TINTS, hex_of
from shop.demo.illustrations.grounds import paint_field, paint_flat_field
from shop.demo.illustrations.stage import Stage


def _tile(field: str, fill: Callable[[Stage], None], *, flat: bool = False) -> Callable[[], Stage]:
    def build() -> Stage:
        stage = Stage(ground=FIELD_TINTS[field], sheet=Sheet(fineness=2))
        paint = paint_flat_field if flat else paint_field
        stage.backdrop.append(paint(stage.backdrop_sheet, FIELD_TINTS[field]))
        fill(stage)
        return stage

    return build


def _lighting(stage: Stage) -> None:
    s = stage.sheet
    stage.hang(
        lamps.draw_pendant(s, hex_of("petrol"), {"shade": "dome", "opaque": "yes", "drop": 150}), 690, 0, scale=1.3
    )
    stage.stand(lamps.draw_table_lamp(s, hex_of("terracotta"), {"shade": "empire"}), 340, 1010, scale=2.0)
    stage.stand(candles.draw_candle(s, hex_of("rust"), {"form": "trio", "second": "blush"}), 730, 1060, scale=1.35)


def _ceramics(stage: Stage) -> None:
    s = stage.sheet
    stage.stand(
        vessels.draw_vase(
            s,
            hex_of("oat"),
            {"profile": "moon", "height": 170, "radius": 88, "stems": "eucalyptus", "seed": "moon-vase"},
        ),
        350,
        890,
        scale=1.8,
    )
    stage.stand(
        vessels.draw_bowl(s, hex_of("terracotta"), {"profile": "pedestal", "content": "lemons", "height": 120}),
        690,
        985,
        scale=1.8,
    )
    stage.stand(
        vessels.draw_mug(
            s,
            hex_of("petrol"),
            {"profile": "barrel", "pattern": "dip", "second": "oat", "handle": "ring", "gloss": 0.8},
        ),
        400,
        1090,
        scale=1.9,
    )


def _tea(stage: Stage) -> None:
    s = stage.sheet
    stage.stand(tea.draw_tin(s, hex_of("forest"), {"motif": "leaf", "accent": "forest"}), 300, 880, scale=1.9)
    stage.stand(
        tea.draw_tin(s, hex_of("ochre"), {"motif": "hills", "label": "milk", "accent": "rust"}), 560, 860, scale=1.9
    )
    stage.stand(tea.draw_teapot(s, hex_of("petrol"), {"gloss": 0.9}), 560, 1080, scale=2.1)


def _textiles(stage: Stage) -> None:
    s = stage.sheet
    stage.stand(
        cushions.draw_cushion(s, hex_of("terracotta"), {"pattern": "scallops", "second": "blush", "third": "chalk"}),
        420,
        830,
        scale=1.8,
    )
    stage.stand(
        cushions.draw_cushion(
            s, hex_of("oat"), {"pattern": "ticking", "second": "ink", "trim": "piping", "width": 290, "height": 190}
        ),
        640,
        900,
        scale=1.5,
    )
    stage.stand(
        cloth.draw_folded(s, hex_of("sage"), {"layers": 2, "stack": "oat|clay", "edge": "yes"}), 480, 1090, scale=1.9
    )


def _kitchen(stage: Stage) -> None:
    s = stage.sheet
    stage.stand(vessels.draw_jar(s, hex_of("chalk"), {"pattern": "line", "second": "ink"}), 300, 930, scale=2.2)
    stage.stand(kitchen.draw_bottle(s, hex_of("moss"), {}), 560, 900, scale=2.0)
    stage.stand(kitchen.draw_mill(s, hex_of("walnut"), {}), 760, 950, scale=1.9)
    stage.stand(kitchen.draw_mortar(s, hex_of("fog"), {"pattern": "speckle"}), 520, 1090, scale=1.5)


def _paper(stage: Stage) -> None:
    s = stage.sheet
    stage.lay(
        paper.draw_notebook(
            s, hex_of("blush"), {"pattern": "quarters", "second": "rust", "third": "ochre", "binding": "wire"}
        ),
        630,
        480,
        scale=1.45,
        turn=8,
        lift=12,
    )
    stage.lay(
        paper.draw_notebook(s, hex_of("petrol"), {"band": "ochre", "label": "yes"}),
        380,
        690,
        scale=1.5,
        turn=-9,
        lift=14,
    )
    stage.lay(paper.draw_pencil(s, hex_of("ochre")), 560, 1080, scale=1.3, turn=-20, lift=9)


def _living(stage: Stage) -> None:
    s = stage.sheet
    stage.stand(
        plants.draw_planter(
            s,
            hex_of("chalk"),
            {"profile": "round", "plant": "snake", "legs": 40, "pattern": "ticks", "second": "slate"},
        ),
        330,
        960,
        scale=1.75,
    )
    stage.stand(
        baskets.draw_basket(s, hex_of("oat"), {"profile": "belly", "second": "charcoal", "handles": "leather"}),
        690,
        1060,
        scale=1.65,
    )


def _furniture(stage: Stage) -> None:
    s = stage.sheet
    stage.stand(furniture.draw_table(s, hex_of("walnut"), {"tray": "yes", "height": 280}), 360, 930, scale=1.55)
    stage.stand(
        vessels.draw_vase(s, hex_of("celadon"), {"profile": "bud", "height": 130, "radius": 40, "stems": "dried"}),
        350,
        502,
        scale=0.85,
        strength=0.3,
    )
    stage.stand(furniture.draw_stool(s, hex_of("oak"), {"height": 280}), 690, 1080, scale=1.5)


TILES: dict[str, Callable[[], Stage]] = {
    "lighting": _tile("lighting", _lighting),
    "ceramics": _tile("ceramics", _ceramics),
    "tea": _tile("tea", _tea),
    "textiles": _tile("textiles", _textiles),
    "kitchen": _tile("kitchen", _kitchen),
    "paper": _tile("paper", _paper, flat=True),
    "living": _tile("living", _living),
    "furniture": _tile("furniture", _furniture),
}
