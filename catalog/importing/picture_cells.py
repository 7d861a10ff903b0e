"""The cells of a product's pictures and of their words: text to names and back. Pure."""

import re
from collections.abc import Sequence

from catalog.importing import cells
from catalog.importing.rows import CLEAR, Names, Text, UnreadableCell
from catalog.importing.states import ALT_LENGTH

IMAGES, ALTS = "images", "image_alts"


def read_images(text: Text) -> tuple[Names, Names]:
    """(the SKU's own, those of the whole product, which stand after `||`)."""
    if not isinstance(text, str):
        return text, None
    own, *gallery = re.split(r"(?<!\\)\|\|", text, maxsplit=1)
    return cells.read_names(own, column=IMAGES), cells.read_names(gallery[0], column=IMAGES) if gallery else None


def read_alts(text: Text, *, images: Names, gallery: Names) -> Names:
    """One text for each picture of the row, its own first; empty ones say nothing. Raises UnreadableCell."""
    if not isinstance(text, str):
        return text
    found = tuple(cells.read_text(part, column=ALTS, length=ALT_LENGTH) for part in cells.split_escaped(text, "|"))
    if isinstance(images, tuple) or isinstance(gallery, tuple):
        check_count(found, pictures=sum(len(names) for names in (images, gallery) if isinstance(names, tuple)))
    return found


def check_count(texts: Sequence[str], *, pictures: int) -> None:
    """Raises UnreadableCell when nobody can tell which text is whose."""
    if len(texts) > pictures:
        reason = (
            f"{len(texts)} texts for {pictures} picture{'s' * (pictures != 1)}. Give each picture one, in the order of the "
            "pictures; a place that is left empty between two | keeps the text in the shop."
        )
        raise UnreadableCell(column=ALTS, value="|".join(texts), reason=reason)


def cut_alts(texts: Sequence[str]) -> Names:
    """Other shops' texts, at the length that is kept here; None when there is none."""
    cut = tuple(" ".join(text.split())[:ALT_LENGTH].strip() for text in texts)
    return cut if any(cut) else None


def write_images(images: Names, gallery: Names) -> str:
    own = cells.join_escaped(_parts(images), "|")
    return f"{own}||{cells.join_escaped(_parts(gallery), '|')}" if _parts(gallery) else own


def write_alts(texts: Names) -> str:
    return "-" if texts is CLEAR else cells.join_escaped(_parts(texts), "|") if any(_parts(texts)) else ""


def _parts(names: Names) -> tuple[str, ...]:
    return names if isinstance(names, tuple) else ()
