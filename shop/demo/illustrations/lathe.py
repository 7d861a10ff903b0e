"""Turned bodies: everything that came off a potter's wheel or a lathe, seen from slightly above.

A body is a profile of (height, radius) pairs from foot to rim. A point of its surface is given by the angle around the
axis (0 faces the viewer, -90 is the left edge) and the height. Light comes from the upper left, so shade is laid on as
thin nested veils that follow the profile, which keeps necks and shoulders round where a plain gradient would not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from shop.demo.illustrations.canvas import Point, Sheet, curve, ellipse, group, path, polygon
from shop.demo.illustrations.colour import is_dark, shade, tint

SAMPLES = 36


@dataclass(frozen=True)
class Turned:
    """A body of revolution; `tilt` is the height of its circles as a share of their width."""

    profile: tuple[tuple[float, float], ...]
    tilt: float = 0.17
    smooth: bool = True

    @property
    def height(self) -> float:
        return self.profile[-1][0]

    @property
    def rim(self) -> float:
        return self.profile[-1][1]

    @property
    def widest(self) -> float:
        return max(self.radius(self.height * i / SAMPLES) for i in range(SAMPLES + 1))

    def radius(self, height: float) -> float:
        """Radius at a height, by monotone cubic interpolation so that a straight wall stays straight."""
        knots = self.profile
        if height <= knots[0][0]:
            return knots[0][1]
        for index in range(len(knots) - 1):
            (h0, r0), (h1, r1) = knots[index], knots[index + 1]
            if height > h1:
                continue
            span = h1 - h0
            share = (height - h0) / span
            if not self.smooth:
                return r0 + (r1 - r0) * share
            slope = (r1 - r0) / span
            start = self._slope_at(index, slope)
            end = self._slope_at(index + 1, slope)
            square, cube = share * share, share**3
            return (
                (2 * cube - 3 * square + 1) * r0
                + (cube - 2 * square + share) * span * start
                + (3 * square - 2 * cube) * r1
                + (cube - square) * span * end
            )
        return knots[-1][1]

    def _slope_at(self, index: int, own: float) -> float:
        knots = self.profile
        if index in (0, len(knots) - 1):
            return own
        (h0, r0), (h1, r1), (h2, r2) = knots[index - 1 : index + 2]
        before, after = (r1 - r0) / (h1 - h0), (r2 - r1) / (h2 - h1)
        if before * after <= 0:
            return 0.0
        return 2 * before * after / (before + after)

    def point(self, angle: float, height: float, *, lift: float = 0.0) -> Point:
        """Where a surface point is seen; `lift` moves it off the surface."""
        radius = self.radius(height) + lift
        turned = math.radians(angle)
        return radius * math.sin(turned), -height + self.tilt * radius * math.cos(turned)

    def _side(self) -> list[Point]:
        points = []
        step = self.height / SAMPLES
        for index in range(SAMPLES + 1):
            height = index * step
            low, high = max(0.0, height - step / 2), min(self.height, height + step / 2)
            slope = (self.radius(high) - self.radius(low)) / (high - low)
            lean = max(-0.96, min(0.96, self.tilt * slope))
            radius = self.radius(height)
            points.append((radius * math.sqrt(1 - lean * lean), -height + self.tilt * radius * lean))
        return points

    def outline(self) -> str:
        """Path data of the silhouette: sides, front of the foot, back of the rim."""
        side = self._side()
        start = math.degrees(math.asin(min(1.0, side[0][0] / self.profile[0][1])))
        front = [self.point(start - 2 * start * i / 24, 0) for i in range(25)]
        back = [self.point(-90 - 180 * i / 32, self.height) for i in range(33)]
        return polygon([*reversed(side), *front, *[(-x, y) for x, y in side], *back])

    def strip(self, left: float, right: float, low: float = 0.0, high: float | None = None) -> str:
        """Path data of the piece of surface between two angles and two heights."""
        high = self.height if high is None else high
        steps = max(4, round(SAMPLES * (high - low) / self.height))
        heights = [low + (high - low) * i / steps for i in range(steps + 1)]
        arc = [left + (right - left) * i / 12 for i in range(13)]
        return polygon(
            [
                *[self.point(left, h) for h in reversed(heights)],
                *[self.point(a, low) for a in arc],
                *[self.point(right, h) for h in heights],
                *[self.point(a, high) for a in reversed(arc)],
            ]
        )

    def band(self, low: float, high: float) -> str:
        """Path data of a ring all around the visible front; clip it to the outline."""
        return self.strip(-90, 90, low, high)

    def ring(self, height: float, *, inset: float = 0.0, **values: object) -> str:
        """The whole circle at a height, as an ellipse element."""
        radius = self.radius(height) - inset
        return ellipse(0, -height, radius, radius * self.tilt, **values)


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
    veil = 0.030 * depth * (1.15 if not is_dark(colour) else 1.5)
    parts = [path(outline, fill=colour), decoration]
    fine = 2 if sheet.fine else 1
    step = 8 // fine
    parts += [
        path(body.strip(start, 90.5), fill=dark, opacity=round(veil * step / 6 * (0.6 + 0.8 * (start + 6) / 90), 4))
        for start in range(-6, 88, step)
    ]
    edges = [-86 + 24 * i / (4 * fine) for i in range(4 * fine)]
    parts += [path(body.strip(-90.5, end), fill=dark, opacity=round(veil * 0.95 / fine, 4)) for end in edges]
    light = (0.030 + 0.035 * gloss) * 7 / 5 / fine
    halves = [30 - 28 * i / (5 * fine) for i in range(5 * fine)]
    parts += [
        path(body.strip(-44 - half, -44 + half), fill="#fffaf0", opacity=round(light * depth, 4)) for half in halves
    ]
    foot = min(body.height, body.widest * 1.6)
    heights = [0.5 * ((i + 1) / (7 * fine)) ** 1.6 for i in range(7 * fine)]
    parts += [path(body.band(0, foot * share), fill=dark, opacity=round(0.046 * depth / fine, 4)) for share in heights]
    if gloss > 0.5:
        low, high = body.height * 0.5, body.height * 0.86
        parts.append(path(body.strip(-54, -46, low, high), fill="#ffffff", opacity=round(0.5 * gloss, 3)))
        parts.append(path(body.strip(-43, -41, low * 1.1, high * 0.97), fill="#ffffff", opacity=round(0.4 * gloss, 3)))
    bounce = tint(colour, 0.35)
    parts += [path(body.strip(start, 90.5), fill=bounce, opacity=0.10) for start in (78, 84)]
    return group(*parts, clip_path=sheet.clip(outline))


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


def ellipse_data(cx: float, cy: float, rx: float, ry: float) -> str:
    """Path data of an ellipse, for clips and outlines."""
    return (
        f"M{cx - rx:.2f} {cy:.2f}A{rx:.2f} {ry:.2f} 0 1 1 {cx + rx:.2f} {cy:.2f}"
        f"A{rx:.2f} {ry:.2f} 0 1 1 {cx - rx:.2f} {cy:.2f}Z"
    )


def thick_curve(points: Sequence[Point], widths: Sequence[float]) -> str:
    """Path data of a smooth stroke whose width changes along the way: handles, stems, spouts."""
    left, right = [], []
    for index, (x, y) in enumerate(points):
        x0, y0 = points[max(0, index - 1)]
        x1, y1 = points[min(len(points) - 1, index + 1)]
        length = math.hypot(x1 - x0, y1 - y0) or 1.0
        nx, ny = -(y1 - y0) / length, (x1 - x0) / length
        half = widths[min(index, len(widths) - 1)] / 2
        left.append((x + nx * half, y + ny * half))
        right.append((x - nx * half, y - ny * half))
    back = curve(list(reversed(right)), lead="L")
    return curve(left) + back + "Z"
