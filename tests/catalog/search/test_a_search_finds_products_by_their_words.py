"""What a shopper types finds what they mean: stems, unfinished words, codes, accents and typing errors."""

from collections.abc import Callable

import pytest
from oscar.apps.catalogue.models import Category, Product

from catalog.search.query import Query, find_products
from catalog.search.suggest import suggest


@pytest.fixture
def shop(make_product: Callable[..., Product]) -> None:
    lamps = Category.add_root(name="Lamps", slug="lamps")
    make_product("Alba table lamp", brand="Noctiluca", material="Brass", categories=[lamps], sku="LL-ALBA-01")
    make_product("Candle holder Fjörd", material="Brass", description="<p>Holds three candles.</p>")
    make_product("Crème brûlée dish", material="Stoneware")
    make_product(
        "Stoneware mug",
        axes=["colour"],
        variants=[{"colour": "Moss", "sku": "MUG-MOSS"}, {"colour": "Clay", "sku": "MUG-CLAY"}],
        description="For tea beside a lamp.",
    )
    make_product("Linen throw", description="Woven in Portugal.", colour="Oat")
    make_product("Hidden lamp", is_public=False)


def titles(text: str) -> list[str]:
    return [document.title for document in find_products(Query(text=text)).documents]


@pytest.mark.feature("SF04")
@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("lamp", "Alba table lamp"),
        ("lamps", "Alba table lamp"),
        ("LAMP alba", "Alba table lamp"),
        ("table la", "Alba table lamp"),
        ("noctiluca", "Alba table lamp"),
        ("LL-ALBA-01", "Alba table lamp"),
        ("llalba01", "Alba table lamp"),
        ("mug-clay", "Stoneware mug"),
        ("clay mug", "Stoneware mug"),
        ("creme brulee", "Crème brûlée dish"),
        ("CRÈME BRÛLÉE", "Crème brûlée dish"),
        ("fjord", "Candle holder Fjörd"),
        ("candles", "Candle holder Fjörd"),
        ("portugal", "Linen throw"),
        ("the throw", "Linen throw"),
        # Mistyped: a letter missing, added, replaced, two swapped.
        ("lapm", "Alba table lamp"),
        ("stonware mug", "Stoneware mug"),
        ("candel holder", "Candle holder Fjörd"),
        ("linnen throw", "Linen throw"),
        ("noctiluka", "Alba table lamp"),
        ("thorw", "Linen throw"),
        ("brulée dihs", "Crème brûlée dish"),
        # A space forgotten, missed, or one too many.
        ("linenthrow", "Linen throw"),
        ("linenxthrow", "Linen throw"),
        ("stone ware mug", "Stoneware mug"),
        ("noctiluca table lam", "Alba table lamp"),
    ],
)
def test_the_right_product_comes_first(text: str, first: str) -> None:
    assert titles(text)[:1] == [first]


@pytest.mark.usefixtures("shop")
def test_a_corrected_search_says_what_it_looked_for() -> None:
    results = find_products(Query(text="stonware mug"))
    assert results.did_you_mean == "stoneware mug"
    assert results.is_corrected


@pytest.mark.feature("SF04")
def test_of_words_equally_near_the_one_that_fits_is_meant(make_product: Callable[..., Product]) -> None:
    for title in ("Oak tray", "Oat bowl", "Oat mug", "Oat dish", "Oat vase"):
        make_product(title)
    results = find_products(Query(text="oax tray"))
    assert [document.title for document in results.documents] == ["Oak tray"]
    assert results.did_you_mean == "oak tray"
    assert find_products(Query(text="oax zzzzz")).documents[0].title.startswith(("Oa",))


@pytest.mark.feature("SF04")
def test_words_of_the_title_outdo_any_number_of_mentions(make_product: Callable[..., Product]) -> None:
    make_product("Oak table", description="For a lamp and a lamp. " * 50, material="Lamp", style="table lamp")
    make_product("Table lamp Alba")
    assert titles("table lamp")[0] == "Table lamp Alba"


def test_the_title_itself_comes_before_longer_titles(make_product: Callable[..., Product]) -> None:
    for title in ("Hoodie with pocket and hoodie logo", "Zipped hoodie", "Hoodie with pocket", "Hoodie"):
        make_product(title)
    expected = ["Hoodie", "Hoodie with pocket", "Hoodie with pocket and hoodie logo", "Zipped hoodie"]
    assert titles("hoodie") == expected
    assert [product.title for product in suggest("hood").products] == expected


def test_words_that_nothing_has_find_nothing(make_product: Callable[..., Product]) -> None:
    make_product("Mug")
    for text in ("yoga", "yoga ball"):
        results = find_products(Query(text=text))
        assert (results.total, results.is_partial, results.did_you_mean) == (0, False, None)


def test_filters_that_leave_nothing_are_no_typing_error(make_product: Callable[..., Product]) -> None:
    make_product("Mug", colour="Moss")
    make_product("Jug", colour="Clay")
    results = find_products(Query(text="mug", facets={"colour": ("Clay",)}))
    assert (results.total, results.did_you_mean, results.is_partial) == (0, None, False)


@pytest.mark.usefixtures("shop")
def test_words_that_no_product_has_together_find_products_with_some() -> None:
    results = find_products(Query(text="linen lamp"))
    assert results.is_partial
    assert {document.title for document in results.documents} == {"Alba table lamp", "Linen throw", "Stoneware mug"}


@pytest.mark.usefixtures("shop")
def test_a_product_off_sale_is_not_found() -> None:
    assert titles("hidden") == []


@pytest.mark.feature("SF04")
@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "'; DROP TABLE catalog_searchdocument; --",
        "lamp & | ! ( ) <-> :* \\",
        "\x00lamp\x00\x07\x1b[31m",
        "%_%",
        "%s %(word0)s {0} {everything}",
        "a" * 10_000,
        "lamp " * 2_000,
        "𝕷𝖆𝖒𝖕",
        "\ud800",
        "灯 лампа مصباح",
        "the of and",
        '-lamp "table lamp" OR mug',
        "1e5 2.5.3 a@b.example https://x.example/y",
    ],
)
def test_hostile_text_gets_an_answer(text: str) -> None:
    results = find_products(Query(text=text))
    assert results.page == 1
    assert all(document.title for document in results.documents)
