"""What an object's drawing hands to the stage: its art, its outline for the shadow, and its size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Params = Mapping[str, object]


@dataclass(frozen=True)
class Drawing:
    """An object around its own foot. `outline` is path data of the silhouette; `foot` the half width of what touches
    the ground; `depth` how much of the ground the foot covers towards the viewer, as a share of `foot`."""

    art: str
    outline: str
    width: float
    height: float
    foot: float
    depth: float = 0.17
    feet: tuple[tuple[float, float], ...] = ()
    """Foot points of things that stand on legs, instead of one round foot."""
    middle: float = 0.0
    """Where the visual middle is, when that is not above the foot."""
    aura: str = ""
    """Light the thing throws around itself; drawn behind everything."""


def amount(params: Params, name: str, default: float) -> float:
    """A numeric shape parameter."""
    return float(str(params.get(name, default)))


def word(params: Params, name: str, default: str = "") -> str:
    """A textual shape parameter: a pattern, a colour, a choice."""
    return str(params.get(name, default))
