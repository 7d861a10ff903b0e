"""The drawing sheet: collects definitions (gradients, clips, filters) and gives short names to SVG elements.

Every object is drawn around its own foot: x = 0 is its middle, y = 0 the ground, up is negative, one unit is roughly
one millimetre of a mug. A drawing is a string; the sheet only holds what strings must refer to by id.
"""

from __future__ import annotations

import math
import random
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_ID = re.compile(r'id="(\w+)"')

Point = tuple[float, float]
Stop = tuple[float, str] | tuple[float, str, float]


def number(value: float) -> str:
    """Two decimals at most, so that the same drawing is the same text on every machine."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def attributes(values: dict[str, object]) -> str:
    """`stroke_width=2` becomes `stroke-width="2"`; None is left out."""
    parts = []
    for name, value in values.items():
        if value is None:
            continue
        text = number(value) if isinstance(value, float) else str(value)
        parts.append(f' {name.rstrip("_").replace("_", "-")}="{text}"')
    return "".join(parts)


def _flat(values: dict[str, object]) -> dict[str, object]:
    """`opacity` of a single shape as fill and stroke opacity: the same picture without a layer of its own (10x faster)."""
    opacity = values.pop("opacity", None)
    if opacity is not None:
        if values.get("fill") != "none":
            values["fill_opacity"] = opacity
        if values.get("stroke"):
            values["stroke_opacity"] = opacity
    return values


def path(data: str, **values: object) -> str:
    """A path element."""
    return f'<path d="{data}"{attributes(_flat(values))}/>'


def ellipse(cx: float, cy: float, rx: float, ry: float, **values: object) -> str:
    """An ellipse element."""
    return (
        f'<ellipse cx="{number(cx)}" cy="{number(cy)}" rx="{number(rx)}" ry="{number(ry)}"{attributes(_flat(values))}/>'
    )


def rect(x: float, y: float, width: float, height: float, **values: object) -> str:
    """A rectangle element."""
    return f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"{attributes(_flat(values))}/>'


def group(*parts: str, **values: object) -> str:
    """A group of parts under one transform, clip, opacity or filter."""
    return f"<g{attributes(values)}>{''.join(parts)}</g>"


def place(part: str, x: float, y: float, *, scale: float = 1.0, turn: float = 0.0, mirror: bool = False) -> str:
    """Put an object with its foot on (x, y)."""
    transform = f"translate({number(x)} {number(y)})"
    if turn:
        transform += f" rotate({number(turn)})"
    if scale != 1.0 or mirror:
        transform += f" scale({number(-scale if mirror else scale)} {number(scale)})"
    return f'<g transform="{transform}">{part}</g>'


def smudge(data: str, *, fill: str, opacity: float, spread: float, steps: int = 5) -> str:
    """A shape with a soft edge, as nested strokes: inside the crisp layer this is far cheaper than a filter."""
    share = opacity / steps
    return "".join(
        path(
            data,
            fill=fill if step == steps - 1 else "none",
            stroke=fill,
            opacity=round(share, 4),
            stroke_linejoin="round",
            stroke_width=round(spread * 2 * (step + 0.5) / steps, 2),
        )
        for step in range(steps)
    ) + path(data, fill=fill, opacity=round(opacity - share, 4))


def polygon(points: Iterable[Point], *, closed: bool = True) -> str:
    """Path data of straight lines."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + ("Z" if closed else "")


def curve(points: Sequence[Point], *, closed: bool = False, tension: float = 1.0, lead: str = "M") -> str:
    """Path data of a smooth curve through the points (Catmull-Rom as cubic Béziers)."""
    count = len(points)
    data = [f"{lead}{number(points[0][0])} {number(points[0][1])}"]
    for index in range(count if closed else count - 1):
        before = points[(index - 1) % count] if closed or index > 0 else points[index]
        start, end = points[index], points[(index + 1) % count]
        after = points[(index + 2) % count] if closed or index + 2 < count else end
        one = (start[0] + (end[0] - before[0]) * tension / 6, start[1] + (end[1] - before[1]) * tension / 6)
        two = (end[0] - (after[0] - start[0]) * tension / 6, end[1] - (after[1] - start[1]) * tension / 6)
        data.append("C" + " ".join(f"{number(x)} {number(y)}" for x, y in (one, two, end)))
    return "".join(data) + ("Z" if closed else "")


def rounded(x: float, y: float, width: float, height: float, radius: float) -> str:
    """Path data of a rounded rectangle."""
    r = min(radius, width / 2, height / 2)
    n = number
    return (
        f"M{n(x + r)} {n(y)}H{n(x + width - r)}Q{n(x + width)} {n(y)} {n(x + width)} {n(y + r)}V{n(y + height - r)}"
        f"Q{n(x + width)} {n(y + height)} {n(x + width - r)} {n(y + height)}H{n(x + r)}"
        f"Q{n(x)} {n(y + height)} {n(x)} {n(y + height - r)}V{n(y + r)}Q{n(x)} {n(y)} {n(x + r)} {n(y)}Z"
    )


def arc_points(cx: float, cy: float, rx: float, ry: float, start: float, end: float, steps: int = 24) -> list[Point]:
    """Points on an ellipse between two angles in degrees (0 is right, 90 is down)."""
    angles = (math.radians(start + (end - start) * i / steps) for i in range(steps + 1))
    return [(cx + rx * math.cos(angle), cy + ry * math.sin(angle)) for angle in angles]


def dice(*words: object) -> random.Random:
    """A random source that depends on the words alone."""
    return random.Random(zlib.crc32("|".join(map(str, words)).encode()))


@dataclass
class Sheet:
    """Definitions that the strings of one picture refer to; `fineness` 1 to 4 is how smooth the shading of
    large objects is."""

    definitions: list[str] = field(default_factory=list)
    fineness: int = 1
    _known: dict[str, str] = field(default_factory=dict)

    def define(self, template: str) -> str:
        """Store a definition whose id is written `{id}`; the same text twice is stored once. Returns the id."""
        if template not in self._known:
            name = f"d{len(self._known)}"
            self._known[template] = name
            self.definitions.append(template.replace("{id}", name))
        return self._known[template]

    @staticmethod
    def _stops(stops: Iterable[Stop]) -> str:
        out = []
        for stop in stops:
            opacity = f' stop-opacity="{number(stop[2])}"' if len(stop) == 3 else ""
            out.append(f'<stop offset="{number(stop[0])}" stop-color="{stop[1]}"{opacity}/>')
        return "".join(out)

    def linear(
        self, stops: Iterable[Stop], *, start: Point = (0, 0), end: Point = (1, 0), absolute: bool = False
    ) -> str:
        """A linear gradient; by default across the box of what it fills. Returns `url(#id)`."""
        units = ' gradientUnits="userSpaceOnUse"' if absolute else ""
        name = self.define(
            f'<linearGradient id="{{id}}" x1="{number(start[0])}" y1="{number(start[1])}" x2="{number(end[0])}" '
            f'y2="{number(end[1])}"{units}>{self._stops(stops)}</linearGradient>'
        )
        return f"url(#{name})"

    def radial(
        self,
        stops: Iterable[Stop],
        *,
        centre: Point = (0.5, 0.5),
        radius: float = 0.5,
        absolute: bool = False,
        transform: str = "",
    ) -> str:
        """A radial gradient; by default across the box of what it fills. Returns `url(#id)`."""
        units = ' gradientUnits="userSpaceOnUse"' if absolute else ""
        turned = f' gradientTransform="{transform}"' if transform else ""
        name = self.define(
            f'<radialGradient id="{{id}}" cx="{number(centre[0])}" cy="{number(centre[1])}" r="{number(radius)}"'
            f"{units}{turned}>{self._stops(stops)}</radialGradient>"
        )
        return f"url(#{name})"

    def clip(self, data: str) -> str:
        """A clip by path data. Returns `url(#id)`."""
        return f'url(#{self.define(f"""<clipPath id="{{id}}"><path d="{data}"/></clipPath>""")})'

    def blur(self, deviation: float) -> str:
        """A soft edge. Returns `url(#id)`."""
        name = self.define(
            '<filter id="{id}" x="-40%" y="-40%" width="180%" height="180%">'
            f'<feGaussianBlur stdDeviation="{number(deviation)}"/></filter>'
        )
        return f"url(#{name})"

    def document(self, body: str, *, width: float, height: float, view_box: str | None = None) -> str:
        """The whole picture as SVG text, with the definitions it uses and no others: what looks alike reads alike."""
        used = set(re.findall(r"url\(#(\w+)\)", body))
        known = "".join(text for text in self.definitions if _ID.search(text).group(1) in used)  # type: ignore[union-attr]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'viewBox="{view_box or f"0 0 {number(width)} {number(height)}"}" width="{number(width)}" height="{number(height)}">'
            f"<defs>{known}</defs>{body}</svg>"
        )
