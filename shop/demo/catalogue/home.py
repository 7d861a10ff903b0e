"""The blocks of the home page, in their order, as staff would arrange them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

FILE = Path(__file__).parent / "voices" / "home.toml"


@dataclass(frozen=True, slots=True)
class HomeBlock:
    """One block. `items` are category paths, product handles or sentences, by `kind`; `picture` is a file that
    `illustrations.scenery.render_scenery` draws."""

    kind: Literal["hero", "categories", "new", "reduced", "story", "voices", "promises"]
    title: str
    text: str
    link_text: str
    link: str
    picture: str
    picture_alt: str
    items: tuple[str, ...]


@cache
def home_blocks() -> tuple[HomeBlock, ...]:
    """Every block of the home page, top to bottom."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))["block"]
    return tuple(
        HomeBlock(
            kind=entry["kind"],
            title=entry["title"],
            text=entry.get("text", ""),
            link_text=entry.get("link_text", ""),
            link=entry.get("link", ""),
            picture=entry.get("picture", ""),
            picture_alt=entry.get("picture_alt", ""),
            items=tuple(entry.get("items", ())),
        )
        for entry in entries
    )
