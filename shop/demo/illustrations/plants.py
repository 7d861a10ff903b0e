"""Leaves, stems and planters."""

from __future__ import annotations

import math

from shop.demo.illustrations.canvas import Point, Sheet, curve, dice, ellipse, group, path
from shop.demo.illustrations.colour import hex_of, mix, shade, tint
from shop.demo.illustrations.drawing import Drawing, Params, amount, word
from shop.demo.illustrations.lathe import Turned
from shop.demo.illustrations.pattern import decorate
from shop.demo.illustrations.shading import paint_body, paint_rim


def leaf(
    root: Point, angle: float, length: float, width: float, colour: str, *, vein: bool = True, bend: float = 0.0
) -> str:
    """One pointed leaf: `angle` in degrees (0 right, -90 up); lit half and shaded half."""
    turned = math.radians(angle)
    dx, dy = math.cos(turned), math.sin(turned)
    nx, ny = -dy, dx
    x, y = root

    def at(along: float, across: float) -> Point:
        sag = bend * along * along
        return (
            x + dx * length * along + nx * (width * across) + 0 * sag,
            y + dy * length * along + ny * (width * across) + sag,
        )

    upper = [at(0, 0), at(0.28, -0.46), at(0.62, -0.40), at(1, 0)]
    lower = [at(0, 0), at(0.28, 0.46), at(0.62, 0.40), at(1, 0)]
    rib = [at(1, 0), at(0.66, 0.02), at(0.33, 0.02), at(0, 0)]
    light, dark = (upper, lower) if ny > 0 or (abs(ny) < 0.2 and nx > 0) else (lower, upper)
    parts = path(curve(light) + curve(rib, lead="L") + "Z", fill=tint(colour, 0.20))
    parts += path(curve(dark) + curve(rib, lead="L") + "Z", fill=shade(colour, 0.10))
    if vein:
        parts += path(curve(rib), fill="none", stroke=shade(colour, 0.25), stroke_width=1.1, opacity=0.55)
    return parts


def draw_stems(sheet: Sheet, kind: str, *, mouth: float, spread: float, seed: str) -> tuple[str, float]:
    """What stands in a vase: eucalyptus, olive, grass, blossom, tulip, dried, or nothing. Returns art and its height."""
    if not kind:
        return "", 0.0
    random = dice("stems", kind, seed)
    parts: list[str] = []
    tallest = 0.0
    count = {"eucalyptus": 3, "olive": 3, "grass": 9, "blossom": 3, "tulip": 3, "dried": 7, "branch": 1}[kind]
    for index in range(count):
        side = (index / max(1, count - 1) - 0.5) * 2 if count > 1 else 0.35
        lean = side * 95 + random.uniform(-14, 14)
        tall = random.uniform(190, 250) * (0.86 if kind == "tulip" else 1.0)
        tallest = max(tallest, tall)
        start = (side * spread * 0.45, mouth + 3)
        points = [(start[0] + lean * (i / 8) ** 1.7, start[1] - tall * (i / 8)) for i in range(9)]
        stem = {
            "eucalyptus": "#7d7a5c",
            "olive": "#7a6a4c",
            "grass": "#b79f6c",
            "blossom": "#71543f",
            "tulip": "#6f8a57",
            "dried": "#b08d57",
            "branch": "#6a5140",
        }[kind]
        parts.append(
            path(
                curve(points),
                fill="none",
                stroke=stem,
                stroke_width=2.4 if kind in ("grass", "dried") else 3.2,
                stroke_linecap="round",
            )
        )
        parts.extend(_dress(kind, points, random))
    return "".join(parts), tallest


def _dress(kind: str, points: list[Point], random) -> list[str]:
    out: list[str] = []
    (x0, y0), (x1, y1) = points[-2], points[-1]
    heading = math.degrees(math.atan2(y1 - y0, x1 - x0))
    if kind in ("eucalyptus", "olive"):
        colour = "#7f9a86" if kind == "eucalyptus" else "#77855a"
        for index in range(2, 9):
            x, y = points[index]
            size = (34 if kind == "eucalyptus" else 38) * (1.1 - index * 0.045)
            wide = size * (0.82 if kind == "eucalyptus" else 0.34)
            tone = mix(colour, random.choice(("#a9bda0", "#56705c", "#8fa57f")), 0.35)
            for side in (-1, 1):
                out.append(leaf((x, y), heading + side * random.uniform(44, 66), size, wide, tone))
        out.append(leaf(points[-1], heading, 30, 16, colour))
    elif kind == "grass":
        for index in range(14):
            share = index / 13
            x, y = x1 - (x1 - points[5][0]) * share, y1 - (y1 - points[5][1]) * share
            for side in (-1, 1):
                out.append(
                    leaf((x, y), heading + side * 26, 20, 6.5, mix("#d7bf8c", "#b8955a", random.random()), vein=False)
                )
    elif kind == "blossom":
        for index in range(2, 9):
            x, y = points[index][0] + random.uniform(-13, 13), points[index][1] + random.uniform(-8, 8)
            for petal in range(5):
                turn = petal * 72 + random.uniform(0, 40)
                out.append(
                    ellipse(
                        x + 7 * math.cos(math.radians(turn)),
                        y + 7 * math.sin(math.radians(turn)),
                        7.4,
                        6.2,
                        fill=mix("#f6e3dc", "#e3b5a6", random.random() * 0.6),
                    )
                )
            out.append(ellipse(x, y, 3, 3, fill="#c08a5a"))
    elif kind == "tulip":
        for side in (-1, 1):
            out.append(leaf(points[1], heading + side * 24, 120, 20, "#7f9a66"))
        base = "#cf8a78"
        for dx, tone in ((-9, tint(base, 0.2)), (9, shade(base, 0.12)), (0, base)):
            out.append(
                path(
                    curve(
                        [
                            (x1 - 15 + dx, y1 + 6),
                            (x1 - 16 + dx * 1.2, y1 - 22),
                            (x1 + dx, y1 - 48),
                            (x1 + 16 + dx * 1.2, y1 - 22),
                            (x1 + 15 + dx, y1 + 6),
                            (x1 + dx * 0.4, y1 + 16),
                        ],
                        closed=True,
                    ),
                    fill=tone,
                )
            )
    elif kind == "dried":
        for _ in range(7):
            x, y = x1 + random.uniform(-16, 16), y1 + random.uniform(-14, 26)
            out.append(ellipse(x, y, 6.5, 7.5, fill=mix("#d6b277", "#a9743f", random.random())))
            out.append(ellipse(x - 1.8, y - 2, 2.4, 2.8, fill="#f0dcae", opacity=0.6))
    elif kind == "branch":
        for index in range(3, 9, 2):
            x, y = points[index]
            side = -1 if index % 4 == 1 else 1
            out.append(
                path(
                    curve([(x, y), (x + side * 28, y - 24), (x + side * 50, y - 58)]),
                    fill="none",
                    stroke="#6a5140",
                    stroke_width=2.2,
                    stroke_linecap="round",
                )
            )
            out.append(leaf((x + side * 50, y - 58), heading + side * 40, 30, 14, "#7c8a5f"))
            out.append(leaf((x + side * 28, y - 24), heading + side * 70, 30, 14, "#8b9868"))
        out.append(leaf(points[-1], heading, 36, 16, "#7c8a5f"))
    return out


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
