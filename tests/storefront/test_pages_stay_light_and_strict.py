"""Budgets and the strict content security policy: small pages, no inline script or style, nobody else's server."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from tests.storefront.conftest import SmallShop

ROOT = Path(settings.BASE_DIR)
PAGES = ["/", "/c/living/lamps/", "/search/?q=lamp", "/p/cushion/", "/info/terms/", "/nothing/"]
STYLES = ("tokens", "base", "components", "browse", "product", "checkout")
KILOBYTE = 1000


def _compressed(data: bytes) -> int:
    return len(gzip.compress(data, 9))


@pytest.mark.feature("SF11")
@pytest.mark.parametrize("address", PAGES)
def test_a_page_with_its_styles_and_scripts_weighs_at_most_100_kilobytes(
    client: Client, small_shop: SmallShop, address: str
) -> None:
    page = client.get(address)
    parts = {"html": _compressed(page.content)}
    for name in re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', page.text):
        path = finders.find(name)
        assert path, name
        parts[name] = _compressed(Path(path).read_bytes())
    assert sum(parts.values()) <= 100 * KILOBYTE, parts
    assert sum(size for name, size in parts.items() if name.startswith("js/")) <= 15 * KILOBYTE, parts


@pytest.mark.feature("SF11")
def test_all_styles_together_weigh_at_most_15_kilobytes() -> None:
    assert sum(_compressed((ROOT / f"static/css/{name}.css").read_bytes()) for name in STYLES) <= 15 * KILOBYTE


@pytest.mark.parametrize("address", PAGES)
def test_a_page_runs_nothing_inline_and_asks_nobody_else(client: Client, small_shop: SmallShop, address: str) -> None:
    page = client.get(address).text
    assert re.findall(r"<script(?![^>]*(?:src=|application/ld\+json))", page) == []
    assert "<style" not in page
    assert re.findall(r'\sstyle="', page) == []
    assert re.findall(r'\son[a-z]+="', page) == []
    assert re.findall(r'(?:src|srcset|action)="(?:https?:)?//(?!testserver)', page) == []
    assert re.findall(r'<link[^>]*href="(?:https?:)?//(?!testserver)', page) == []


def test_templates_of_the_shop_hold_no_inline_script_or_style() -> None:
    """Mails are the exception: mail programs know no style sheets."""
    found = []
    for file in (ROOT / "templates").rglob("*.html"):
        if file.is_relative_to(ROOT / "templates/mails") or file.is_relative_to(ROOT / "templates/admin"):
            continue
        text = file.read_text()
        if "<style" in text or ' style="' in text or re.search(r"<script(?![^>]*src=)", text):
            found.append(str(file.relative_to(ROOT)))
    assert found == []


@pytest.mark.feature("CO06")
def test_raw_colours_sizes_and_durations_stand_in_the_tokens_alone() -> None:
    raw = re.compile(r"#[0-9a-f]{3,8}\b|oklch\(|rgba?\(|hsla?\(|(?<![\w.-])\d*\.?\d+(?:px|rem|ms)\b")
    found = []
    for name in STYLES[1:]:
        file = ROOT / f"static/css/{name}.css"
        # Breakpoints cannot be custom properties.
        text = re.sub(r"@(?:media|container)[^{]*\{", "", file.read_text())
        found += [f"{file.name}: {match}" for match in raw.findall(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))]
    assert found == []


def test_pages_say_which_address_is_theirs_and_which_are_for_people_only(client: Client, small_shop: SmallShop) -> None:
    plain = client.get("/c/living/lamps/").text
    filtered = client.get("/c/living/lamps/?colour=Sage").text
    assert 'rel="canonical" href="http://testserver/c/living/lamps/"' in plain
    assert "noindex" not in plain
    assert "noindex" in filtered
