"""From drawings to pixels: layers rendered by resvg, put together and encoded by Pillow."""

from __future__ import annotations

import io
from functools import lru_cache

import resvg_py
from PIL import Image

from shop.demo.illustrations.stage import Stage

BACKDROP_SHARE = 0.30
SOFT_SHARE = 0.40


def raster(svg: str, *, width: int, height: int, share: float = 1.0) -> Image.Image:
    """SVG text as an RGBA picture of exactly `width` x `height` pixels, drawn at `share` of that size and enlarged."""
    png = resvg_py.svg_to_bytes(svg_string=svg, width=max(1, round(width * share)), skip_system_fonts=True)
    picture = Image.open(io.BytesIO(bytes(png))).convert("RGBA")
    if picture.size != (width, height):
        picture = picture.resize((width, height), Image.Resampling.BICUBIC)
    return picture


@lru_cache(maxsize=24)
def _backdrop(svg: str, width: int, height: int, share: float) -> Image.Image:
    return raster(svg, width=width, height=height, share=share)


def compose(stage: Stage, *, width: int, crisp: bool = False) -> Image.Image:
    """The finished RGB picture. `crisp` draws the backdrop at full size, for wide scenes whose backdrop has edges."""
    height = round(width * stage.height / stage.width)
    backdrop, soft, art = stage.layers()
    picture = _backdrop(backdrop, width, height, 1.0 if crisp else BACKDROP_SHARE).copy()
    if stage.soft:
        picture.alpha_composite(raster(soft, width=width, height=height, share=SOFT_SHARE))
    picture.alpha_composite(raster(art, width=width, height=height))
    return picture.convert("RGB")


def encode(picture: Image.Image, *, kind: str = "WEBP", quality: int = 90) -> bytes:
    """The picture as WebP, AVIF, JPEG or PNG bytes."""
    out = io.BytesIO()
    options: dict[str, object] = {"quality": quality}
    if kind == "WEBP":
        options["method"] = 2
    if kind == "PNG":
        options = {"optimize": True}
    picture.save(out, kind, **options)
    return out.getvalue()
