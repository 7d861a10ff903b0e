"""The table of moved addresses: every answer is one step, loops are refused, and ordinary pages never ask it."""

import pytest
from django.test import Client

from shop.redirects.models import Redirect
from shop.redirects.moves import Move, add_redirects, record_move, remove_redirects
from shop.redirects.paths import UnusablePath, clean_path, clean_target
from shop.redirects.resolve import resolve_redirect
from tests.storefront.conftest import SmallShop, small_shop

__all__ = ["small_shop"]
pytestmark = pytest.mark.django_db


def _table() -> dict[str, str]:
    return dict(Redirect.objects.values_list("from_path", "to_path"))


def _move(old: str, new: str) -> None:
    record_move(old_path=old, new_path=new, reason="slug")


def _add(*pairs: tuple[str, str], writes: bool = True):
    moves = [Move(old=clean_path(old), new=clean_target(new)) for old, new in pairs]
    return add_redirects(moves, reason="test", writes=writes)


def test_a_page_that_moved_twice_is_one_step_away() -> None:
    _move("/p/a/", "/p/b/")
    _move("/p/b/", "/p/c/")
    assert _table() == {"/p/a": "/p/c/", "/p/b": "/p/c/"}


def test_an_address_in_use_again_is_free_again() -> None:
    _move("/p/a/", "/p/b/")
    _move("/p/b/", "/p/a/")
    assert _table() == {"/p/b": "/p/a/"}


def test_chains_in_a_file_are_flattened_in_any_order() -> None:
    answer = _add(("/one", "/two"), ("/three", "/p/end/"), ("/two", "/three"))
    assert sorted(answer.created) == ["/one", "/three", "/two"]
    assert set(_table().values()) == {"/p/end/"}


def test_a_redirect_in_front_of_a_stored_one_skips_it() -> None:
    _add(("/two", "/p/end/"))
    _add(("/one", "/two"))
    assert _table()["/one"] == "/p/end/"


def test_loops_are_refused_and_the_rest_is_written() -> None:
    _add(("/b", "/c"))
    answer = _add(("/c", "/a"), ("/a", "/b/"), ("/x", "/x/"), ("/y", "/p/lamp/"))
    assert "would lead back to itself" in answer.refused["/a"]
    assert "would lead to itself" in answer.refused["/x"]
    assert _table() == {"/b": "/a", "/c": "/a", "/y": "/p/lamp/"}


def test_the_same_again_changes_nothing_and_a_new_target_is_told_with_the_old_one() -> None:
    _add(("/one", "/p/a/"))
    assert _add(("/one", "/p/a/")).unchanged == ["/one"]
    assert _add(("/one", "/p/b/")).replaced == {"/one": "/p/a/"}
    assert remove_redirects(["/one"]) == 1


def test_a_rehearsal_writes_nothing() -> None:
    assert _add(("/one", "/p/a/"), writes=False).created == ["/one"]
    assert _table() == {}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/old/", "/old"),
        ("https://old.example/Caf%C3%A9/?p=3#top", "/Café?p=3"),
        ("/index.php?route=12", "/index.php?route=12"),
    ],
)
def test_an_address_has_one_spelling(text: str, path: str) -> None:
    assert clean_path(text) == path


@pytest.mark.parametrize(
    "text", ["", "old", "/", "/?p=7", "//evil.example/x", "http:evil", "javascript:alert(1)", "/a\0b", "/" + "x" * 700]
)
def test_what_is_no_address_is_refused_in_words(text: str) -> None:
    with pytest.raises(UnusablePath) as refused:
        clean_path(text)
    assert str(refused.value).endswith(".")


def test_a_redirect_never_leaves_the_shop() -> None:
    for target in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        with pytest.raises(UnusablePath):
            clean_target(target)


def test_what_the_address_carries_beside_is_handed_on() -> None:
    _add(("/old", "/p/lamp/"), ("/show?id=7", "/p/cushion/"))
    assert resolve_redirect("/old/?utm_source=mail") == "/p/lamp/?utm_source=mail"
    assert resolve_redirect("/show/?id=7") == "/p/cushion/"
    assert resolve_redirect("/show?id=8") is None


def test_the_shop_answers_one_301_and_asks_only_when_a_page_is_missing(
    client: Client, small_shop: SmallShop, django_assert_num_queries
) -> None:
    _add(("/products/cushion", "/p/cushion/"), ("/straße/ä.html", "/p/cushion/"), ("/p/lamp-0001/", "/p/cushion/"))
    for old in ("/products/cushion", "/products/cushion/", "/stra%C3%9Fe/%C3%A4.html"):
        # One for the redirect, one whether its target has itself got another address since.
        with django_assert_num_queries(2):
            answer = client.get(old)
        assert (answer.status_code, answer["Location"]) == (301, "/p/cushion/")
        assert client.get(answer["Location"]).status_code == 200
    assert client.get("/p/lamp-0001/").status_code == 200
    assert client.post("/products/cushion").status_code == 404
