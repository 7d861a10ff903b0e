"""Finds Chromium for the browser tests; installs it where `apt-get` may be used as root."""

import os
import shutil
import sys

from tests.apt import install

SHELL = "chromium-headless-shell"
"""Chromium without its windows: the same engine, a third of the processor time for a page."""

NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


def find_browser() -> str | None:
    return os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> int:
    if "CHROMIUM" not in os.environ and not shutil.which(SHELL):
        install(SHELL, what_for="the browser tests")
    if not find_browser():
        install("chromium", what_for="the browser tests")
    if find_browser():
        return 0
    print("  Chromium is missing and cannot be installed here: the browser tests will be skipped.", flush=True)
    if os.environ.get("CI") == "true":
        print("  With CI=true a missing browser is a failure.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
