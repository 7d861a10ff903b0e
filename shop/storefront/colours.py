"""Colour names that a swatch can show. A name that is not here is read as a word, with no dot beside it."""

from collections.abc import Iterable
from typing import Final

COLOUR_CODES: Final = ("colour", "color")
HUES: Final = {
    "amber": "#c98b2b", "anthracite": "#383c40", "apricot": "#e6ac7f", "ash": "#dcc19a", "beige": "#dccdb4",
    "birch": "#e2cfab", "black": "#2a2a2d", "blue": "#3f5f8a", "blush": "#e3bcab", "brass": "#c3a25d",
    "bronze": "#8c6a3f", "brown": "#6d4c37", "burgundy": "#6b2c3b", "celadon": "#b9cbbd", "chalk": "#f3eee4",
    "charcoal": "#38393e", "cherry": "#9a5a3c", "clay": "#c58563", "copper": "#b4704a", "coral": "#dd8068",
    "cream": "#f2e9d5", "fog": "#c3c7c6", "forest": "#3e5647", "gold": "#c9a44a", "graphite": "#44464a",
    "gray": "#8b8d8f", "green": "#4f7553", "grey": "#8b8d8f", "honey": "#dfb870", "indigo": "#39406e",
    "ink": "#29344d", "ivory": "#f5efdf", "jute": "#c9ad7f", "lavender": "#b3a6cc", "leaf": "#5f7f58",
    "lilac": "#b6a8c0", "linen": "#e5dac5", "milk": "#faf7f0", "mint": "#b5d4c0", "moss": "#717c50",
    "mustard": "#c99a35", "natural": "#dfcfb1", "navy": "#27324f", "oak": "#c69d6c", "oat": "#ddcfb8",
    "ochre": "#d0a24b", "off-white": "#f5f1e8", "olive": "#7b7a45", "orange": "#d5803c", "peach": "#ecbfa2",
    "petrol": "#2f5a63", "pink": "#dfa5ac", "plum": "#6c4559", "purple": "#6d4f86", "red": "#ae3a35",
    "rose": "#c98a83", "rust": "#9c4b2e", "sage": "#a3b19a", "sand": "#cdb591", "sea": "#6c96a0",
    "seagrass": "#b3aa7a", "silver": "#bfc3c6", "sky": "#a8c3d1", "slate": "#626a74", "steel": "#b4b9bd",
    "stone": "#b9b2a5", "straw": "#d9c68d", "tan": "#c7a37b", "taupe": "#a08f7f", "teal": "#2f7376",
    "terracotta": "#b8623f", "turquoise": "#4fa3a5", "violet": "#75588f", "walnut": "#6d4c37", "white": "#fbfaf7",
    "willow": "#b58d5c", "yellow": "#e0bc46",
}  # fmt: skip


def are_colours(code: str, names: Iterable[str]) -> bool:
    """Whether to show these values of an attribute as swatches: it is the colour, or all of them are known colours."""
    hues = [hue_of(name) for name in names]
    return code in COLOUR_CODES or (bool(hues) and all(hues))


def hue_of(name: str) -> str:
    """`#rrggbb` of a colour name, whole or by its last known word (`Dusty rose`); "" when none is known."""
    folded = name.strip().casefold()
    if folded in HUES:
        return HUES[folded]
    known = [HUES[word] for word in folded.replace("-", " ").split() if word in HUES]
    return known[-1] if known else ""
