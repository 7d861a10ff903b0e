"""The values that lists are filtered by, each with a number: what is counted a hundred thousand times is counted as numbers."""

from collections.abc import Iterable

from django.db import connection, models


class FacetValue(models.Model):
    """A value of an attribute that some product has or had. Rows are never changed and never taken away."""

    id = models.AutoField(primary_key=True)
    code = models.TextField(help_text="Of the attribute.")
    value = models.TextField()

    class Meta:
        verbose_name = "facet value"
        constraints = [models.UniqueConstraint(fields=["code", "value"], name="catalog_facet_value_once")]

    def __str__(self) -> str:
        return f"{self.code}:{self.value}"


_KNOWN = """
SELECT known.id, known.code || ':' || known.value FROM unnest(%s::text[], %s::text[]) AS asked(code, value)
JOIN catalog_facetvalue known ON known.code = asked.code AND known.value = asked.value
"""
# In order, so that two writers never wait for each other in a ring.
_ADD = """
INSERT INTO catalog_facetvalue (code, value)
SELECT code, value FROM unnest(%s::text[], %s::text[]) AS asked(code, value) ORDER BY code, value
ON CONFLICT DO NOTHING
"""


def number_facets(facets: Iterable[str]) -> dict[str, int]:
    """Numbers by `code:value`; new values get one. One query, three when something is new."""
    wanted = set(facets)
    known = _look_up(wanted)
    if missing := wanted - known.keys():
        with connection.cursor() as cursor:
            cursor.execute(_ADD, _split(missing))
        known |= _look_up(missing)
    return known


def _look_up(facets: set[str]) -> dict[str, int]:
    if not facets:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, _split(facets))
        return {facet: number for number, facet in cursor.fetchall()}


def _split(facets: Iterable[str]) -> tuple[list[str], list[str]]:
    pairs = [facet.split(":", 1) for facet in facets]
    return [code for code, _ in pairs], [value for _, value in pairs]
