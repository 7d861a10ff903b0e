"""Lighthouse on home, category and product of the demo shop: `make lighthouse`. Needs Node and its package registry.

Prints four figures for each page and device; exit code 1 when one is below FLOOR. Not part of the tests: figures of a
busy machine say little.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser import ARGUMENTS, find_browser
from tests.live.running_shop import RunningShop

FLOOR = 99
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PACKAGE = "lighthouse@12"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a shop that is open already; without it the demo shop is opened for the run")
    parser.add_argument("--tool", type=Path, help="a folder that Lighthouse was installed into before")
    parser.add_argument("--runs", type=int, default=3, help="of each page and device; the median counts")
    options = parser.parse_args()
    if shutil.which("npx") is None:
        print("Lighthouse needs Node: npx was not found.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        tool = options.tool or Path(folder) / "tool"
        if options.url:
            return measure(options.url.rstrip("/"), tool=tool, runs=options.runs)
        shop = RunningShop(Path(folder) / "state", demo=True).start(seconds=600)
        try:
            return measure(shop.url, tool=tool, runs=options.runs)
        finally:
            shop.stop()


def measure(url: str, *, tool: Path, runs: int) -> int:
    """0, or 1 when a figure is below FLOOR."""
    if not (tool / "node_modules").exists():
        tool.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent", PACKAGE], cwd=tool, check=True)
    low = False
    for name, address in find_pages(url).items():
        for device in ("mobile", "desktop"):
            report = measure_one(address, tool=tool, device=device, runs=runs)
            scores = {one: score_of(report, one) for one in CATEGORIES}
            print(f"{name:9} {device:8} " + "  ".join(f"{one} {score}" for one, score in scores.items()), flush=True)
            if min(scores.values()) < FLOOR:
                low = True
            for line in find_causes(report):
                print(f"    {line}")
    return int(low)


def find_pages(url: str) -> dict[str, str]:
    """The first category, and the first product in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        page = browser.new_page(base_url=url)
        page.goto("/")
        category = str(page.locator(".site-nav a").first.get_attribute("href"))
        page.goto(category)
        product = str(page.locator(".card-name a").first.get_attribute("href"))
        browser.close()
    return {"home": f"{url}/", "category": url + category, "product": url + product}


def measure_one(address: str, *, tool: Path, device: str, runs: int) -> dict[str, Any]:
    """The report of the run with the median performance: what else the machine does moves single runs by ten points."""
    reports = [run_lighthouse(address, tool=tool, device=device) for _ in range(runs)]
    return sorted(reports, key=lambda report: score_of(report, "performance"))[runs // 2]


def score_of(report: dict[str, Any], category: str) -> int:
    """0 to 100."""
    return round(100 * (report["categories"][category]["score"] or 0))


def run_lighthouse(address: str, *, tool: Path, device: str) -> dict[str, Any]:
    command = ["npx", "lighthouse", address, "--output=json", "--quiet", f"--only-categories={','.join(CATEGORIES)}"]
    command += [f"--chrome-flags=--headless=new {' '.join(ARGUMENTS)}"]
    command += ["--preset=desktop"] if device == "desktop" else []
    env = {**os.environ, "CHROME_PATH": str(find_browser())}
    done = subprocess.run(command, cwd=tool, env=env, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        raise SystemExit(f"Lighthouse could not measure {address}: {done.stderr.strip()[-500:]}")
    return dict(json.loads(done.stdout))


def find_causes(report: dict[str, Any]) -> list[str]:
    """What cost points, the heaviest first."""
    costs = []
    for category in CATEGORIES:
        for ref in report["categories"][category]["auditRefs"]:
            audit = report["audits"][ref["id"]]
            if ref["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                words = f"{category}: {audit['title']} {audit.get('displayValue', '')}".strip()
                costs.append((ref["weight"] * (1 - audit["score"]), words))
    return [words for _, words in sorted(costs, reverse=True)]


if __name__ == "__main__":
    sys.exit(main())
