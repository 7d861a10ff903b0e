"""The index of mistyped words: any single edit of a word leads back to it."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search.folding import fold_text, read_words
from catalog.search.spelling import correct_words, find_nearest, list_parts
from catalog.search.vocabulary import count_edits, list_deletes

WORDS = st.text(alphabet=string.ascii_lowercase, min_size=3, max_size=14)


@st.composite
def mistyped(draw: st.DrawFn) -> tuple[str, str]:
    word = draw(WORDS)
    place = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from(string.ascii_lowercase))
    kind = draw(st.sampled_from(("missing", "added", "replaced", "swapped")))
    if kind == "missing":
        return word, word[:place] + word[place + 1 :]
    if kind == "added":
        return word, word[:place] + letter + word[place:]
    if kind == "replaced":
        return word, word[:place] + letter + word[place + 1 :]
    return word, word[:place] + word[place : place + 2][::-1] + word[place + 2 :]


@given(mistyped())
def test_a_single_edit_is_counted_as_one_and_found(pair: tuple[str, str]) -> None:
    word, typed = pair
    assert count_edits(word, typed) == (word != typed)
    assert set(list_deletes(word)) & set(list_deletes(typed))
    if typed:
        assert find_nearest(typed, [(word, 1)]) == (word,)


@given(WORDS, WORDS)
def test_edits_are_the_same_in_both_directions(one: str, other: str) -> None:
    assert count_edits(one, other) == count_edits(other, one)
    assert abs(len(one) - len(other)) <= count_edits(one, other) <= max(len(one), len(other))


@pytest.mark.parametrize(
    ("typed", "expected"), [("lamp", ("lamp",)), ("lmap", ("lamp",)), ("xxmp", ()), ("stonwar", ("stoneware",))]
)
def test_long_words_bear_two_edits_and_short_ones_one(typed: str, expected: tuple[str, ...]) -> None:
    assert find_nearest(typed, [("lamp", 5), ("stoneware", 2)]) == expected


def test_words_run_together_are_taken_apart_and_the_reverse() -> None:
    known = {"oak", "shelf", "teapot"}
    fixed = correct_words(["oakshelf", "tea", "pot"], candidates={}, doubtful={"oakshelf"}, known=known, can_join=True)
    assert fixed == (("oak",), ("shelf",), ("teapot",))
    assert known < set(list_parts(["oakshelf", "tea", "pot"]))


@given(st.text(max_size=400))
def test_whatever_is_typed_becomes_plain_words(text: str) -> None:
    words = read_words(text)
    assert len(words) <= 12
    assert all(word.isalnum() and fold_text(word) == word for word in words)
