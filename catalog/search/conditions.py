"""The conditions of a list page as SQL that counting and paging share."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from catalog.collections.rule import Within
from catalog.publication.openness import OPEN_DOCUMENT
from catalog.search.folding import Alternatives
from catalog.search.guidance import Guidance
from catalog.search.matching import Matcher
from catalog.search.spelling import spell
from catalog.search.wording import Wording
from shop.written_once import Question

PRICE: Final = ":price"
"""The key of the price among the filters; no attribute code holds a colon."""

# IS TRUE keeps both questions out of the join order: each is answered once and hashed, also while the planner has no
# statistics, where a nested loop would ask for the units of every record again for each document.
_RESTRICT = """(document.product_id IN (
    SELECT COALESCE(product.parent_id, product.id) FROM partner_stockrecord record
    JOIN catalogue_product product ON product.id = record.product_id AND product.is_public
    WHERE (record.id IN ({records})) IS TRUE)) IS TRUE"""
# A product whose prices reach into the asked range.
_PRICE_FROM = "document.price_max >= %(min_price)s"
_PRICE_TO = "document.price_min <= %(max_price)s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """`base` holds for every filter set; `filters` maps a facet code (or PRICE) to its condition.

    `strict` and `loose` are text queries with all of the words or any telling one; `strict` is empty when nothing is
    asked. With `has_few` too little has all of them. `beginning` is the folded question: a title that begins with it is
    a good answer. `shares` weigh the words; the last is unfinished when `is_open`. `is_standing`: nothing is asked but
    a category or the whole shop, of which the tally knows the counts.
    """

    base: tuple[str, ...]
    filters: Mapping[str, str]
    params: Mapping[str, Any]
    chosen: Mapping[str, tuple[str, ...]]
    strict: str
    loose: str
    is_found: bool
    has_few: bool
    is_open: bool
    shares: tuple[float, ...]
    words: tuple[Alternatives, ...]
    beginning: str
    guidance: Guidance
    order: str = ""
    is_standing: bool = False


def build_conditions(
    *,
    wording: Wording,
    guidance: Guidance,
    category_id: int | None,
    min_price: Decimal | None,
    max_price: Decimal | None,
    restrict: QuerySet | Question | None,
    within: Within | None = None,
) -> Conditions:
    params: dict[str, Any] = {}
    base: list[str] = [OPEN_DOCUMENT]
    filters: dict[str, str] = {}
    matcher = Matcher(words=wording.words, is_open=wording.is_open)
    strict, loose = matcher.all_words(), matcher.any_word(wording.telling)
    params.update(matcher.params)
    if category_id is not None:
        base.append("document.category_ids @> ARRAY[%(category)s]::int[]")
        params["category"] = category_id
    if within is not None:
        base.append(within.sql)
        params.update(within.params)
    if restrict is not None:
        base.append(restrict_to(restrict, params))
    for index, (code, values) in enumerate(wording.facets.items()):
        params[f"facet{index}"] = [wording.numbers[code, value] for value in values]
        filters[code] = f"document.facet_ids && %(facet{index})s::int[]"
    price = []
    if min_price is not None and min_price.is_finite():
        price.append(_PRICE_FROM)
        params["min_price"] = min_price
    if max_price is not None and max_price.is_finite():
        price.append(_PRICE_TO)
        params["max_price"] = max_price
    if price:
        filters[PRICE] = " AND ".join(price)
    return Conditions(
        base=tuple(base),
        filters=filters,
        params=params,
        chosen=wording.facets,
        strict=strict if wording.words else "",
        loose=loose,
        is_found=wording.is_found,
        has_few=wording.has_few,
        is_open=wording.is_open,
        shares=wording.shares,
        words=wording.words,
        beginning=spell(wording.words),
        order=within.order if within is not None else "",
        guidance=guidance,
        is_standing=not (wording.words or filters) and within is None and restrict is None,
    )


def restrict_to(stock_records: QuerySet | Question, params: dict[str, Any]) -> str:
    """Products that have one of these stock records; a question asks for their ids. Adds to the parameters."""
    try:
        asked = stock_records if isinstance(stock_records, Question) else stock_records.values("pk").order_by().query
        sql, values = asked.sql_with_params()
    except EmptyResultSet:  # Django knows without asking that the query set is empty.
        return "false"
    params.update({f"restrict{index}": value for index, value in enumerate(values)})
    return _RESTRICT.format(records=name_params(sql, prefix="restrict"))


def name_params(sql: str, *, prefix: str) -> str:
    """`%s` placeholders become named ones, in order; an escaped `%%` stays."""
    numbers = count()
    return re.sub("%%|%s", lambda found: "%%" if found[0] == "%%" else f"%({prefix}{next(numbers)})s", sql)


def where(*conditions: str) -> str:
    return " AND ".join(f"({condition})" for condition in conditions) or "true"
