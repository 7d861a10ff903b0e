"""A file in a folder of the test, read by the reader its header calls for."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from catalog.importing.detect import detect_format, read_rows
from catalog.importing.duplicates import refuse_duplicates
from catalog.importing.limits import Limits
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
