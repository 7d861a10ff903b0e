"""Stools, benches, tables, shelves."""

from __future__ import annotations

from shop.demo.illustrations.canvas import Sheet, curve, ellipse, group, path, polygon, rect, rounded
from shop.demo.illustrations.colour import hex_of, shade, tint
from shop.demo.illustrations.drawing import Drawing, Params, amount, word
from shop.demo.illustrations.lathe import Turned, ellipse_data, thick_curve
from shop.demo.illustrations.pattern import grain
from shop.demo.illustrations.shading import paint_body


def _leg(
    sheet: Sheet, wood: str, top: tuple[float, float], foot: tuple[float, float], *, wide: float = 15
) -> tuple[str, str]:
    middle = ((top[0] + foot[0]) / 2, (top[1] + foot[1]) / 2)
    data = thick_curve([top, middle, foot], [wide * 1.15, wide, wide * 0.78])
    return path(data, fill=sheet.linear([(0, tint(wood, 0.34)), (0.4, wood), (1, shade(wood, 0.32))])), data


def draw_stool(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """`height`, `radius`, `legs` (3 or 4), `seat` (wood, cord, cushion), `wood` of the legs, `rung` (yes)."""
    height, radius = amount(params, "height", 300), amount(params, "radius", 112)
    wood = hex_of(word(params, "wood")) if params.get("wood") else colour
    splay = amount(params, "splay", 0.16) * height
    three = int(amount(params, "legs", 4)) == 3
    spread = radius * 0.66
    back = [] if three else [(-spread * 0.58, -0.5), (spread * 0.62, 0.5)]
    front = [(-spread, -1.0), (spread, 1.0)] + ([(radius * 0.06, 0.05)] if three else [])
    art, outline, feet = "", "", []
    for x, lean in back:
        piece, data = _leg(sheet, shade(wood, 0.2), (x, -height + 20), (x + lean * splay * 0.8, -24), wide=14)
        art, outline = art + piece, outline + data
        feet.append((x + lean * splay * 0.8, -24.0))
    if params.get("rung", "yes") == "yes":
        y = -height * 0.34
        art += path(
            thick_curve([(-spread - splay * 0.62, y), (0, y + 4), (spread + splay * 0.62, y)], [10, 10, 10]),
            fill=sheet.linear([(0, tint(wood, 0.2)), (1, shade(wood, 0.28))], end=(0, 1)),
        )
    for x, lean in front:
        piece, data = _leg(sheet, wood, (x, -height + 20), (x + lean * splay, 10 if abs(lean) < 0.5 else 0), wide=17)
        art, outline = art + piece, outline + data
        feet.append((x + lean * splay, 10.0 if abs(lean) < 0.5 else 2.0))
    kind = word(params, "seat", "wood")
    thick = 40 if kind == "cushion" else 24
    profile = (
        ((0, radius * 0.96), (6, radius), (thick - 6, radius), (thick, radius * 0.95))
        if kind != "cushion"
        else ((0, radius * 0.92), (10, radius * 1.02), (26, radius * 1.03), (thick, radius * 0.9))
    )
    seat = Turned(profile, 0.26)
    face = sheet.linear([(0, tint(colour, 0.42)), (0.5, tint(colour, 0.12)), (1, shade(colour, 0.06))], end=(0.9, 0.8))
    top = paint_body(sheet, seat, colour, gloss=0.2) + seat.ring(thick, fill=face)
    disc = ellipse_data(0, -thick, seat.rim, seat.rim * 0.26)
    if kind == "cord":
        lines = "".join(
            f"M{-seat.rim:.1f} {-thick - seat.rim * 0.26 + i * 5:.1f}L{seat.rim:.1f} {-thick - seat.rim * 0.26 + i * 5:.1f}"
            for i in range(int(seat.rim * 0.52 / 5) + 1)
        )
        top += group(
            path(lines, stroke=shade(colour, 0.25), stroke_width=1.5, opacity=0.6, fill="none"),
            path(
                f"M{-seat.rim:.1f} {-thick - seat.rim * 0.26:.1f}L{seat.rim:.1f} {-thick + seat.rim * 0.26:.1f}M{seat.rim:.1f} {-thick - seat.rim * 0.26:.1f}L{-seat.rim:.1f} {-thick + seat.rim * 0.26:.1f}",
                stroke=shade(colour, 0.4),
                stroke_width=3,
                opacity=0.5,
            ),
            clip_path=sheet.clip(disc),
        )
    elif kind == "wood":
        top += group(
            *[
                ellipse(
                    seat.rim * 0.3,
                    -thick,
                    seat.rim * (0.2 + i * 0.18),
                    seat.rim * 0.26 * (0.2 + i * 0.18),
                    fill="none",
                    stroke=shade(colour, 0.22),
                    stroke_width=1.4,
                    opacity=0.35,
                )
                for i in range(7)
            ],
            clip_path=sheet.clip(disc),
        )
    art += group(top, transform=f"translate(0 {-height + 20:.1f})")
    return Drawing(
        art, outline + group_outline(seat, -height + 20), radius * 2 + splay, height + thick, spread, 0.2, tuple(feet)
    )


def group_outline(shape: Turned, y: float) -> str:
    """Silhouette of a slab lifted to `y`."""
    r, t = shape.widest, shape.height
    return f"M{-r:.1f} {y:.1f}H{r:.1f}V{y - t:.1f}H{-r:.1f}Z"


def draw_table(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """A side table: `form` (round, pedestal, nest, box), `height`, `radius`, `wood` of the legs."""
    height, radius = amount(params, "height", 300), amount(params, "radius", 150)
    wood = hex_of(word(params, "wood")) if params.get("wood") else colour
    form = word(params, "form", "round")
    spots: list[tuple[float, float]] = []
    if form == "pedestal":
        foot = Turned(
            (
                (0, radius * 0.66),
                (6, radius * 0.68),
                (16, radius * 0.62),
                (30, 26),
                (height - 24, 18),
                (height - 14, 40),
            ),
            0.22,
        )
        art = paint_body(sheet, foot, wood, gloss=0.3)
        outline, base = foot.outline(), radius * 0.66
    else:
        art, outline = "", ""
        for x, y, lean, tone in (
            (-radius * 0.5, -26, -0.14, shade(wood, 0.2)),
            (radius * 0.56, -26, 0.14, shade(wood, 0.2)),
            (-radius * 0.72, 0, -0.22, wood),
            (radius * 0.72, 0, 0.22, wood),
        ):
            piece, data = _leg(sheet, tone, (x, -height + 14), (x + lean * 140, y), wide=16)
            art, outline = art + piece, outline + data
            spots.append((x + lean * 140, float(y) + 2))
        base = radius * 0.8
        if params.get("tray") == "yes":
            low = Turned(((0, radius * 0.74), (12, radius * 0.74)), 0.24, smooth=False)
            art += group(
                paint_body(sheet, low, wood, gloss=0.2) + low.ring(12, fill=tint(wood, 0.2)),
                transform=f"translate(0 {-height * 0.36:.1f})",
            )
    slab = Turned(((0, radius * 0.97), (4, radius), (16, radius), (20, radius * 0.985)), 0.24)
    face = sheet.linear([(0, tint(colour, 0.5)), (0.5, tint(colour, 0.16)), (1, shade(colour, 0.04))], end=(0.9, 0.8))
    top = paint_body(sheet, slab, colour, gloss=0.2) + slab.ring(20, fill=face)
    disc = ellipse_data(0, -20, slab.rim, slab.rim * 0.24)
    top += group(
        *[
            path(
                curve(
                    [
                        (-slab.rim, -20 - slab.rim * 0.22 + i * 8),
                        (-slab.rim * 0.2, -22 - slab.rim * 0.22 + i * 8.6),
                        (slab.rim, -19 - slab.rim * 0.22 + i * 8),
                    ]
                ),
                fill="none",
                stroke=shade(colour, 0.2),
                stroke_width=1.3,
                opacity=0.35,
            )
            for i in range(int(slab.rim * 0.46 / 8) + 1)
        ],
        clip_path=sheet.clip(disc),
    )
    if params.get("edge") == "yes":
        top += slab.ring(20, fill="none", stroke=shade(colour, 0.2), stroke_width=5) + slab.ring(
            26, inset=0.6, fill="none", stroke=tint(colour, 0.3), stroke_width=3
        )
    art += group(top, transform=f"translate(0 {-height:.1f})")
    return Drawing(art, outline + group_outline(slab, -height), radius * 2.1, height + 24, base, 0.2, tuple(spots))


def draw_bench(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """A bench, stool-high and long; with `rails` it is a step ladder's plain cousin with a lower shelf."""
    half, height = amount(params, "width", 460) / 2, amount(params, "height", 230)
    art, outline, feet = "", "", []
    for x, y, tone in (
        (-half * 0.76, -24, shade(colour, 0.22)),
        (half * 0.80, -24, shade(colour, 0.22)),
        (-half * 0.86, 0, colour),
        (half * 0.86, 0, colour),
    ):
        piece, data = _leg(sheet, tone, (x, -height + 8), (x * 1.05, y), wide=19)
        art, outline = art + piece, outline + data
        feet.append((x * 1.05, float(y) + 2))
    if params.get("shelf") == "yes":
        art += path(
            polygon(
                [
                    (-half * 0.86, -height * 0.34),
                    (-half * 0.76, -height * 0.34 - 22),
                    (half * 0.80, -height * 0.34 - 22),
                    (half * 0.88, -height * 0.34),
                ]
            ),
            fill=tint(colour, 0.1),
        ) + rect(-half * 0.87, -height * 0.34, half * 1.75, 11, fill=shade(colour, 0.2))
    back, front = half * 0.90, half
    deep = 42
    slab = polygon([(-front, -height), (-back, -height - deep), (back, -height - deep), (front, -height)])
    art += path(slab, fill=sheet.linear([(0, tint(colour, 0.4)), (0.6, tint(colour, 0.1)), (1, colour)]))
    lines = "".join(
        path(
            f"M{-front + i * 3:.1f} {-height - i * 6:.1f}Q0 {-height - i * 6 - 5:.1f} {front - i * 3:.1f} {-height - i * 6:.1f}",
            fill="none",
            stroke=shade(colour, 0.2),
            stroke_width=1.3,
            opacity=0.4,
        )
        for i in range(1, 7)
    )
    art += group(lines, clip_path=sheet.clip(slab)) + rect(
        -front,
        -height,
        front * 2,
        20,
        fill=sheet.linear([(0, tint(colour, 0.1)), (0.2, colour), (1, shade(colour, 0.2))], end=(0, 1)),
    )
    art += rect(-front, -height, front * 2, 2, fill=tint(colour, 0.6), opacity=0.7)
    return Drawing(
        art,
        outline + f"M{-front} {-height + 20}H{front}V{-height - 6}H{-front}Z",
        half * 2,
        height + deep,
        half * 0.86,
        0.12,
        tuple(feet),
    )


def draw_shelf(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """A wall shelf seen from the front, its middle at (0, 0): `boards`, `width`, `pegs` (yes)."""
    half = amount(params, "width", 520) / 2
    boards = int(amount(params, "boards", 2))
    gap = amount(params, "gap", 230)
    art = ""
    metal = hex_of(word(params, "metal", "black"))
    if boards > 1:
        for x in (-half * 0.82, half * 0.82):
            art += rect(
                x - 5,
                -gap * (boards - 1) / 2 - 60,
                10,
                gap * (boards - 1) + 84,
                fill=sheet.linear([(0, tint(metal, 0.3)), (1, shade(metal, 0.2))]),
            )
    for index in range(boards):
        y = -gap * (boards - 1) / 2 + gap * index
        art += rect(
            -half + 10,
            y + 18,
            half * 2 - 20,
            26,
            fill=sheet.linear([(0, "#5a4634", 0.34), (1, "#5a4634", 0)], end=(0, 1)),
        )
        art += rect(-half, y - 8, half * 2, 9, fill=tint(colour, 0.26)) + path(
            rounded(-half, y, half * 2, 20, 2),
            fill=sheet.linear([(0, tint(colour, 0.08)), (1, shade(colour, 0.16))], end=(0, 1)),
        )
        art += grain(sheet, rounded(-half, y, half * 2, 20, 2), colour, seed=f"shelf{index}", width=half * 2, height=20)
    if params.get("pegs") == "yes":
        y = gap * (boards - 1) / 2
        for index in range(5):
            x = -half * 0.8 + index * half * 0.4
            art += (
                ellipse(x + 6, y + 60, 12, 12, fill="#5a4634", opacity=0.2)
                + rect(x - 5, y + 18, 10, 34, fill=shade(colour, 0.12))
                + ellipse(x, y + 54, 11, 11, fill=tint(colour, 0.1))
            )
    outline = "".join(rounded(-half, -gap * (boards - 1) / 2 + gap * i - 8, half * 2, 30, 2) for i in range(boards))
    return Drawing(art, outline, half * 2, gap * boards, half)
