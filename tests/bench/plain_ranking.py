"""What PostgreSQL does out of the box: one text vector of all words, `ts_rank`, words together or any of them."""

from collections.abc import Mapping

from django.db import connection

_WRITE = "INSERT INTO plain_document SELECT * FROM (VALUES (%s, to_tsvector('english', %s))) AS row"
_FIND = {
    "all words": "SELECT plainto_tsquery('english', %s) AS query",
    "any word": "SELECT replace(plainto_tsquery('english', %s)::text, '&', '|')::tsquery AS query",
}


class PlainRanking:
    def __init__(self, texts: Mapping[str, str]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS plain_document")
            cursor.execute("CREATE TEMPORARY TABLE plain_document (number text, vector tsvector)")
            cursor.executemany(_WRITE, list(texts.items()))
            cursor.execute("CREATE INDEX ON plain_document USING gin (vector)")
            cursor.execute("ANALYZE plain_document")

    def find(self, question: str, *, words: str = "all words", limit: int = 50) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT number FROM plain_document, ({_FIND[words]}) AS asked WHERE vector @@ query"
                " ORDER BY ts_rank(vector, query) DESC, number LIMIT %s",
                (question, limit),
            )
            return [number for (number,) in cursor.fetchall()]
