"""How a turned body is painted: fill, decoration, shade, highlight, rim, and what stands in it.

Light comes from the upper left. On straight walls the shade is one smooth gradient; on curved ones thin nested veils
follow the profile, which keeps necks and shoulders round where a plain gradient would not.
"""

from __future__ import annotations

import math

from shop.demo.illustrations.canvas import Sheet, Stop, curve, ellipse, group, path
from shop.demo.illustrations.colour import is_dark, shade, tint
from shop.demo.illustrations.lathe import Turned, ellipse_data

WARM = "#fffaf0"


def paint_body(
    sheet: Sheet,
    body: Turned,
    colour: str,
    *,
    decoration: str = "",
    gloss: float = 0.35,
    depth: float = 1.0,
) -> str:
    """Fill, decoration, shade and highlight of a body, clipped to its outline. `gloss` 0 is chalk, 1 is glazed."""
    outline = body.outline()
    dark = shade(colour, 0.62)
    veil = 0.030 * depth * (1.5 if is_dark(colour) else 1.15)
    light = (0.030 + 0.035 * gloss) * depth
    shading = _gradients if _is_straight(body) else _veils
    parts = [path(outline, fill=colour), decoration, shading(sheet, body, dark, veil, light)]
    reach = min(1.0, body.widest * 0.85 / body.height)
    low = [
        (0, dark, 0.36 * depth),
        (0.22 * reach, dark, 0.17 * depth),
        (0.55 * reach, dark, 0.05 * depth),
        (reach, dark, 0),
    ]
    parts.append(path(outline, fill=sheet.linear(low, start=(0, 1), end=(0, 0))))
    if gloss > 0.5:
        low_edge, high_edge = body.height * 0.5, body.height * 0.86
        parts.append(path(body.strip(-54, -46, low_edge, high_edge), fill="#ffffff", opacity=round(0.5 * gloss, 3)))
        thin = body.strip(-43, -41, low_edge * 1.1, high_edge * 0.97)
        parts.append(path(thin, fill="#ffffff", opacity=round(0.4 * gloss, 3)))
    bounce = tint(colour, 0.35)
    parts += [path(body.strip(start, 90.5), fill=bounce, opacity=0.10) for start in (78, 84)]
    return group(*parts, clip_path=sheet.clip(outline))


def _is_straight(body: Turned) -> bool:
    radii = [body.radius(body.height * share) for share in (0.14, 0.3, 0.5, 0.7, 0.86, 0.95)]
    return min(radii) > 0.86 * max(radii)


def _veils(sheet: Sheet, body: Turned, dark: str, veil: float, light: float) -> str:
    fine = min(2, sheet.fineness)
    step = 8 // fine
    parts = [
        path(body.strip(start, 90.5), fill=dark, opacity=round(veil * step / 6 * (0.6 + 0.8 * (start + 6) / 90), 4))
        for start in range(-6, 88, step)
    ]
    edges = [-86 + 24 * i / (4 * fine) for i in range(4 * fine)]
    parts += [path(body.strip(-90.5, end), fill=dark, opacity=round(veil * 0.95 / fine, 4)) for end in edges]
    halves = [30 - 28 * i / (5 * fine) for i in range(5 * fine)]
    parts += [
        path(body.strip(-44 - half, -44 + half), fill=WARM, opacity=round(light * 7 / 5 / fine, 4)) for half in halves
    ]
    if sheet.fineness > 2:
        return group(*parts, filter=sheet.blur(body.widest * 0.035))
    return "".join(parts)


def _across(angle: float) -> float:
    """Where a surface angle is seen, as a share of the width."""
    return (math.sin(math.radians(angle)) + 1) / 2


def _gradients(sheet: Sheet, body: Turned, dark: str, veil: float, light: float) -> str:
    """The same shade as `_veils`, added up along the width of a straight wall."""
    stops: list[Stop] = []
    for angle in (-90, -74, -58, -46, -10, 22, 48, 72, 90):
        covered = sum(veil * (0.6 + 0.8 * (start + 6) / 90) for start in range(-6, 88, 6) if start < angle)
        edge = veil * 3.8 * max(0.0, min(1.0, (-62 - angle) / 24))
        stops.append((_across(angle), dark, 1 - math.exp(-covered - edge)))
    stops[3] = (_across(-46), WARM, 1 - math.exp(-6 * light))
    stops[2], stops[4] = (_across(-70), WARM, 0), (_across(-10), WARM, 0)
    fill = sheet.linear(stops, start=(-body.widest, 0), end=(body.widest, 0), absolute=True)
    return path(body.outline(), fill=fill)


def paint_rim(
    sheet: Sheet,
    body: Turned,
    colour: str,
    *,
    wall: float = 5.0,
    inside: str | None = None,
    deep: float = 0.42,
    edge: str | None = None,
) -> str:
    """The open top: lit lip, and the inside, dark on the near left and lit on the far right."""
    inner = inside or colour
    lip = edge or tint(colour, 0.35)
    hollow = sheet.linear(
        [(0, shade(inner, deep)), (0.55, shade(inner, deep * 0.6)), (1, shade(inner, deep * 0.16))],
        start=(0.05, 0.1),
        end=(0.95, 0.75),
    )
    lit = sheet.linear([(0, tint(lip, 0.45)), (0.5, lip), (1, shade(lip, 0.10))])
    radius = body.rim
    inset = radius - wall
    return (
        body.ring(body.height, fill=lit)
        + ellipse(0, -body.height + wall * 0.10, inset, inset * body.tilt, fill=hollow)
        + path(
            _rim_line(body, inset),
            fill="none",
            stroke=tint(lip, 0.6),
            stroke_width=1.1,
            opacity=0.65,
            stroke_linecap="round",
        )
    )


def _rim_line(body: Turned, inset: float) -> str:
    points = [
        (
            (body.rim - 0.8) * math.sin(math.radians(a)),
            -body.height + (body.rim - 0.8) * body.tilt * math.cos(math.radians(a)),
        )
        for a in range(-85, 20, 7)
    ]
    return curve(points)


def fill_level(sheet: Sheet, body: Turned, height: float, colour: str, *, wall: float = 5.0) -> str:
    """A liquid or wax standing at a height inside an open body, seen through its mouth."""
    mouth = body.rim - wall
    radius = max(2.0, body.radius(height) - wall)
    centre = -body.height + wall * 0.10
    hole = sheet.clip(ellipse_data(0, centre, mouth, mouth * body.tilt))
    surface = sheet.linear(
        [(0, shade(colour, 0.28)), (0.5, colour), (1, tint(colour, 0.22))], start=(0, 0), end=(1, 0.6)
    )
    return group(
        ellipse(0, -height, radius, radius * body.tilt, fill=surface),
        ellipse(-radius * 0.2, -height, radius * 0.5, radius * body.tilt * 0.45, fill="#ffffff", opacity=0.10),
        clip_path=hole,
    )
