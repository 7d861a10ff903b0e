"""Turned bodies: everything that came off a potter's wheel or a lathe, seen from slightly above.

A body is a profile of (height, radius) pairs from foot to rim. A point of its surface is given by the angle around the
axis (0 faces the viewer, -90 is the left edge) and the height.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from shop.demo.illustrations.canvas import Point, curve, ellipse, polygon

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
