"""Links that show a draft, or a version, to whoever holds them. Signed and good for a week; nothing is stored."""

from typing import Any, Final

from django.core import signing

from catalog.content.models import Menu, Page, Version
from catalog.content.snapshot import Body, copy_draft

SALT: Final = "catalog.content.preview"
SECONDS: Final = 7 * 24 * 3600


class PreviewGone(ValueError):
    """The page or menu does not exist any more."""


def preview_path(piece: Page | Menu, *, version: Version | None = None) -> str:
    """Of the draft as it is when the link is opened; with `version` of that version."""
    wanted: dict[str, Any] = {"subject": piece.subject, **({"version": version.number} if version else {})}
    return f"/preview/{signing.dumps(wanted, salt=SALT)}/"


def read_preview(token: str) -> tuple[Page | Menu, Body, str]:
    """The piece, what to show and a sentence on what that is. Raises BadSignature (also when expired), PreviewGone."""
    wanted = signing.loads(token, salt=SALT, max_age=SECONDS)
    piece = find_piece(wanted["subject"])
    if piece is None:
        raise PreviewGone
    number = wanted.get("version")
    if number is None:
        return piece, copy_draft(piece), "This is a draft. Shoppers see it when it is published."
    version = Version.objects.filter(subject=piece.subject, number=number).first()
    if version is None:
        raise PreviewGone
    return piece, version.body, f"This is version {number}, made by {version.made_by}."


def find_piece(subject: str) -> Page | Menu | None:
    kind, _, key = subject.partition(":")
    if kind == "menu":
        return Menu.objects.filter(pk=key).first()
    return Page.objects.filter(pk=key).first()
