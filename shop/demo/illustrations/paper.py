"""Paper goods seen from above: notebooks, cards with envelopes, wrapping paper; and framed prints on a wall."""

from __future__ import annotations

from shop.demo.illustrations.canvas import Point, Sheet, ellipse, group, path, place, polygon, rect, rounded, smudge
from shop.demo.illustrations.colour import hex_of, mix, shade, tint
from shop.demo.illustrations.drawing import Drawing, Params, amount, word
from shop.demo.illustrations.motifs import paint_motif
from shop.demo.illustrations.weave import lay_pattern


def draw_notebook(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """`width`, `height`, `binding` (cloth, wire, stitched), `pattern`, `band` colour, `label` (yes), `open` (yes)."""
    half, tall = amount(params, "width", 300) / 2, amount(params, "height", 410) / 2
    if params.get("open") == "yes":
        return _open_notebook(sheet, colour, params, half, tall)
    second, third = hex_of(word(params, "second", "chalk")), hex_of(word(params, "third", "ochre"))
    cover = rounded(-half, -tall, half * 2, tall * 2, 9)
    pages = "".join(
        path(rounded(-half + 4, -tall + 4, half * 2 + 1 + i, tall * 2 - 3 + i, 7), fill=tone)
        for i, tone in ((6, "#d9d0bf"), (4, "#f4eee1"), (2, "#e3dac9"))
    )
    spine = half * 0.16

    def surface(u: float, v: float) -> Point:
        return -half + spine * 2 + (u + 1) / 2 * (half * 2 - spine * 2), v * tall

    art = path(cover, fill=colour) + group(
        lay_pattern(word(params, "pattern"), surface, colour, second, third, seed=word(params, "seed")),
        clip_path=sheet.clip(cover),
    )
    binding = word(params, "binding", "cloth")
    if binding == "cloth":
        art += group(
            rect(
                -half,
                -tall,
                spine * 2,
                tall * 2,
                fill=hex_of(word(params, "spine")) if params.get("spine") else shade(colour, 0.14),
            ),
            rect(-half + spine * 2, -tall, 3, tall * 2, fill=shade(colour, 0.5), opacity=0.35),
            rect(-half + spine * 2 + 3, -tall, 2, tall * 2, fill="#ffffff", opacity=0.25),
            clip_path=sheet.clip(cover),
        )
    elif binding == "stitched":
        for index in range(9):
            y = -tall + tall * 2 * (index + 0.5) / 9
            art += path(
                f"M{-half + 20:.1f} {y - 11:.1f}V{y + 11:.1f}M{-half:.1f} {y - 11:.1f}H{-half + 20:.1f}",
                stroke=third,
                stroke_width=3,
                stroke_linecap="round",
                fill="none",
            )
    art += path(
        cover,
        fill=sheet.linear([(0, "#fffaf0", 0.34), (0.45, "#fffaf0", 0.02), (1, shade(colour, 0.5), 0.20)], end=(0.7, 1)),
    )
    if params.get("label") == "yes":
        art += path(rounded(-half * 0.30, -tall * 0.62, half * 1.02, tall * 0.34, 4), fill=tint(second, 0.3)) + path(
            rounded(-half * 0.24, -tall * 0.585, half * 0.90, tall * 0.27, 2), fill="none", stroke=third, stroke_width=2
        )
        art += rect(-half * 0.08, -tall * 0.49, half * 0.58, 2, fill=shade(second, 0.3)) + rect(
            -half * 0.08, -tall * 0.42, half * 0.40, 2, fill=shade(second, 0.3)
        )
    if params.get("band"):
        band = hex_of(word(params, "band"))
        art += (
            rect(half * 0.66, -tall - 1, 15, tall * 2 + 3, fill=band)
            + rect(half * 0.66, -tall - 1, 4, tall * 2 + 3, fill=tint(band, 0.35), opacity=0.6)
            + rect(half * 0.66 + 15, -tall, 4, tall * 2, fill=shade(colour, 0.6), opacity=0.22)
        )
    if binding == "wire":
        wire = sheet.linear([(0, "#8c9094"), (0.4, "#f2f3f4"), (1, "#777b80")], end=(0, 1))
        for index in range(14):
            y = -tall + 20 + (tall * 2 - 40) * index / 13
            art += ellipse(-half + 18, y, 5, 5, fill=shade(colour, 0.5)) + path(
                rounded(-half - 15, y - 4.5, 36, 8, 4), fill=wire
            )
    if params.get("ribbon"):
        ribbon = hex_of(word(params, "ribbon"))
        art = path(f"M{half * 0.1:.1f} {tall - 6:.1f}h13v50l-6.5 -8l-6.5 8z", fill=ribbon) + art
    return Drawing(pages + art, rounded(-half, -tall, half * 2 + 8, tall * 2 + 8, 9), half * 2, tall * 2, half)


def _open_notebook(sheet: Sheet, colour: str, params: Params, half: float, tall: float) -> Drawing:
    wide = half * 1.55
    cover = rounded(-wide - 8, -tall - 8, wide * 2 + 16, tall * 2 + 16, 10)
    art = path(cover, fill=colour)
    ruling = word(params, "ruling", "lines")
    for side in (-1, 1):
        left = -wide if side < 0 else 0
        page = rounded(left, -tall, wide, tall * 2, 6)
        gutter = (
            [(0, "#b9a98c", 0.55), (0.10, "#d8ccb4", 0.25), (0.3, "#fbf7ee", 0)]
            if side > 0
            else [(0.7, "#fbf7ee", 0), (0.90, "#d8ccb4", 0.3), (1, "#b9a98c", 0.6)]
        )
        art += path(page, fill="#fbf7ee")
        ink = "#b9c4cc"
        if ruling == "dots":
            art += "".join(
                ellipse(left + 26 + c * 17, -tall + 34 + r * 17, 1.3, 1.3, fill="#a9a294")
                for r in range(int((tall * 2 - 60) / 17))
                for c in range(int((wide - 44) / 17))
            )
        elif ruling == "lines":
            art += "".join(
                rect(left + 26, -tall + 40 + r * 21, wide - 52, 1.2, fill=ink) for r in range(int((tall * 2 - 66) / 21))
            )
        elif ruling == "grid":
            art += "".join(
                rect(left + 20, -tall + 24 + r * 18, wide - 40, 0.9, fill=ink) for r in range(int((tall * 2 - 40) / 18))
            )
            art += "".join(
                rect(left + 20 + c * 18, -tall + 24, 0.9, tall * 2 - 50, fill=ink) for c in range(int((wide - 36) / 18))
            )
        art += path(page, fill=sheet.linear(gutter))
    return Drawing(art, cover, wide * 2, tall * 2, wide)


def draw_pencil(sheet: Sheet, colour: str, *, length: float = 330) -> Drawing:
    """A pencil lying along x, its point to the right."""
    h = 9.0
    body = rect(
        0,
        -h,
        length - 44,
        h * 2,
        fill=sheet.linear(
            [(0, tint(colour, 0.35)), (0.33, colour), (0.66, shade(colour, 0.12)), (1, shade(colour, 0.3))], end=(0, 1)
        ),
    )
    tip = path(f"M{length - 44:.1f} {-h}L{length:.1f} 0L{length - 44:.1f} {h}Z", fill="#e3c49a") + path(
        f"M{length - 13:.1f} {-2.7}L{length:.1f} 0L{length - 13:.1f} 2.7Z", fill="#3a3a3c"
    )
    cap = rect(-2, -h, 26, h * 2, fill=hex_of("brass"))
    return Drawing(
        body + tip + cap, f"M0 {-h}H{length - 44:.1f}L{length:.1f} 0L{length - 44:.1f} {h}H0Z", length, h * 2, h
    )


def draw_cards(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """A fan of cards over an envelope: `motif`, `count`, `second`, `third`; the colour is the card's ground."""
    second, third = hex_of(word(params, "second", "terracotta")), hex_of(word(params, "third", "ochre"))
    count = int(amount(params, "count", 3))
    half, tall = 140.0, 196.0
    envelope_tone = hex_of(word(params, "envelope", "oat"))
    wide, deep = 214.0, 150.0
    envelope = path(
        rounded(-wide, -deep, wide * 2, deep * 2, 5),
        fill=sheet.linear([(0, tint(envelope_tone, 0.2)), (1, shade(envelope_tone, 0.08))], end=(0.6, 1)),
    )
    envelope += (
        path(f"M{-wide} {deep}L0 -6L{wide} {deep}Z", fill=shade(envelope_tone, 0.05))
        + path(f"M{-wide} {-deep}L0 36L{wide} {-deep}Z", fill=tint(envelope_tone, 0.16))
        + path(
            f"M{-wide} {-deep}L0 36L{wide} {-deep}",
            fill="none",
            stroke=shade(envelope_tone, 0.3),
            stroke_width=1.4,
            opacity=0.5,
        )
    )
    tones = [mix(colour, second, 0.0), tint(second, 0.62), tint(third, 0.55)]
    outline = rounded(-half, -tall, half * 2, tall * 2, 5)
    parts = [
        group(
            smudge(rounded(-wide + 8, -deep + 12, wide * 2, deep * 2, 5), fill="#5a4a3a", opacity=0.26, spread=14),
            transform="translate(40 150) rotate(-4)",
        ),
        place(envelope, 40, 150, turn=-4),
    ]
    spots = {
        1: ((0, -40, -3),),
        2: ((-88, -60, -8), (84, -24, 6)),
        3: ((-150, -46, -14), (150, -40, 13), (0, -86, -1)),
    }[min(3, count)]
    for index, (x, y, turn) in enumerate(spots):
        tone = tones[(len(spots) - 1 - index) % 3]
        card = path(outline, fill=tone) + group(
            paint_motif(
                sheet,
                word(params, "motif", "sprig"),
                half * 0.80,
                tall * 0.80,
                tone,
                second,
                third,
                seed=f"{params.get('seed', '')}{index}",
            ),
            clip_path=sheet.clip(rounded(-half + 10, -tall + 10, half * 2 - 20, tall * 2 - 20, 2)),
        )
        card += path(
            outline, fill=sheet.linear([(0, "#ffffff", 0.28), (0.6, "#ffffff", 0), (1, "#6b5a48", 0.10)], end=(0.7, 1))
        )
        parts.append(place(smudge(outline, fill="#5a4a3a", opacity=0.30, spread=13), x + 8, y + 12, turn=turn))
        parts.append(place(card, x, y, turn=turn))
    return Drawing("".join(parts), "", 640, 640, half)


def draw_print(sheet: Sheet, colour: str, params: Params) -> Drawing:
    """A framed print, its middle at (0, 0): `motif`, `frame` wood, `mat` (width), colours `second`, `third`, `paper`."""
    half, tall = amount(params, "width", 400) / 2, amount(params, "height", 520) / 2
    wood = hex_of(word(params, "frame", "oak"))
    edge, mat = amount(params, "edge", 17), amount(params, "mat", 46)
    paper = hex_of(word(params, "paper", "milk"))
    second, third = hex_of(word(params, "second", "terracotta")), hex_of(word(params, "third", "ochre"))
    corners = [(-half, -tall), (half, -tall), (half, tall), (-half, tall)]
    inner = [
        (-half + edge, -tall + edge),
        (half - edge, -tall + edge),
        (half - edge, tall - edge),
        (-half + edge, tall - edge),
    ]
    tones = [tint(wood, 0.22), shade(wood, 0.12), shade(wood, 0.22), tint(wood, 0.06)]
    art = "".join(
        path(polygon([corners[i], corners[(i + 1) % 4], inner[(i + 1) % 4], inner[i]]), fill=tones[i]) for i in range(4)
    )
    art += rect(-half + edge, -tall + edge, (half - edge) * 2, (tall - edge) * 2, fill="#fbf8f1")
    shadow = shade("#d8cdb9", 0.2)
    art += rect(
        -half + edge,
        -tall + edge,
        (half - edge) * 2,
        9,
        fill=sheet.linear([(0, shadow, 0.7), (1, shadow, 0)], end=(0, 1)),
    )
    art += rect(
        -half + edge, -tall + edge, 9, (tall - edge) * 2, fill=sheet.linear([(0, shadow, 0.55), (1, shadow, 0)])
    )
    w, h = half - edge - mat, tall - edge - mat
    picture = rounded(-w, -h, w * 2, h * 2, 0.5)
    art += path(picture, fill=paper) + group(
        paint_motif(
            sheet, word(params, "motif", "arches"), w, h, colour, second, third, seed=word(params, "seed"), paper=paper
        ),
        clip_path=sheet.clip(picture),
    )
    if mat > 4:
        art += path(picture, fill="none", stroke="#cfc4b0", stroke_width=1.4, opacity=0.8)
    glass = path(
        polygon([(-half + edge, -tall * 0.1), (-half + edge, -tall + edge), (half * 0.30, -tall + edge)]),
        fill=sheet.linear([(0, "#ffffff", 0.20), (1, "#ffffff", 0.02)], end=(0.6, 0.8)),
    )
    return Drawing(art + glass, polygon(corners), half * 2, tall * 2, half)
