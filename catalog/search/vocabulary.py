"""The words of the catalogue, kept for typing errors: nearest known word by edit distance.

`deletes` holds each word with one letter left out, and the word itself. Two words that are one edit apart (a letter
added, missing, replaced, or two swapped) share one of these, so that a look-up is one index scan.
"""

from collections.abc import Iterable
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import connection, models

SHORTEST_WORD: Final = 3
LONGEST_WORD: Final = 40


class SearchWord(models.Model):
    """A word of a title, brand, attribute or category. A hint only: a stale word finds nothing and harms nobody."""

    word = models.CharField(max_length=LONGEST_WORD, primary_key=True)
    deletes = ArrayField(models.TextField(), default=list)
    documents = models.PositiveIntegerField(default=1, help_text="Documents with the word at the last reindex.")

    class Meta:
        verbose_name = "search word"
        indexes = [
            GinIndex(fields=["deletes"], name="catalog_word_deletes"),
            GinIndex(OpClass(models.F("word"), name="gin_trgm_ops"), name="catalog_word_trigram"),
        ]

    def __str__(self) -> str:
        return self.word


def list_deletes(word: str) -> list[str]:
    return sorted({word, *(word[:index] + word[index + 1 :] for index in range(len(word)))})


def remember_words(words: Iterable[str]) -> None:
    """Add what is not known yet; two queries. Words in order, so that two writers never wait for each other in a ring."""
    telling = sorted({word for word in words if SHORTEST_WORD <= len(word) <= LONGEST_WORD and word.isalpha()})
    if not telling:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM catalog_searchword WHERE word = ANY(%s)", (telling,))
        known = {word for (word,) in cursor.fetchall()}
    SearchWord.objects.bulk_create(
        [SearchWord(word=word, deletes=list_deletes(word)) for word in telling if word not in known],
        ignore_conflicts=True,
    )


def count_edits(left: str, right: str) -> int:
    """Damerau-Levenshtein distance (optimal string alignment): letters added, missing, replaced, neighbours swapped."""
    older: list[int] = []
    above: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, start=1):
        older, above, row = above, row, [i]
        for j, other in enumerate(right, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
