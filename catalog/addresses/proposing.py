"""Which page somebody may have meant by an address that is not there: its words against titles and names."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote

from django.db import connection

_WORD: Final = re.compile(r"[^\W\d_]{3,30}")
_OWN: Final = frozenset(
    {"search", "order", "basket", "account", "checkout", "info", "html", "htm", "php", "index", "product", "products"}
)

# `<%` is answered by the trigram index of the documents; the categories are few.
_NEAREST: Final = """
SELECT asked.path, found.target FROM unnest(%s::text[], %s::text[]) AS asked (path, words)
CROSS JOIN LATERAL (
    SELECT target FROM (
        (SELECT '/p/' || slug || '/' AS target, word_similarity(asked.words, text) AS nearness, 1 AS place
         FROM catalog_searchdocument WHERE asked.words <%% text
         ORDER BY nearness DESC, popularity DESC, product_id LIMIT 1)
        UNION ALL
        (SELECT '/c/' || (SELECT string_agg(above.slug, '/' ORDER BY step)
                          FROM generate_series(4, length(category.path), 4) AS step
                          JOIN catalogue_category above ON above.path = left(category.path, step)) || '/',
                similarity(asked.words, lower(category.name)) AS nearness, 0
         FROM catalogue_category category
         WHERE category.is_public AND category.ancestors_are_public AND asked.words %% lower(category.name)
         ORDER BY nearness DESC, category.path LIMIT 1)
    ) AS candidates ORDER BY nearness DESC, place LIMIT 1
) AS found
"""


def words_of(path: str) -> str:
    """`/p/blue-lamp-3/` asks for `blue lamp`."""
    words = [word for word in _WORD.findall(path[:200]) if word.casefold() not in _OWN]
    return " ".join(words[-4:])


def propose_targets(paths: Iterable[str]) -> dict[str, str]:
    """The public page whose words are nearest to those of the last part of each path; none where nothing is near."""
    asked = {path: words_of(unquote(path).rstrip("/").rpartition("/")[2]).lower() for path in paths}
    asked = {path: words for path, words in asked.items() if words}
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, (list(asked), list(asked.values())))
        return dict(cursor.fetchall())
