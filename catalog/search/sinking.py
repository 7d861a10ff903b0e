"""What cannot be bought now stands below what can: in lists without words, in their recommended order.

The order of an index is kept: the page is read in it past whatever is sold out, which costs one look at the stock of each
document on the way and not at the stock of the whole shop. Only where the available ones end are the others looked for.
A shopper's own order (price, newest …) and the answers to words stay as they are; staff can switch it off for a category.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from catalog.search.conditions import Conditions, name_params, where
from shop.written_once import Question

# IS TRUE keeps the planner from joining the stock of the whole shop first.
_CAN_BUY: Final = (
    "(EXISTS (SELECT 1 FROM ({records}) AS able (id) WHERE able.id = ANY(document.stock_record_ids))) IS TRUE"
)


# The second half costs nothing where the first fills the page (LIMIT 0), and counts only behind the end of the first.
_PAGE: Final = """
WITH above AS MATERIALIZED (SELECT page.*, false AS is_sunk, row_number() OVER () AS place FROM ({above}) AS page),
below AS MATERIALIZED (SELECT page.*, true AS is_sunk, row_number() OVER () AS place FROM ({below}) AS page)
SELECT * FROM above UNION ALL SELECT * FROM below ORDER BY is_sunk, place
"""
_LEFT: Final = "%(limit)s - (SELECT count(*) FROM above)"
_FROM: Final = """CASE WHEN EXISTS (SELECT 1 FROM above) THEN 0 ELSE GREATEST(0, %(offset)s
    - (SELECT count(*) FROM catalog_searchdocument document WHERE {can_buy})) END"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sinking:
    """`can_buy` is a condition on `document`."""

    can_buy: str
    params: Mapping[str, Any]

    def write_page(
        self, page: Callable[..., str], tests: Sequence[str], *, far: Callable[..., str] | None = None
    ) -> str:
        """`page` writes the SQL of a page of what meets `conditions`, from `offset` on, `limit` rows at most.

        `far` narrows conditions, and a `test` of what meets them, to the page itself, where walking the order to it would
        take longer.
        """
        able, unable = where(*tests, self.can_buy), where(*tests, f"NOT {self.can_buy}")
        return _PAGE.format(
            above=page(conditions=far(conditions=where(*tests), test=self.can_buy), limit="%(limit)s", offset="0")
            if far
            else page(conditions=able, limit="%(limit)s", offset="%(offset)s"),
            below=page(conditions=unable, limit=_LEFT, offset=_FROM.format(can_buy=able)),
        )


@cache
def sink_without(stock_records: Question) -> Sinking:
    """`stock_records` asks for the ids of those that can be sold now: told by the room that counts stock."""
    sql, values = stock_records.sql_with_params()
    params = {f"sink{index}": value for index, value in enumerate(values)}
    return Sinking(can_buy=_CAN_BUY.format(records=name_params(sql, prefix="sink")), params=params)


def sinks(conditions: Conditions, *, sort: str) -> bool:
    return sort == "relevance" and not conditions.strict and conditions.guidance.sinks_sold_out
