"""Keep files for sale on the disk, by content, beside the media folder and not in it: no address leads there."""

import hashlib
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from catalog.digital.kinds import HEAD, MOST_BYTES, FileRefused, check_kind, check_name
from catalog.digital.records import DigitalFile
from shop.audit.record import record_action


def goods_folder() -> Path:
    return Path(settings.GOODS_ROOT)


def path_of(digest: str) -> Path:
    return goods_folder() / digest[:2] / digest


def store_file(*, name: str, chunks: Iterable[bytes], actor: Any) -> DigitalFile:
    """Keep these bytes under this name; a known name gets a new edition. Audited. Raises FileRefused.

    Written to the disk while it is read, so that a large file never stands in memory; the same bytes are kept once.
    """
    name = check_name(name)
    folder = goods_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".writing-", delete=False) as file:
        try:
            head, size, digest = _take(chunks, file)
            content_type = check_kind(name, head)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    target = path_of(digest)
    if target.is_file():
        Path(file.name).unlink()
    else:
        target.parent.mkdir(exist_ok=True)
        Path(file.name).replace(target)
    return _remember(name=name, digest=digest, size=size, content_type=content_type, actor=actor)


def _take(chunks: Iterable[bytes], file: Any) -> tuple[bytes, int, str]:
    head, size, hashed = b"", 0, hashlib.sha256()
    for chunk in chunks:
        size += len(chunk)
        if size > MOST_BYTES:
            raise FileRefused(f"The file is larger than {MOST_BYTES // 2**20} MB, the most that is sold in one piece.")
        head = head if len(head) >= HEAD else (head + chunk)[:HEAD]
        hashed.update(chunk)
        file.write(chunk)
    if not size:
        raise FileRefused("The file is empty. Choose another one.")
    return head, size, hashed.hexdigest()


@transaction.atomic
def _remember(*, name: str, digest: str, size: int, content_type: str, actor: Any) -> DigitalFile:
    known = DigitalFile.objects.select_for_update().filter(name=name).first()
    if known is not None and known.digest == digest:
        return known
    facts = {"digest": digest, "size": size, "content_type": content_type}
    before = {"digest": known.digest, "size": known.size} if known is not None else None
    file, _ = DigitalFile.objects.update_or_create(name=name, defaults=facts)
    record_action(
        action="replace file for sale" if before else "add file for sale",
        subject_type="digital file",
        subject_id=file.pk,
        actor=actor,
        before=before,
        after={"name": name, **facts},
    )
    return file
