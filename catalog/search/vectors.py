"""The text vector of a document: the words of four weights, each as it is written and as its stem."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import connection

from catalog.importing.bulk import write_list
from catalog.search.languages import text_configuration

WORDS: Final = ("words_a", "words_b", "words_c", "words_d")
_VECTOR: Final = " || ".join(
    f"setweight(to_tsvector('{{stems}}', {name}), '{name[-1].upper()}')"
    f" || setweight(to_tsvector('simple', {name}), '{name[-1].upper()}')"
    for name in WORDS
)
_WEIGH: Final = f"""
SELECT ({_VECTOR})::text FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[])
WITH ORDINALITY AS row ({", ".join(WORDS)}, place) ORDER BY place
"""


def vector_sql() -> str:
    """Over columns of the names in WORDS."""
    return _VECTOR.format(stems=text_configuration())


def weigh_words(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The vectors of rows of `build_row`, as PostgreSQL writes them. Reads no table: any connection answers the same."""
    with connection.cursor() as cursor:
        sql = _WEIGH.format(stems=text_configuration())
        cursor.execute(sql, [write_list([row[name] for row in rows]) for name in WORDS])
        return [vector for (vector,) in cursor.fetchall()]
