"""A whole shop on generated products, with its page cache off or on, and the addresses that are measured."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.live.running_shop import ROOT, RunningShop

CATEGORY: Final = "/c/lighting/"
WORDS: Final = ("lamp", "cushion", "plate", "linen", "brass", "mirror", "chair", "kettle", "notebook", "basket")
TYPOS: Final = ("lmap", "cusihon", "platte", "linnen", "bras", "miror", "chiar", "ketle", "notebok", "baskett")
MOST_PRODUCTS: Final = 200


def sizes(default: str, *, most: int = 10**9) -> list[int]:
    """Numbers of products to measure with, ascending: BENCH_PRODUCTS names others, for example 1000,50000,500000."""
    asked = os.environ.get("BENCH_PRODUCTS") or default
    return sorted(number for word in asked.split(",") if (number := int(word)) <= most)


class BenchShop:
    """Started anew for each setting; the database in the folder stays and only grows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shop: RunningShop | None = None

    @classmethod
    def at_home(cls, folder: Path) -> "BenchShop":
        """In a new folder, or in that of BENCH_FOLDER, whose catalogue is used again the next time."""
        return cls(Path(os.environ.get("BENCH_FOLDER") or folder) / "state")

    def open(self, *, workers: int, page_cache: bool, answers: bool = True) -> RunningShop:
        """Without `answers` every page is worked out from nothing, as after a change of the catalogue."""
        self.close()
        settings = {"WEB_WORKERS": str(workers)}
        settings |= {} if page_cache else {"PAGE_CACHE_MEGABYTES": "0"}
        settings |= {} if answers else {"ANSWER_CACHE_MEGABYTES": "0"}
        self.shop = RunningShop(self.folder, demo=False, **settings).start(seconds=300)
        return self.shop

    def close(self) -> None:
        if self.shop is not None:
            self.shop.stop()
            self.shop = None

    def grow(self, products: int) -> None:
        """Generate what is missing to that many listed products."""
        assert self.shop is not None
        ((known,),) = self.shop.query("SELECT count(*) FROM catalog_searchdocument")
        if known < products:
            command = [sys.executable, "-m", "tests.bench", str(products - known), str(known + 1)]
            subprocess.run(command, cwd=ROOT, env=self.shop.env, check=True, stdout=subprocess.DEVNULL)
        elif known > 1.1 * products:
            pytest.skip(f"the catalogue has grown to {known} products already")

    def addresses(self) -> dict[str, list[str]]:
        """What one row of a table asks for, in turn."""
        assert self.shop is not None
        slugs = self.shop.query("SELECT slug FROM catalog_searchdocument ORDER BY md5(slug) LIMIT %s", MOST_PRODUCTS)
        return {
            "health": ["/healthz"],
            "category": [CATEGORY],
            "two facets": [f"{CATEGORY}?material=Oak&style=Nordic", f"{CATEGORY}?colour=Sage&room=Study"],
            "search": [f"/search/?q={word}" for word in WORDS],
            "typo": [f"/search/?q={word}" for word in TYPOS],
            "product": [f"/p/{slug}/" for (slug,) in slugs],
            "page 2": [f"{CATEGORY}?page=2"],
            "page 200": [f"{CATEGORY}?page=200"],
        }
