"""Discovery documents fit their schemas and claim nothing that is not there; a product as Markdown equals its page."""

import re

import pytest
from django.test import Client, RequestFactory, override_settings
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from shop.page_cache.middleware import name_page
from tests.storefront.conftest import SmallShop
from tests.storefront.schema_check import find_problems, load_schema

pytestmark = [pytest.mark.django_db, pytest.mark.feature("AP04")]


@pytest.mark.parametrize(
    ("address", "schema"), [("/.well-known/ucp", "ucp_profile"), ("/.well-known/acp.json", "acp_discovery")]
)
def test_a_discovery_document_fits_its_schema_and_claims_no_service(client: Client, address: str, schema: str) -> None:
    answer = client.get(address)
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "public, max-age=3600"
    document = answer.json()
    assert find_problems(document, load_schema(schema)) == []
    assert not answer.cookies
    claimed = document.get("ucp", document.get("capabilities", {})).get("services")
    assert not claimed
    for path in ("/checkout_sessions", "/checkout-sessions"):
        with pytest.raises(Resolver404):
            resolve(path)
    with pytest.raises(NoReverseMatch):
        reverse("checkout_sessions")


def test_the_guide_leads_to_pages_that_answer(client: Client, small_shop: SmallShop) -> None:
    text = client.get("/llms.txt").text
    assert text.startswith("# ")
    assert "There is no interface for ordering by machine." in text
    links = re.findall(r"\]\(http://testserver([^)]+)\)", text)
    assert {"/c/living/", "/info/terms/", "/sitemap.xml"} <= set(links)
    assert [link for link in links if client.get(link).status_code != 200] == []
    assert "/feeds/" not in text
    with override_settings(FEEDS_PUBLIC=True):
        assert "http://testserver/feeds/products.jsonl" in client.get("/llms.txt").text


def test_a_product_as_markdown_equals_its_page(client: Client, small_shop: SmallShop) -> None:
    text = client.get("/p/cushion.md?colour=Sage&size=Large").text
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get("/p/cushion/?colour=Sage&size=Large").text))
    assert text.startswith("# Cushion\n")
    assert "**Price:** 32.00 EUR (was 40.00 EUR)" in text
    assert "32.00 EUR" in page
    assert "**Availability:** 2 left (Sage, Large)." in text
    assert "2 left" in page
    assert "**Rating:** 4.5 of 5, 2 reviews." in text
    assert "| Clay / Small |" in text
    assert re.search(r"\| Clay / Small \| \S+ \| 24\.00 EUR \| Sold out \|", text)
    assert "Linen, washed before it is sewn." in text
    for line in re.findall(r"^- (.*EUR.*)$", text, re.MULTILINE):
        assert line in page


def test_markdown_is_given_to_whoever_asks_for_it(client: Client, small_shop: SmallShop) -> None:
    asked = client.get("/p/cushion/", headers={"accept": "text/markdown, text/html;q=0.8"})
    assert asked["Content-Type"] == "text/markdown; charset=utf-8"
    assert "Accept" in asked["Vary"]
    for accept in ("text/html,application/xhtml+xml,*/*;q=0.8", "*/*", ""):
        page = client.get("/p/cushion/", headers={"accept": accept})
        assert page["Content-Type"].startswith("text/html")
        assert "Accept" in page["Vary"]
    assert client.get("/p/nothing.md").status_code == 404


def test_a_page_that_is_kept_ready_is_not_given_for_the_text() -> None:
    make = RequestFactory().get
    assert name_page(make("/p/cushion/", headers={"accept": "Text/Markdown, */*"})) is None
    assert name_page(make("/p/cushion/", headers={"accept": "text/html"})) is not None


def test_words_of_a_product_are_not_read_as_markup(client: Client, small_shop: SmallShop) -> None:
    lamp = small_shop.lamps[0]
    lamp.title, lamp.description = "A [link](x) | *lamp*", "<p>One &amp; two</p><script>x</script><p># three</p>"
    lamp.save()
    text = client.get(f"/p/{lamp.slug}.md").text
    assert text.startswith("# A \\[link\\](x) \\| \\*lamp\\*\n")
    assert "One & two\n\n\\# three" in text
    assert "<script" not in text
