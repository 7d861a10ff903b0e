"""Our own pictures: parametric vector drawings of what the shop sells, rendered to raster images.

`illustration_svg` gives the drawing, `render_product` the pixels; the same arguments always give the same picture.
"""

from __future__ import annotations

from PIL import Image

from shop.demo.illustrations.drawing import Params
from shop.demo.illustrations.kinds import KINDS
from shop.demo.illustrations.render import compose
from shop.demo.illustrations.views import VIEWS, compose_view

__all__ = ["KINDS", "VIEWS", "illustration_svg", "render_product"]


def illustration_svg(kind: str, *, colour: str, params: Params, view: int) -> str:
    """One view of a product as an SVG document of 1000 x 1250 units."""
    return compose_view(kind, colour=colour, params=params, view=view).svg()


def render_product(kind: str, *, colour: str, params: Params, view: int, width: int = 1000) -> Image.Image:
    """One view of a product as an RGB picture, `width` pixels wide, 4:5."""
    return compose(compose_view(kind, colour=colour, params=params, view=view), width=width)
