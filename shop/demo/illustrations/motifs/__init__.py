"""The little artworks on prints and cards: suns, hills, arches, stems, vessels, moons, waves, stones."""

from __future__ import annotations

from collections.abc import Callable

from shop.demo.illustrations.canvas import Sheet, rect
from shop.demo.illustrations.motifs.built import (
    paint_arches,
    paint_bauhaus,
    paint_contours,
    paint_house,
    paint_stones,
    paint_vessels,
)
from shop.demo.illustrations.motifs.nature import (
    paint_bird,
    paint_bloom,
    paint_moons,
    paint_stem,
    paint_sunhills,
    paint_waves,
)

Motif = Callable[[float, float, str, str, str, str], str]


def paint_motif(
    sheet: Sheet,
    kind: str,
    w: float,
    h: float,
    colour: str,
    second: str,
    third: str,
    *,
    seed: str = "",
    paper: str = "",
) -> str:
    """The motif in a picture that runs from -w to w and -h to h. An unknown name paints a plain ground."""
    painter = _MOTIFS.get(kind)
    return (
        painter(w, h, paper or colour, colour if paper else second, third if not paper else second, seed)
        if painter
        else rect(-w, -h, w * 2, h * 2, fill=colour)
    )


_MOTIFS: dict[str, Motif] = {
    "sunhills": paint_sunhills,
    "arches": paint_arches,
    "stem": paint_stem,
    "sprig": paint_stem,
    "vessels": paint_vessels,
    "moons": paint_moons,
    "waves": paint_waves,
    "stones": paint_stones,
    "bauhaus": paint_bauhaus,
    "contours": paint_contours,
    "house": paint_house,
    "bloom": paint_bloom,
    "bird": paint_bird,
}

MOTIFS = tuple(_MOTIFS)
