"""What an archive says about itself: its format, the schema it fits, and count and digest of every file."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

FORMAT = 1
NAME = "manifest.json"
Progress = Callable[[str], None]
"""Is told the label of each table as it begins."""


class UnusableArchive(Exception):
    """The folder cannot be restored here; the message says why and what to do."""


@dataclass(slots=True, kw_only=True)
class Manifest:
    """`schema` lists the applied migrations. `sequences` maps a name to its last value, None when never used.

    `tables` maps a label to table, title, columns, rows and SHA-256 of its file. `media` maps paths to SHA-256.
    """

    format: int = FORMAT
    schema: list[str] = field(default_factory=list)
    sequences: dict[str, int | None] = field(default_factory=dict)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (folder / NAME).write_text(text + "\n", encoding="utf-8")

    @property
    def rows(self) -> int:
        return sum(table["rows"] for table in self.tables.values())


def read_manifest(folder: Path) -> Manifest:
    """Raises UnusableArchive when there is none or when it is of another format."""
    try:
        found = json.loads((folder / NAME).read_text(encoding="utf-8"))
        manifest = Manifest(**found)
    except (OSError, ValueError, TypeError) as error:
        raise UnusableArchive(
            f"{folder} has no readable {NAME}, so that it is no archive of a shop. Name the folder that export_shop wrote."
        ) from error
    if manifest.format != FORMAT:
        raise UnusableArchive(
            f"The archive has format {manifest.format}, this shop reads {FORMAT}. Restore it with the release that wrote it."
        )
    return manifest


def file_of(folder: Path, label: str) -> Path:
    return folder / "tables" / f"{label}.jsonl"


def digest_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def list_files(folder: Path) -> Iterator[str]:
    """Paths below the folder, with slashes, in order."""
    yield from sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def read_schema() -> list[str]:
    """The applied migrations, each as `app.name`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT app || '.' || name FROM django_migrations")
        return sorted(row[0] for row in cursor.fetchall())
