"""Colours of the drawings: a small named palette, and mixing in OKLab so that a shade keeps its hue.

OKLab after Björn Ottosson, https://bottosson.github.io/posts/oklab/ (matrices from there).
"""

from __future__ import annotations

from functools import lru_cache

NAMED = {
    "chalk": "#f3eee4",
    "milk": "#faf7f0",
    "oat": "#ddcfb8",
    "sand": "#cdb591",
    "blush": "#e3bcab",
    "rose": "#c98a83",
    "clay": "#c58563",
    "terracotta": "#b8623f",
    "rust": "#9c4b2e",
    "ochre": "#d0a24b",
    "honey": "#dfb870",
    "moss": "#717c50",
    "sage": "#a3b19a",
    "forest": "#3e5647",
    "celadon": "#b9cbbd",
    "sea": "#6c96a0",
    "petrol": "#2f5a63",
    "sky": "#a8c3d1",
    "ink": "#29344d",
    "slate": "#626a74",
    "fog": "#c3c7c6",
    "charcoal": "#38393e",
    "black": "#2a2a2d",
    "plum": "#6c4559",
    "lilac": "#b6a8c0",
    "walnut": "#6d4c37",
    "oak": "#c69d6c",
    "ash": "#dcc19a",
    "cherry": "#9a5a3c",
    "brass": "#c3a25d",
    "steel": "#b4b9bd",
    "jute": "#c9ad7f",
    "willow": "#b58d5c",
    "seagrass": "#b3aa7a",
    "leaf": "#5f7f58",
}

FIELD_TINTS = {
    "lighting": "#ecdec5",
    "candles": "#f0dccf",
    "ceramics": "#d3e0da",
    "tea": "#e3e6d1",
    "textiles": "#f0dcd3",
    "kitchen": "#ede1c8",
    "paper": "#dbe3e8",
    "living": "#d8e2d2",
    "furniture": "#eaddcb",
}


def hex_of(colour: str) -> str:
    """Return `#rrggbb` for a palette name or for a hex colour; anything else is a KeyError that names it."""
    if colour.startswith("#"):
        return colour
    return NAMED[colour]


def _linear(channel: int) -> float:
    value = channel / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _channel(value: float) -> int:
    value = min(1.0, max(0.0, value))
    value = value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(value * 255)


@lru_cache(maxsize=4096)
def oklab(colour: str) -> tuple[float, float, float]:
    """Lightness 0 to 1 and the two colour axes of a colour."""
    text = hex_of(colour).lstrip("#")
    r, g, b = (_linear(int(text[i : i + 2], 16)) for i in (0, 2, 4))
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _from_oklab(lightness: float, a: float, b: float) -> str:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return f"#{_channel(red):02x}{_channel(green):02x}{_channel(blue):02x}"


@lru_cache(maxsize=4096)
def mix(first: str, second: str, share: float) -> str:
    """`share` 0 gives the first colour, 1 the second."""
    one, two = oklab(first), oklab(second)
    return _from_oklab(*(p + (q - p) * share for p, q in zip(one, two, strict=True)))


@lru_cache(maxsize=4096)
def shade(colour: str, amount: float) -> str:
    """Darker by `amount` of lightness (0 to 1): a little more saturated and cooler, as a shadow in daylight is."""
    lightness, a, b = oklab(colour)
    return _from_oklab(max(0.0, lightness - amount * (0.35 + 0.65 * lightness)), a * 1.04, b * 1.06 - amount * 0.008)


@lru_cache(maxsize=4096)
def tint(colour: str, amount: float) -> str:
    """Lighter by `amount` (0 to 1) towards a warm white, as under a window."""
    lightness, a, b = oklab(colour)
    return _from_oklab(
        lightness + (0.985 - lightness) * amount, a * (1 - amount * 0.7), b * (1 - amount * 0.7) + amount * 0.008
    )


def is_dark(colour: str) -> bool:
    """Whether light marks are better seen on the colour than dark ones."""
    return oklab(colour)[0] < 0.58
