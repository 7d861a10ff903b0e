"""`python -m tests.storefront.accessibility`: check every kind of page, and write the results that the statement shows."""

import os
import sys
from pathlib import Path

import pytest

RESULTS = Path(__file__).resolve().parents[2] / "shop" / "storefront" / "accessibility.json"
SWITCH = "WRITE_ACCESSIBILITY_RESULTS"


def main() -> int:
    os.environ[SWITCH] = "1"
    return int(pytest.main(["-q", "tests/storefront/test_pages_are_open_to_everybody.py"]))


if __name__ == "__main__":
    sys.exit(main())
