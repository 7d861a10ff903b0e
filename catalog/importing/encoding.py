"""Which of the four encodings that spreadsheets write a file is in: UTF-8 with or without mark, UTF-16, Windows-1252."""

import codecs
import re
from pathlib import Path

from catalog.importing.rows import UnreadableFile

BLOCK = 1024 * 1024
NONSENSE = re.compile(
    "[À-ÖØ-öø-ÿ¸¨]{4,}|[A-Za-zÀ-ÿ](?:[¹¿¯£¥¼¾¶³](?<!m³))[a-zà-ÿ]|[a-zà-ÿ][ŠŽŒŸ][a-zà-ÿ]|(?<![A-Za-zÀ-ÿ])[¯¿£][óòûçêñ][a-z³¿¹]"
)
"""What Windows-1252 makes of Cyrillic, Greek, Polish, Japanese or a Mac's letters: no language writes words like these."""


def detect_encoding(path: Path) -> str:
    """The codec to read all of the file with. Raises UnreadableFile when none of them fits every byte."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(codecs.BOM_UTF8):
        _check_all(path, "utf-8-sig")
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise UnreadableFile("The file is UTF-32. Save it as UTF-8 and import it again.")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _check_all(path, "utf-16")
        return "utf-16"
    broken_at = _find_break(path, "utf-8")
    if broken_at is None:
        return "utf-8"
    line, seen_accents = broken_at
    if seen_accents:
        raise UnreadableFile(
            f"Line {line} holds a byte that is not UTF-8, although the lines before it are. "
            "Export the file again as UTF-8; a program has probably joined two files."
        )
    _check_all(path, "cp1252")
    _check_sense(path)
    return "cp1252"


def _check_sense(path: Path) -> None:
    """Every byte means something in Windows-1252, so that another code page shows by its words only."""
    with path.open("r", encoding="cp1252", newline="") as file:
        for number, line in enumerate(iter(lambda: file.readline(BLOCK), ""), start=1):
            if not line.isascii() and (found := NONSENSE.search(line)):
                word = line[max(0, found.start() - 10) : found.end() + 10].strip()
                raise UnreadableFile(
                    f"The file is not UTF-8, and line {number} would read “{word}”. It seems to be in a code page of another "
                    "language or of a Mac. Save it as UTF-8 and import it again."
                )


def _check_all(path: Path, codec: str) -> None:
    broken_at = _find_break(path, codec)
    if broken_at is not None:
        raise UnreadableFile(
            f"Line {broken_at[0]} holds bytes that are not text in {codec.upper()}. Save the file as UTF-8 CSV and import it again."
        )


def _find_break(path: Path, codec: str) -> tuple[int, bool] | None:
    """Line of the first bytes that `codec` cannot read, and whether text beyond ASCII was read before it."""
    decoder = codecs.getincrementaldecoder(codec)()
    line, seen_accents = 1, False
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                good = error.object[: error.start]
                accents = not good.isascii() if codec == "utf-8" else False
                return line + good.count(b"\n"), seen_accents or accents
            if not block:
                return None
            line += text.count("\n")
            seen_accents = seen_accents or not text.isascii()
