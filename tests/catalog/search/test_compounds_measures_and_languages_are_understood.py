"""Wi-Fi is wifi, 64GB is 64 GB, 15.6 is not 156, a shade for lamps is no lamp; stems follow the shop's language."""

from collections.abc import Callable

import pytest
from django.test import override_settings
from oscar.apps.catalogue.models import Product

from catalog.search.documents import split_title
from catalog.search.folding import fold_for_index, read_question
from catalog.search.query import Query, find_products


def titles(text: str) -> list[str]:
    return [document.title for document in find_products(Query(text=text)).documents]


@pytest.mark.feature("SF04")
@pytest.mark.parametrize(
    ("title", "questions"),
    [
        ("Wi-Fi repeater", ("wifi", "wi-fi", "Wi Fi", "WIFI repeater")),
        ("Wifi camera", ("wi-fi camera", "wifi camera")),
        ("USB-C hub", ("usb c hub", "usb-c hub", "usbc hub", "USB‑C")),
        ("Stick 64GB", ("64 gb stick", "64gb", "64GB stick")),
        ("Stick 128 GB", ("128gb stick", "128 gb")),
        ("Notebook 15.6 inch", ("15.6 notebook", "notebook 15,6")),
        ("Router TL-WR841N", ("tl-wr841n", "tlwr841n", "TL WR841N")),
    ],
)
def test_ways_of_writing_find_the_same(
    make_product: Callable[..., Product], title: str, questions: tuple[str, ...]
) -> None:
    make_product(title)
    make_product("Table 156 cm")
    for question in questions:
        assert titles(question)[:1] == [title], question


def test_a_point_in_a_figure_is_not_lost() -> None:
    assert read_question("15.6") == [("15p6", "15<->6")]
    assert read_question("wi-fi 64gb") == [("wifi", "wi<->fi"), ("64gb", "64<->gb")]
    assert fold_for_index("Wi-Fi, 64GB") == "wi fi 64gb wifi 64 gb"


@pytest.mark.feature("SF04")
def test_the_thing_comes_before_what_is_made_for_it(make_product: Callable[..., Product]) -> None:
    assert split_title("Shade for table lamps") == ("Shade", " for table lamps")
    make_product("Linen shade for lamp")
    make_product("Hand made reading lamp")
    assert titles("lamp") == ["Hand made reading lamp", "Linen shade for lamp"]


@pytest.mark.feature("SF04")
def test_stems_and_stop_words_are_those_of_the_shops_language(make_product: Callable[..., Product]) -> None:
    with override_settings(LANGUAGE_CODE="de-de"):
        make_product("Häuser für Vögel")
        make_product("Stühle aus Eiche")
        assert titles("haus für den vogel") == ["Häuser für Vögel"]
        assert titles("stuhl aus der eiche") == ["Stühle aus Eiche"]


@pytest.mark.feature("SF04")
def test_few_answers_are_followed_by_those_with_some_of_the_words(make_product: Callable[..., Product]) -> None:
    for title in ("Oak desk lamp", "Oak shelf", "Desk"):
        make_product(title)
    results = find_products(Query(text="oak desk"))
    assert results.documents[0].title == "Oak desk lamp"
    assert (results.total, results.is_partial, results.has_complete) == (3, True, True)
    exact = [make_product(f"Oak desk {number}").title for number in range(12)]
    results = find_products(Query(text="oak desk"))
    assert (results.total, results.is_partial) == (len(exact) + 1, False)
