"""What grows, and the planters it grows in."""

from __future__ import annotations

import math

from shop.demo.illustrations.canvas import Point, Sheet, curve, dice, ellipse, group, path
from shop.demo.illustrations.colour import hex_of, mix, shade, tint
from shop.demo.illustrations.drawing import Drawing, Params, amount, word
from shop.demo.illustrations.lathe import Turned
from shop.demo.illustrations.pattern import decorate
from shop.demo.illustrations.shading import paint_body, paint_rim
from shop.demo.illustrations.stems import leaf


def foliage(sheet: Sheet, kind: str, *, mouth: float, spread: float, seed: str, size: float = 1.0) -> str:
    """What grows in a planter: fig, snake, fern, olive, succulent, trailing."""
    random = dice("foliage", kind, seed)
    parts: list[str] = []
    if kind == "snake":
        for index in range(9):
            side = index / 8 - 0.5
            tall = random.uniform(190, 290) * size
            x = side * spread * 1.1
            tip = (x + side * 90 + random.uniform(-12, 12), mouth - tall)
            wide = 17 * size
            green = mix("#4f7358", "#7a966a", random.random())
            body = (
                curve([(x - wide * 0.5, mouth + 6), (x - wide + side * 30, mouth - tall * 0.5), tip])
                + curve([tip, (x + wide + side * 40, mouth - tall * 0.5), (x + wide * 0.5, mouth + 6)], lead="L")
                + "Z"
            )
            parts.append(
                path(
                    body,
                    fill=sheet.linear(
                        [(0, tint("#c9c98a", 0.1)), (0.16, green), (0.8, shade(green, 0.14)), (1, "#b9bd80")]
                    ),
                )
            )
    elif kind == "fern":
        for index in range(15):
            angle = -90 + (index - 7) * 13 + random.uniform(-5, 5)
            length = random.uniform(170, 230) * size
            droop = abs(index - 7) * 9 * size
            points = [
                (
                    math.cos(math.radians(angle)) * length * t / 10,
                    mouth + math.sin(math.radians(angle)) * length * t / 10 + droop * (t / 10) ** 2,
                )
                for t in range(11)
            ]
            green = mix("#557a55", "#88a36b", random.random())
            parts.append(path(curve(points), fill="none", stroke=shade(green, 0.2), stroke_width=2))
            for step in range(2, 11):
                x, y = points[step]
                heading = math.degrees(
                    math.atan2(points[step][1] - points[step - 1][1], points[step][0] - points[step - 1][0])
                )
                for side in (-1, 1):
                    parts.append(
                        leaf(
                            (x, y), heading + side * 58, 27 * size * (1.15 - step * 0.075), 9 * size, green, vein=False
                        )
                    )
    elif kind == "succulent":
        for layer, (count, length, lift) in enumerate(((11, 66, 0), (9, 56, 12), (7, 44, 24), (5, 30, 34))):
            for index in range(count):
                angle = -180 + 180 * (index + 0.5) / count
                green = mix("#8fae94", "#b9cbb0", layer / 4)
                parts.append(
                    leaf((0, mouth - lift * size * 0.7 + 6), angle, length * size, 30 * size, green, vein=False)
                )
    elif kind == "trailing":
        for index in range(11):
            side = (index / 10 - 0.5) * 2
            reach, drop = side * spread * random.uniform(0.95, 1.3), random.uniform(40, 190) * abs(side) * size
            points = [
                (side * spread * 0.3, mouth),
                (reach * 0.7, mouth - 46 * size),
                (reach * 1.05, mouth - 10 * size),
                (reach * 1.1, mouth + drop),
            ]
            parts.append(path(curve(points), fill="none", stroke="#6d7f55", stroke_width=2.2))
            for t in range(10):
                share = t / 9
                seg = min(2, int(share * 3))
                local = share * 3 - seg
                x = points[seg][0] + (points[seg + 1][0] - points[seg][0]) * local
                y = points[seg][1] + (points[seg + 1][1] - points[seg][1]) * local
                parts.append(
                    leaf(
                        (x, y),
                        random.uniform(20, 160),
                        26 * size,
                        21 * size,
                        mix("#6c8f62", "#9ab380", random.random()),
                    )
                )
    else:
        trunk = "#7a604a"
        wide = 62 if kind == "fig" else 24
        for index in range(5):
            side = (index - 2) / 2
            points = [
                (side * 5, mouth + 4),
                (side * 14, mouth - 110 * size),
                (side * 66 * size, mouth - 235 * size + abs(side) * 46),
            ]
            parts.append(
                path(curve(points), fill="none", stroke=trunk, stroke_width=4.4 * size, stroke_linecap="round")
            )
            for t in range(3, 9):
                share = t / 8
                x = (
                    points[1][0] + (points[2][0] - points[1][0]) * (share - 0.25) / 0.75
                    if share > 0.4
                    else points[1][0] * share * 2
                )
                y = mouth + (points[2][1] - mouth) * share
                for turn in (-1, 1):
                    angle = -90 + turn * random.uniform(35, 75) + side * 30
                    length = (74 if kind == "fig" else 52) * size * random.uniform(0.8, 1.1)
                    parts.append(
                        leaf(
                            (x, y),
                            angle,
                            length,
                            wide * size * 0.62,
                            mix("#4e7552" if kind == "fig" else "#78875c", "#8dab74", random.random() * 0.8),
                        )
                    )
    return "".join(parts)


PLANTER_PROFILES = {
    "classic": ((0, 0.70), (0.78, 0.94), (0.80, 1.04), (1, 1.06)),
    "round": ((0, 0.60), (0.1, 0.80), (0.45, 1.04), (0.8, 1.0), (1, 0.92)),
    "cylinder": ((0, 0.94), (0.04, 1.0), (1, 1.0)),
    "bowl": ((0, 0.50), (0.1, 0.62), (0.45, 0.95), (1, 1.04)),
    "tapered": ((0, 0.66), (0.05, 0.70), (1, 1.0)),
}


GROWTH = {"fig": 260, "olive": 250, "snake": 270, "fern": 180, "succulent": 70, "trailing": 46}


def draw_planter(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """`profile`, `height`, `radius`, `plant`, `legs` (a wooden stand) and the usual patterns."""
    radius, height = amount(params, "radius", 92), amount(params, "height", 160)
    shape = word(params, "profile", "classic")
    body = Turned(tuple((h * height, r * radius) for h, r in PLANTER_PROFILES[shape]), 0.18, smooth=shape != "classic")
    second = hex_of(word(params, "second", "chalk"))
    marks = decorate(body, word(params, "pattern"), colour, second, seed=word(params, "seed"))
    art = paint_body(sheet, body, colour, decoration=marks, gloss=amount(params, "gloss", 0.2))
    if shape == "classic":
        art += group(
            path(body.band(height * 0.72, height * 0.79), fill=shade(colour, 0.5), opacity=0.28),
            clip_path=sheet.clip(body.outline()),
        )
    rim = paint_rim(sheet, body, colour, wall=radius * 0.07, deep=0.5)
    soil = ellipse(0, -height + 4, body.rim - radius * 0.1, (body.rim - radius * 0.1) * 0.16, fill="#54412f")
    size = amount(params, "lush", 1.0)
    plant = word(params, "plant", "fig")
    green = foliage(sheet, plant, mouth=-height + 2, spread=body.rim, seed=word(params, "seed"), size=size)
    art = art + rim + soil + green
    outline, foot, lift = body.outline(), body.profile[0][1], amount(params, "legs", 0)
    feet: tuple[Point, ...] = ()
    if lift:
        wood = hex_of(word(params, "wood", "oak"))
        legs = ""
        for x in (-foot * 1.08, foot * 1.08):
            legs += path(
                f"M{x - 7:.1f} {-lift - height * 0.42:.1f}h14l{-3 if x > 0 else -1:.1f} {lift + height * 0.42 + 6:.1f}h-9z",
                fill=sheet.linear([(0, tint(wood, 0.3)), (1, shade(wood, 0.2))]),
            )
        bar = path(f"M{-foot * 1.1:.1f} {-lift - 2:.1f}H{foot * 1.1:.1f}v11H{-foot * 1.1:.1f}Z", fill=shade(wood, 0.08))
        art = bar + group(art, transform=f"translate(0 {-lift:.1f})") + legs
        feet = ((-foot * 1.08, 3), (foot * 1.08, 3))
    return Drawing(art, outline, radius * 2.6, height + lift + GROWTH[plant] * size, foot, 0.18, feet)
