"""The sign of the shop: a lamp's cone of light crossed by the threads of a loom. As SVG for logo and favicon."""

from __future__ import annotations

from shop.demo.illustrations.canvas import path, rect


def draw_mark(ink: str, accent: str) -> str:
    """The mark in a square from -32 to 32: a shade above, threads of light below, one weft through them."""
    shade = path("M-9 -27H9L23 -3H-23Z", fill=accent, stroke=accent, stroke_width=4, stroke_linejoin="round")
    threads = "".join(rect(x - 1.6, 3, 3.2, 25 - abs(x) * 0.22, rx=1.6, fill=ink) for x in (-18, -9, 0, 9, 18))
    weft = path(
        "M-22 15q5.5 -8 11 0t11 0t11 0t11 0",
        fill="none",
        stroke=accent,
        stroke_width=3.2,
        stroke_linecap="round",
    )
    return shade + threads + weft


def logo_svg(*, ink: str = "#38393e", accent: str = "#b8623f") -> str:
    """The mark alone, without a ground."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-32 -32 64 64" role="img">{draw_mark(ink, accent)}</svg>'


def favicon_svg() -> str:
    """The mark for browser tabs: it follows the light or dark scheme of the reader's system."""
    body = draw_mark("currentColor", "#c4683f")
    style = "svg{color:#38393e}@media(prefers-color-scheme:dark){svg{color:#f3eee4}}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-32 -32 64 64"><style>{style}</style>{body}</svg>'
