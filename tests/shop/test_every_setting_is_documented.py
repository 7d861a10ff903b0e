"""docs/settings.md names each variable that the settings and `make run` read, and no other."""

import re
from dataclasses import fields
from pathlib import Path

from shop.seller import Seller

ROOT = Path(__file__).resolve().parents[2]
_READ = re.compile(r'(?:env\.(?:text|flag|number|items|parsed)\(|environ(?:\.get\(|\[))\s*"([A-Z][A-Z_]+)"')
_OF_THE_SYSTEM = {"PATH"}


def test_the_page_names_what_is_read() -> None:
    read = {name for file in (ROOT / "shop").rglob("*.py") for name in _READ.findall(file.read_text())}
    read |= {f"SELLER_{field.name.upper()}" for field in fields(Seller) if field.name != "country"}
    rows = [
        line.split("|")[1] for line in (ROOT / "docs" / "settings.md").read_text().splitlines() if "| `" in line[:3]
    ]
    documented = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert documented == read - _OF_THE_SYSTEM
