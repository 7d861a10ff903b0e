"""Store pictures by content: the same bytes are kept once, however often they come."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from oscar.apps.catalogue.models import Product

from catalog.media.records import MediaFile, ProductMedia
from catalog.media.render import FORMATS, PictureRefused, RenderedPicture, digest_of, render_renditions
from catalog.media.sources import PictureSources, folder_of, picture_sources

__all__ = [
    "PictureRefused",
    "PictureSources",
    "RenderedPicture",
    "attach_picture",
    "digest_of",
    "picture_sources",
    "render_renditions",
    "store_picture",
    "store_renditions",
    "stored_pictures",
]


def store_picture(data: bytes) -> MediaFile:
    """Verify, render and keep one picture. Raises PictureRefused; known bytes are not rendered again."""
    known = MediaFile.objects.filter(digest=digest_of(data)).first()
    if known is not None and _is_complete(known):
        return known
    return store_renditions(render_renditions(data))


def stored_pictures(digests: Iterable[str]) -> dict[str, MediaFile]:
    """Which of these are stored already, by digest; one query. For bulk loads that render in a pool."""
    return {file.digest: file for file in MediaFile.objects.filter(digest__in=list(digests))}


def store_renditions(rendered: RenderedPicture) -> MediaFile:
    """Files first, then the row: a row never names a file that is not there. Raises PictureRefused on a full disk."""
    folder = Path(settings.MEDIA_ROOT) / folder_of(rendered.digest)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in rendered.files.items():
            _write_whole(folder / name, content)
    except OSError as problem:
        raise PictureRefused(
            f"The picture could not be kept: {problem.strerror}. Free some room and try again."
        ) from problem
    file, _ = MediaFile.objects.get_or_create(
        digest=rendered.digest,
        defaults={
            "width": rendered.width,
            "height": rendered.height,
            "widths": list(rendered.widths),
            "formats": list(FORMATS),
        },
    )
    return file


def attach_picture(product: Product, file: MediaFile, *, alt: str = "", position: int | None = None) -> ProductMedia:
    """Put a picture into a product's gallery (once); without `alt` the product's title describes it.

    `position` None means last. The search document follows by `refresh_documents`, which the caller calls once.
    """
    words = (alt.strip() or product.get_title())[:250]
    with transaction.atomic():
        Product.objects.select_for_update(of=("self",), no_key=True).get(pk=product.pk)
        if position is None:
            last = ProductMedia.objects.filter(product=product).order_by("-position").first()
            position = 0 if last is None else last.position + 1
        placed, _ = ProductMedia.objects.update_or_create(
            product=product, file=file, defaults={"alt": words, "position": position}
        )
    return placed


def _is_complete(file: MediaFile) -> bool:
    folder = Path(settings.MEDIA_ROOT) / folder_of(file.digest)
    return all((folder / f"{width}.{kind}").is_file() for width in file.widths for kind in file.formats)


def _write_whole(path: Path, content: bytes) -> None:
    """By rename, so that no reader ever sees half a file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as temporary:
            temporary.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
