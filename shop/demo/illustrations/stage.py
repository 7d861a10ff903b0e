"""A picture in the making, in three layers: the backdrop, the soft things (shadows, light), and the crisp objects.

The layers are rendered at different sizes, which is what makes a hundred pictures affordable: gradients and blurs are
the costly part and lose nothing when they are drawn small and enlarged.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from shop.demo.illustrations.canvas import Sheet, group, place
from shop.demo.illustrations.drawing import Drawing
from shop.demo.illustrations.grounds import HEIGHT, WIDTH, cast_shadow, crisp_shadow, flat_shadow


@dataclass
class Stage:
    """Where objects are put; `ground` is the colour that shadows darken."""

    ground: str
    width: float = WIDTH
    height: float = HEIGHT
    view_box: tuple[float, float, float, float] | None = None
    company: Stage | None = None
    """What stands around the product: a stage of its own, so that many pictures can share one rendering of it."""
    backdrop_sheet: Sheet = field(default_factory=Sheet)
    sheet: Sheet = field(default_factory=Sheet)
    backdrop: list[str] = field(default_factory=list)
    soft: list[str] = field(default_factory=list)
    art: list[str] = field(default_factory=list)

    def stand(
        self,
        drawing: Drawing,
        x: float,
        y: float,
        *,
        scale: float = 1.0,
        mirror: bool = False,
        strength: float = 1.0,
        reach: float = 0.62,
        ground: str | None = None,
    ) -> None:
        """A thing on its foot, its shadow falling to the right and back."""
        shadow = cast_shadow(self.sheet, drawing, ground or self.ground, strength=strength, reach=reach)
        self.soft.append(place(drawing.aura + shadow, x, y, scale=scale))
        self.art.append(place(drawing.art, x, y, scale=scale, mirror=mirror))

    def lay(
        self,
        drawing: Drawing,
        x: float,
        y: float,
        *,
        scale: float = 1.0,
        turn: float = 0.0,
        lift: float = 10.0,
        over: bool = False,
    ) -> None:
        """A thing lying flat or hanging on a wall; `over` when it lies on another object and must shade that."""
        shadow = ""
        if drawing.outline:
            fall = lift / scale
            shadow = (
                crisp_shadow(drawing, self.ground, lift=fall)
                if over
                else flat_shadow(self.sheet, drawing, self.ground, lift=fall)
            )
        (self.art if over else self.soft).append(place(shadow, x, y, scale=scale, turn=turn))
        self.art.append(place(drawing.art, x, y, scale=scale, turn=turn))

    def hang(self, drawing: Drawing, x: float, y: float, *, scale: float = 1.0) -> None:
        """A thing hanging free in the air: it throws light, not shade."""
        self.soft.append(place(drawing.aura, x, y, scale=scale))
        self.art.append(place(drawing.art, x, y, scale=scale))

    def svg(self) -> str:
        """All layers as one SVG document; the ids of each sheet get a letter of their own."""
        sheets: list[tuple[str, Sheet, str]] = []
        if self.company:
            sheets.append(("b", self.company.backdrop_sheet, "".join(self.company.backdrop)))
            sheets.append(("c", self.company.sheet, "".join([*self.company.soft, *self.company.art])))
        sheets.append(("e", self.backdrop_sheet, "".join(self.backdrop)))
        sheets.append(("f", self.sheet, self._framed("".join([*self.soft, *self.art]))))
        whole, body = Sheet(), ""
        for letter, sheet, part in sheets:
            whole.definitions += [text.replace('id="d', f'id="{letter}', 1) for text in sheet.definitions]
            body += part.replace("url(#d", f"url(#{letter}")
        return whole.document(body, width=self.width, height=self.height)

    def _framed(self, front: str) -> str:
        if self.view_box is None:
            return front
        x, y, wide, _ = self.view_box
        zoom = self.width / wide
        return group(front, transform=f"scale({zoom:.4f}) translate({-x:.2f} {-y:.2f})")

    def layers(self) -> tuple[str, str, str]:
        """Backdrop, soft layer and objects, each as an SVG document of its own."""
        return (
            self.backdrop_sheet.document("".join(self.backdrop), width=self.width, height=self.height),
            self.sheet.document(self._framed("".join(self.soft)), width=self.width, height=self.height),
            self.sheet.document(self._framed("".join(self.art)), width=self.width, height=self.height),
        )

    def art_document(self, frame: tuple[float, float, float, float]) -> str:
        """The objects inside a frame (left, top, width, height in picture units) alone."""
        box = " ".join(f"{value:.4f}" for value in frame)
        body = self._framed("".join(self.art))
        return self.sheet.document(body, width=frame[2], height=frame[3], view_box=box)
