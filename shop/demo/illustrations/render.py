"""From drawings to pixels: layers rendered by resvg, put together and encoded by Pillow."""

from __future__ import annotations

import io
import math
from functools import lru_cache

import resvg_py
from PIL import Image

from shop.demo.illustrations.stage import Stage

BACKDROP_SHARE = 0.25
SOFT_SHARE = 0.25
CLOSE_SHARE = 0.72
"""Shares of the full size at which layers are drawn."""

PROBE = 100
"""Pixels per 1000 units of the small drawing that only finds out where the objects are. A cord must not vanish in it."""


def raster(svg: str, *, width: int, height: int, share: float = 1.0) -> Image.Image:
    """SVG text as an RGBA picture of exactly `width` x `height` pixels, drawn at `share` of that size and enlarged."""
    picture = _pixels(svg, max(1, round(width * share)))
    if picture.size != (width, height):
        picture = picture.resize((width, height), Image.Resampling.BICUBIC)
    return picture


def _pixels(svg: str, width: int) -> Image.Image:
    png = resvg_py.svg_to_bytes(svg_string=svg, width=width, skip_system_fonts=True)
    return Image.open(io.BytesIO(bytes(png))).convert("RGBA")


def put_art(picture: Image.Image, stage: Stage, *, share: float = 1.0) -> None:
    """Draw the objects onto the picture, only the part of it they cover: most of a product picture is field."""
    whole = stage.layers()[2]
    if share != 1.0:
        picture.alpha_composite(raster(whole, width=picture.width, height=picture.height, share=share))
        return
    probe = _pixels(whole, min(round(PROBE * stage.width / 1000), picture.width))
    box = probe.getbbox()
    if box is None:
        return
    scale = picture.width / probe.width
    left, top = (max(0, math.floor((edge - 2) * scale)) for edge in box[:2])
    right = min(picture.width, math.ceil((box[2] + 2) * scale))
    bottom = min(picture.height, math.ceil((box[3] + 2) * scale))
    unit = stage.width / picture.width
    frame = (left * unit, top * unit, (right - left) * unit, (bottom - top) * unit)
    part = raster(stage.art_document(frame), width=right - left, height=bottom - top)
    picture.alpha_composite(part, (left, top))


@lru_cache(maxsize=64)
def _scene(
    backdrop: str, soft: str, art: str, shadow: str, width: int, height: int, shares: tuple[float, float]
) -> Image.Image:
    """Everything behind the product, its shadow included: the same for many products or colours, hence remembered."""
    if shadow:
        picture = _scene(backdrop, soft, art, "", width, height, shares).copy()
        picture.alpha_composite(raster(shadow, width=width, height=height, share=shares[1]))
        return picture
    picture = raster(backdrop, width=width, height=height, share=shares[0])
    if soft:
        picture.alpha_composite(raster(soft, width=width, height=height, share=SOFT_SHARE))
    if art:
        picture.alpha_composite(raster(art, width=width, height=height))
    return picture


def compose(stage: Stage, *, width: int, crisp: bool = False) -> Image.Image:
    """The finished RGB picture. `crisp` draws the backdrop at full size, for wide scenes whose backdrop has edges."""
    height = round(width * stage.height / stage.width)
    behind = stage.company.layers() if stage.company else (stage.layers()[0], "", "")
    shadow = stage.layers()[1] if stage.soft else ""
    close = 1.0 if stage.view_box is None else stage.view_box[2] / stage.width
    shares = (1.0 if crisp else BACKDROP_SHARE, SOFT_SHARE * close)
    picture = _scene(*behind, shadow, width, height, shares).copy()
    put_art(picture, stage, share=1.0 if close == 1.0 else CLOSE_SHARE)
    return picture.convert("RGB")


def encode(picture: Image.Image, *, kind: str = "WEBP", quality: int = 90) -> bytes:
    """The picture as WebP, AVIF, JPEG or PNG bytes."""
    out = io.BytesIO()
    options: dict[str, object] = {"quality": quality}
    if kind == "WEBP":
        options["method"] = 1
    if kind == "PNG":
        options = {"optimize": True}
    picture.save(out, kind, **options)
    return out.getvalue()
