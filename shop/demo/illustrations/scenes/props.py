"""Small company: books, a cup seen from above, lemons; and who is on the scene."""

from __future__ import annotations

import random
from dataclasses import dataclass

from shop.demo.illustrations.canvas import Sheet, ellipse, group, place, rect
from shop.demo.illustrations.colour import hex_of, shade, tint
from shop.demo.illustrations.drawing import Drawing, Params
from shop.demo.illustrations.grounds import HEIGHT, WIDTH, paint_table, warm, window_light
from shop.demo.illustrations.kinds import Kind
from shop.demo.illustrations.plates import draw_plate
from shop.demo.illustrations.stage import Stage

QUIET = ("chalk", "oat", "celadon", "fog", "sand", "blush")


@dataclass(frozen=True)
class Cast:
    """The product of a scene, and the chance that picks its company."""

    kind: str
    known: Kind
    colour: str
    params: Params
    field: str
    chance: random.Random

    def pick(self, *names: str) -> str:
        """One of the palette names, as a colour."""
        return hex_of(self.chance.choice(names))

    def quiet(self) -> str:
        """A colour that stays in the background."""
        return self.pick(*QUIET)

    def draw(self, stage: Stage, **more: object) -> Drawing:
        """The product itself."""
        return self.known.draw(stage.sheet, self.colour, {**self.params, **more})


def new_scene(ground: str) -> tuple[Stage, Stage]:
    """The stage of the product and, behind it, the stage of its company."""
    company = Stage(ground=ground)
    return Stage(ground=ground, company=company), company


def fit(drawing: Drawing, wide: float, tall: float, most: float) -> float:
    """The scale at which a drawing fills a box, but no larger than `most`."""
    return min(most, wide / drawing.width, tall / drawing.height)


def room_with_top(field: str, wood: str, *, edge: float, light: bool = True) -> tuple[Stage, Stage]:
    """A wall, perhaps with sun on it, and a table top from `edge` down."""
    stage, company = new_scene(wood)
    back = company.backdrop_sheet
    wall = warm(field)
    plaster = back.linear([(0, tint(wall, 0.28)), (0.6, wall), (1, shade(wall, 0.07))], end=(0.7, 1))
    company.backdrop.append(rect(0, 0, WIDTH, HEIGHT, fill=plaster))
    if light:
        company.backdrop.append(window_light(back, 70, 130, 520, 560, opacity=0.62))
    company.backdrop.append(paint_table(back, wood, edge=edge))
    return stage, company


def books(sheet: Sheet, *colours: str, width: float = 190) -> Drawing:
    """A pile of books, spines to the viewer."""
    art, outline, y = "", "", 0.0
    for index, name in enumerate(colours):
        tone = hex_of(name)
        thick = (24.0, 32.0, 20.0, 28.0)[index % 4]
        half = width / 2 - (index * 9 + (5 if index % 2 else 0))
        fill = sheet.linear([(0, tint(tone, 0.2)), (0.4, tone), (1, shade(tone, 0.2))], end=(0, 1))
        art += rect(-half, y - thick, half * 2, thick, rx=3, fill=fill)
        for x in (-half + 16, half - 26):
            art += rect(x, y - thick, 6, thick, fill=tint(tone, 0.5), opacity=0.7)
        art += rect(-half, y - 2, half * 2, 2, fill=shade(tone, 0.5), opacity=0.3)
        outline += f"M{-half} {y}H{half}V{y - thick}H{-half}Z"
        y -= thick
    return Drawing(art, outline, width, -y, width / 2, 0.05)


def put_cup_from_above(stage: Stage, x: float, y: float) -> None:
    """A cup of coffee on its saucer."""
    sheet = stage.sheet
    stage.lay(draw_plate(sheet, hex_of("chalk"), {"radius": 118, "well": 0.6}), x, y, lift=12)
    coffee = sheet.linear([(0, "#5b3a25"), (1, "#8d5c38")], end=(0.8, 1))
    cup = ellipse(0, 0, 70, 70, fill=hex_of("milk")) + ellipse(0, 0, 62, 62, fill=coffee)
    cup += ellipse(-14, -16, 34, 22, fill="#ffffff", opacity=0.10)
    grip = rect(60, -12, 46, 24, rx=11, fill=sheet.linear([(0, "#ffffff"), (1, "#d9d0c2")], end=(0, 1)))
    shadow = ellipse(9, 14, 72, 72, fill="#5a4a3a", opacity=0.25)
    stage.art.append(place(group(shadow, grip + cup, transform="rotate(28)"), x, y))


def put_lemons(stage: Stage) -> None:
    """Three lemons in the upper right."""
    for x, y, tone in ((800, 200, "#d9a441"), (878, 268, "#cf9a3a"), (780, 300, "#e0b252")):
        ball = stage.sheet.radial(
            [(0, tint(tone, 0.5)), (0.5, tone), (1, shade(tone, 0.25))], centre=(0.35, 0.3), radius=0.75
        )
        stage.soft.append(ellipse(x + 12, y + 18, 46, 44, fill=shade(stage.ground, 0.5), opacity=0.3))
        stage.art.append(ellipse(x, y, 46, 44, fill=ball))
