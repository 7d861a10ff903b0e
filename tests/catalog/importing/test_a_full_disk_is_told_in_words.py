"""F13: the disk has half the room that is needed. Files and pictures are refused with a sentence; nothing half stays."""

import io
import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from catalog.importing.upload_records import ImportUpload
from catalog.importing.uploads import CannotKeep, keep_upload
from catalog.media.records import MediaFile
from catalog.media.render import PictureRefused
from catalog.media.store import store_picture
from shop.outbox.models import OutboxEvent

pytestmark = pytest.mark.django_db
ROOM = 64 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be mounted by root only")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def files_in(disk: Path) -> list[str]:
    return [file.name for file in disk.rglob("*") if file.is_file()]


def test_a_file_that_does_not_fit_is_not_kept(small_disk: Path, settings: Any) -> None:
    settings.IMPORT_DIR = small_disk / "imports"
    rows = b"handle,sku,title,price\n" + b"a,A,Thing,5.00\n" * (2 * ROOM // 15)
    file = SimpleUploadedFile("products.csv", rows)
    with pytest.raises(CannotKeep, match=r"No space left on device\. Nothing was imported\. Free some room"):
        keep_upload(file, kind="products", format_name="auto", aborts=False, fetches=False, actor=None)
    assert (ImportUpload.objects.count(), OutboxEvent.objects.count(), files_in(small_disk)) == (0, 0, [])
    small = SimpleUploadedFile("products.csv", rows[:500])
    assert keep_upload(small, kind="products", format_name="auto", aborts=False, fetches=False, actor=None).pk


def test_a_picture_that_does_not_fit_is_not_half_there(small_disk: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = small_disk / "media"
    noise = Image.frombytes("RGB", (700, 700), random.Random(1).randbytes(700 * 700 * 3))
    data = io.BytesIO()
    noise.save(data, "PNG")
    with pytest.raises(PictureRefused, match=r"No space left on device\. Free some room"):
        store_picture(data.getvalue())
    assert MediaFile.objects.count() == 0
    assert not [name for name in files_in(small_disk) if name.startswith(".writing-")]
