"""What the demo shop sells as files: drawn here, and put up for sale before the products that name them come in."""

from pathlib import Path
from typing import Final

import typst

from catalog.digital.records import DigitalFile
from catalog.digital.store import store_file

SHEETS: Final = Path(__file__).parent / "catalogue" / "downloads"


def put_files_up() -> None:
    """A file that is there already stays, with what staff said of it."""
    for sheet in sorted(SHEETS.glob("*.typ")):
        name = f"{sheet.stem}.pdf"
        if not DigitalFile.objects.filter(name=name).exists():
            store_file(name=name, chunks=[draw_sheet(sheet)], actor=None)


def draw_sheet(sheet: Path) -> bytes:
    """As a PDF."""
    return bytes(typst.compile(str(sheet)))
