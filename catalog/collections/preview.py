"""What a change of a collection would do: who joins, who leaves. And who is in it now."""

from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from catalog.collections.records import Collection
from catalog.collections.rule import Within, members_of
from catalog.publication.openness import OPEN_DOCUMENT
from catalog.search.conditions import restrict_to
from catalog.search.shown_documents import shown_documents
from shop.written_once import Question

SHOWN: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Counts, and the first titles of each, in the order of the alphabet."""

    total: int
    joins: int
    leaves: int
    joining: list[str]
    leaving: list[str]


# One scan and no join: joined back by an estimate of nothing, 50,000 products took a minute on some days.
_COMPARE = """
WITH judged AS MATERIALIZED (
    SELECT document.product_id, document.title, ({before}) IS TRUE AS was, ({after}) IS TRUE AS becomes
    FROM {documents} document WHERE {is_open}
)
SELECT count(*) FILTER (WHERE becomes), count(*) FILTER (WHERE becomes AND NOT was),
       count(*) FILTER (WHERE was AND NOT becomes),
       ARRAY(SELECT title FROM judged WHERE becomes AND NOT was ORDER BY title, product_id LIMIT {shown}),
       ARRAY(SELECT title FROM judged WHERE was AND NOT becomes ORDER BY title, product_id LIMIT {shown})
FROM judged
"""


def preview_change(
    old: Collection | None, new: Within, *, only_in_stock: bool = False, saleable: QuerySet | Question | None = None
) -> Preview:
    """`old` is the collection as it is stored, None for a new one. `saleable`: the stock records that can be sold.

    One query: every open product is looked at once.
    """
    before = Within(sql="false") if old is None else members_of(old, prefix="before")
    params: dict[str, Any] = {**before.params, **new.params}
    was, becomes = [before.sql], [new.sql]
    if saleable is not None and (only_in_stock or (old is not None and old.only_in_stock)):
        test = restrict_to(saleable, params)
        if old is not None and old.only_in_stock:
            was.append(test)
        if only_in_stock:
            becomes.append(test)
    sql = _COMPARE.format(
        documents=shown_documents(),
        is_open=OPEN_DOCUMENT,
        shown=SHOWN,
        before=" AND ".join(f"({one})" for one in was),
        after=" AND ".join(f"({one})" for one in becomes),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        total, joins, leaves, joining, leaving = cursor.fetchone()
    return Preview(total=total, joins=joins, leaves=leaves, joining=joining, leaving=leaving)


def chosen_by_hand(product_ids: list[int], *, prefix: str = "chosen") -> Within:
    """The members that a manual collection would get."""
    return Within(sql=f"document.product_id = ANY(%({prefix})s::bigint[])", params={f"{prefix}": product_ids})
