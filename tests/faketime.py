"""Finds libfaketime, which gives one process a clock of its own; installs it where `apt-get` may be used as root."""

import sys
from pathlib import Path

from tests.apt import install

MISSING = "libfaketime is missing, and wrong clocks cannot be tried without it: install the system package libfaketime."


class NoFaketime(Exception):
    """A run with a wrong clock fails without the library: it does not pass by."""

    def __init__(self) -> None:
        super().__init__(MISSING)


def find_faketime(libraries: Path = Path("/usr/lib")) -> Path:
    """The library to preload; in whichever folder the machine's architecture has. Raises NoFaketime."""
    found = sorted(libraries.glob("*/faketime/libfaketime.so.1"))
    if not found:
        raise NoFaketime
    return found[0]


def main() -> int:
    try:
        find_faketime()
    except NoFaketime:
        install("libfaketime", what_for="the runs with a wrong clock")
        try:
            find_faketime()
        except NoFaketime as missing:
            print(f"  {missing}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
