"""Grounds to stand on: tinted studio fields, tables, walls and floors, and the shadows that ground things on them."""

from __future__ import annotations

from shop.demo.illustrations.canvas import Sheet, ellipse, group, number, path, polygon, rect, smudge
from shop.demo.illustrations.colour import mix, shade, tint
from shop.demo.illustrations.drawing import Drawing

WIDTH, HEIGHT = 1000.0, 1250.0


def paint_field(
    sheet: Sheet, colour: str, *, width: float = WIDTH, height: float = HEIGHT, ground: float = 0.70
) -> str:
    """A seamless studio field: wall running into table, brighter towards the upper left."""
    wall = sheet.linear(
        [
            (0, tint(colour, 0.22)),
            (max(0.05, ground - 0.26), colour),
            (ground - 0.03, shade(colour, 0.045)),
            (ground + 0.05, tint(colour, 0.10)),
            (1, tint(colour, 0.02)),
        ],
        end=(0, 1),
    )
    light = sheet.radial(
        [(0, "#fffbee", 0.62), (0.6, "#fffbee", 0.16), (1, "#fffbee", 0)], centre=(0.18, 0.14), radius=0.8
    )
    corner = sheet.radial(
        [(0, shade(colour, 0.25), 0), (0.66, shade(colour, 0.25), 0), (1, shade(colour, 0.25), 0.20)],
        centre=(0.36, 0.40),
        radius=0.98,
    )
    return "".join(rect(0, 0, width, height, fill=paint) for paint in (wall, light, corner))


def cast_shadow(sheet: Sheet, drawing: Drawing, colour: str, *, strength: float = 1.0, reach: float = 0.62) -> str:
    """The shadow of a standing thing on its ground: away from the light, to the right and a little back, fading."""
    dark = shade(colour, 0.50)
    far = drawing.height
    fade = sheet.linear(
        [(0, dark, 0.62 * strength), (0.35, dark, 0.36 * strength), (0.8, dark, 0.10 * strength), (1, dark, 0)],
        start=(0, 0),
        end=(0, -far),
        absolute=True,
    )
    soft = max(3.0, min(9.0, far * 0.022))
    fallen = group(
        path(drawing.outline, fill=fade),
        transform=f"matrix(1 0 {number(-reach)} 0.20 {number(drawing.foot * 0.05)} 0)",
    )
    return group(fallen, filter=sheet.blur(soft)) + contact_shadow(sheet, drawing, colour, strength=strength)


def contact_shadow(sheet: Sheet, drawing: Drawing, colour: str, *, strength: float = 1.0) -> str:
    """The dark, tight shadow right where a thing touches the ground."""
    dark = shade(colour, 0.72)
    core = sheet.radial(
        [(0, dark, 0.78 * strength), (0.72, dark, 0.55 * strength), (0.86, dark, 0.24 * strength), (1, dark, 0)]
    )
    if drawing.feet:
        return "".join(ellipse(x + 4, y, 15, 3.6, fill=core, opacity=0.75) for x, y in drawing.feet)
    rx = drawing.foot * 1.13
    ry = drawing.foot * drawing.depth * 1.22 + 3.0
    return ellipse(drawing.foot * 0.055, 1.5, rx, ry, fill=core)


def flat_shadow(sheet: Sheet, drawing: Drawing, colour: str, *, lift: float = 10.0) -> str:
    """The shadow of a thing lying on, or hanging close to, a surface seen from the front; `lift` in its own units."""
    dark = shade(colour, 0.62)
    near = path(
        drawing.outline, fill=dark, opacity=0.30, transform=f"translate({number(lift * 0.35)} {number(lift * 0.5)})"
    )
    far = path(
        drawing.outline, fill=dark, opacity=0.26, transform=f"translate({number(lift * 1.5)} {number(lift * 2)})"
    )
    return group(far, filter=sheet.blur(lift * 1.25)) + group(near, filter=sheet.blur(lift * 0.32))


def crisp_shadow(drawing: Drawing, colour: str, *, lift: float = 10.0) -> str:
    """The same shadow for the crisp layer, where one object lies on another."""
    dark = shade(colour, 0.62)
    shadow = smudge(drawing.outline, fill=dark, opacity=0.36, spread=lift)
    return group(shadow, transform=f"translate({number(lift * 0.8)} {number(lift)})")


def paint_flat_field(sheet: Sheet, colour: str, *, width: float = WIDTH, height: float = HEIGHT) -> str:
    """A surface seen from above, lit from the upper left."""
    base = sheet.linear([(0, tint(colour, 0.34)), (0.5, colour), (1, shade(colour, 0.05))], end=(0.8, 1))
    return rect(0, 0, width, height, fill=base)


def window_light(
    sheet: Sheet,
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    opacity: float = 0.5,
    lean: float = 0.34,
    panes: int = 2,
) -> str:
    """The slanted patch of sun a window throws on a wall."""
    gap = width * 0.05
    pane = (width - gap * (panes - 1)) / panes
    rows = 2
    tall = (height - gap * (rows - 1)) / rows
    parts = []
    for column in range(panes):
        for row in range(rows):
            left, top = column * (pane + gap), row * (tall + gap)
            corners = [(left, top), (left + pane, top), (left + pane, top + tall), (left, top + tall)]
            parts.append(path(polygon([(x + px + py * lean, y + py - px * 0.10) for px, py in corners])))
    glow = sheet.linear([(0, "#fff8e4", opacity), (1, "#fff3d4", opacity * 0.35)], end=(0.5, 1))
    return group(*parts, fill=glow, filter=sheet.blur(5))


def paint_table(
    sheet: Sheet, wood: str, *, edge: float, width: float = WIDTH, height: float = HEIGHT, thick: float = 34
) -> str:
    """A table or shelf top seen a little from above: from `edge` (back) downwards, with a front edge when it fits."""
    top = sheet.linear([(0, shade(wood, 0.10)), (0.3, wood), (1, tint(wood, 0.22))], end=(0, 1))
    return rect(0, edge, width, height - edge, fill=top) + rect(0, edge, width, 2.2, fill=tint(wood, 0.5), opacity=0.6)


def paint_room(
    sheet: Sheet, wall: str, floor: str, *, edge: float, width: float = WIDTH, height: float = HEIGHT
) -> str:
    """A wall with a skirting board and a floor."""
    plaster = sheet.linear([(0, tint(wall, 0.34)), (0.6, wall), (1, shade(wall, 0.06))], end=(0.7, 1))
    boards = sheet.linear([(0, shade(floor, 0.12)), (0.35, floor), (1, tint(floor, 0.18))], end=(0, 1))
    parts = [
        rect(0, 0, width, edge, fill=plaster),
        rect(0, edge - 44, width, 44, fill=tint(wall, 0.55)),
        rect(0, edge - 44, width, 3, fill="#ffffff", opacity=0.7),
        rect(0, edge - 47, width, 3, fill=shade(wall, 0.3), opacity=0.25),
        rect(0, edge, width, height - edge, fill=boards),
        rect(
            0, edge, width, 16, fill=sheet.linear([(0, shade(floor, 0.5), 0.35), (1, shade(floor, 0.5), 0)], end=(0, 1))
        ),
    ]
    line = shade(floor, 0.22)
    for depth in (0.30, 0.72):
        parts.append(rect(0, edge + (height - edge) * depth, width, 1.6, fill=line, opacity=0.35))
    return "".join(parts)


def warm(colour: str) -> str:
    """A wall colour that goes with a field: the field, a little towards paper."""
    return mix(colour, "#f4efe6", 0.35)
