"""Physical lines of a text file, each held only up to a length, with what was cut off skipped but counted."""

import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TextIO

LINE_ENDS = ("\n", "\r")
MARK = "\ufeff"
GIVE_UP_AFTER = 20
"""Times the longest record: where a quote is taken to be open until the end of the file."""


class LineFeed:
    """Iterates over the lines of `path` for a CSV parser and knows where the parser is.

    A record longer than `record_length` characters is thinned: of what follows only quotes, delimiters and line ends
    are passed on, so that the parser still finds the end of the record while memory stays bounded.
    """

    def __init__(self, path: Path, *, encoding: str, record_length: int, delimiter: str, skip_lines: int = 0) -> None:
        self._file: TextIO = path.open("r", encoding=encoding, newline="")
        self._limit = record_length
        self._filler = re.compile(f'[^"\r\n{re.escape(delimiter)}]+')
        self._is_cut = False
        self._held: list[str] = []
        self._again: deque[str] = deque()
        self.line = 0
        self.length = 0
        self.has_nul = False
        self.is_oversized = False
        for _ in range(skip_lines):
            self._skip_rest()
            self.line += 1
        self.start = self.line + 1

    def __enter__(self) -> "LineFeed":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        while True:
            piece = self._again.popleft() if self._again else self._file.readline(self._limit)
            if not piece or self.length > GIVE_UP_AFTER * self._limit:
                raise StopIteration
            if not self._is_cut:
                self.line += 1
            self._is_cut = len(piece) >= self._limit and not piece.endswith(LINE_ENDS)
            if self._is_cut and (len(piece) - len(piece.rstrip('"'))) % 2:
                piece += self._file.readline(1)  # so that a doubled quote is not torn apart
            if MARK in piece:  # of a file that was joined from several
                piece = piece.replace(MARK, "")
            self.length += len(piece)
            if self._is_cut or self.length > self._limit:
                self.is_oversized = True
                self._held.clear()
            else:
                self._held.append(piece)
            if "\0" in piece:
                self.has_nul = True
                piece = piece.replace("\0", "")
            if self.length <= self._limit:
                return piece
            thinned = self._filler.sub("", piece)
            if thinned.strip("\r\n"):
                return thinned

    def end_record(self) -> None:
        """The parser has a whole record: what is left of its line is skipped, and the next record begins."""
        if self._is_cut:
            self._skip_rest()
        self._begin(self.line + 1)

    def step_back(self) -> bool:
        """Begin again on the line after the one where the current record began. False: it was too long to be kept."""
        if self.is_oversized:
            return False
        self._again.extendleft(reversed(self._held[1:]))
        self.line = self.start
        self._begin(self.start + 1)
        return True

    def _begin(self, start: int) -> None:
        self.start, self.length, self.has_nul, self.is_oversized, self._is_cut = start, 0, False, False, False
        self._held.clear()

    def _skip_rest(self) -> None:
        while (piece := self._file.readline(self._limit)) and not piece.endswith(LINE_ENDS):
            continue
