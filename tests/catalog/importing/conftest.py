"""A file in a folder of the test, read by the reader its header calls for."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import connection

from catalog.importing.apply import import_file, preview_import
from catalog.importing.detect import detect_format, read_rows
from catalog.importing.duplicates import refuse_duplicates
from catalog.importing.import_options import ImportOptions, Watch
from catalog.importing.limits import Limits
from catalog.importing.report import ImportReport
from catalog.importing.rows import ProductRow, RowError
from catalog.importing.source import open_source


class Answer(NamedTuple):
    format: str
    rows: list[ProductRow]
    errors: list[RowError]


ReadFile = Callable[..., Answer]


def read_path(path: Path, *, limits: Limits | None = None) -> Answer:
    source = open_source(path, limits=limits)
    name = detect_format(source.header)
    found = list(refuse_duplicates(read_rows(source, name=name, currency="EUR")))
    rows = [row for row in found if isinstance(row, ProductRow)]
    return Answer(name, rows, [row for row in found if isinstance(row, RowError)])


@pytest.fixture
def read_file() -> ReadFile:
    return read_path


@pytest.fixture
def read_bytes(tmp_path: Path) -> ReadFile:
    def write_and_read(data: bytes | str, *, name: str = "products.csv", limits: Limits | None = None) -> Answer:
        path = tmp_path / name
        path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
        return read_path(path, limits=limits)

    return write_and_read


@pytest.fixture
def run_import(settings, tmp_path: Path) -> Callable[..., ImportReport]:
    """Imports a path, or text written to a file first, with media in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    number = count()

    def run(
        file: Path | str, *, dry_run: bool = False, watch: Watch = lambda change: None, **more: Any
    ) -> ImportReport:
        if isinstance(file, str):
            path = tmp_path / f"file-{next(number)}.csv"
            path.write_text(file, encoding="utf-8")
            file = path
        options = ImportOptions(path=file, **more)
        return (preview_import if dry_run else import_file)(options, watch=watch)

    return run


@pytest.fixture
def digest_database() -> Callable[[], dict[str, str]]:
    """A checksum of every table's rows by name; `but` leaves out the tables that keep the import's own record."""

    def digest(*, but: tuple[str, ...] = ()) -> dict[str, str]:
        with connection.cursor() as cursor:
            tables = [name for name in connection.introspection.table_names(cursor) if name not in but]
            digests = {}
            for table in tables:
                cursor.execute(f"SELECT md5(string_agg(row::text, E'\\n' ORDER BY row::text)) FROM \"{table}\" row")
                digests[table] = cursor.fetchone()[0]
            return digests

    return digest
