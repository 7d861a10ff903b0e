"""A collection's rule as data: conditions on category, brand, price, attributes, tags, age and reduction.

`{"match": "all", "conditions": [{"fact": "price", "most": "30"}, {"fact": "attribute", "code": "colour",
"values": ["Sage"]}]}`. A condition with `"not": true` is turned round. `match` may be `any`. A price condition is met by
a product with some variant in the range; with `"every_variant": true`, by one whose variants all are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from catalog.collections.records import Collection

MOST_CONDITIONS: Final = 20
MOST_VALUES: Final = 200


class WrongRule(ValueError):
    """The rule cannot be read; the message is the sentence to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """SQL over `catalog_searchdocument document` with named parameters; `order` puts members first to last, if set."""

    sql: str
    params: Mapping[str, Any] = field(default_factory=dict)
    order: str = ""


def members_of(collection: Collection, *, prefix: str = "gathered") -> Within:
    """Who is in a collection. `prefix` keeps the parameters of two apart. Raises WrongRule."""
    if collection.kind == Collection.Kind.MANUAL:
        params = {f"{prefix}_id": collection.pk}
        member = f"FROM catalog_collectionmember member WHERE member.collection_id = %({prefix}_id)s"
        return Within(
            sql=f"document.product_id IN (SELECT member.product_id {member})",
            params=params,
            order=f"(SELECT member.position {member} AND member.product_id = document.product_id), document.product_id",
        )
    return read_rule(collection.rule, prefix=prefix)


def read_rule(rule: Any, *, prefix: str = "gathered") -> Within:
    """Raises WrongRule, also for a rule without conditions, which would be the whole shop."""
    if not isinstance(rule, dict) or set(rule) - {"match", "conditions"}:
        raise WrongRule("A rule has “match” (all or any) and “conditions”, nothing else.")
    match, conditions = rule.get("match", "all"), rule.get("conditions", [])
    if match not in ("all", "any"):
        raise WrongRule(f"“{str(match)[:20]}” is no way to match. Expected all or any.")
    if not isinstance(conditions, list) or not 1 <= len(conditions) <= MOST_CONDITIONS:
        raise WrongRule(f"A rule has 1 to {MOST_CONDITIONS} conditions; without any it would hold the whole shop.")
    params: dict[str, Any] = {}
    parts = [_read_condition(one, name=f"{prefix}{number}", params=params) for number, one in enumerate(conditions)]
    return Within(sql=(" AND " if match == "all" else " OR ").join(f"({part})" for part in parts), params=params)


def _read_condition(condition: Any, *, name: str, params: dict[str, Any]) -> str:
    if not isinstance(condition, dict) or condition.get("fact") not in _FACTS:
        raise WrongRule(f"A condition names one of: {', '.join(_FACTS)}.")
    sql = _FACTS[condition["fact"]](condition, name, params)
    return f"({sql}) IS NOT TRUE" if condition.get("not") else sql


def _values(condition: Mapping[str, Any]) -> list[Any]:
    values = condition.get("values")
    if not isinstance(values, list) or not 1 <= len(values) <= MOST_VALUES:
        raise WrongRule(f"The condition on {condition['fact']} needs 1 to {MOST_VALUES} values.")
    return values


def _words(condition: Mapping[str, Any]) -> list[str]:
    return [str(value) for value in _values(condition)]


def _category(condition: Mapping[str, Any], name: str, params: dict[str, Any]) -> str:
    if not all(isinstance(value, int) and not isinstance(value, bool) for value in _values(condition)):
        raise WrongRule("Categories are named by their numbers.")
    params[name] = _values(condition)
    return f"document.category_ids && %({name})s::int[]"


def _brand(condition: Mapping[str, Any], name: str, params: dict[str, Any]) -> str:
    params[name] = _words(condition)
    return f"document.brand = ANY(%({name})s::text[])"


def _attribute(condition: Mapping[str, Any], name: str, params: dict[str, Any]) -> str:
    code = str(condition.get("code") or "")
    if not code or ":" in code:
        raise WrongRule("A condition on an attribute names its code.")
    return _valued(code, condition, name, params)


def _tag(condition: Mapping[str, Any], name: str, params: dict[str, Any]) -> str:
    return _valued("tags", condition, name, params)


def _valued(code: str, condition: Mapping[str, Any], name: str, params: dict[str, Any]) -> str:
    params |= {f"{name}code": code, name: _words(condition)}
    return (
        "document.facet_ids && ARRAY(SELECT id FROM catalog_facetvalue"
        f" WHERE code = %({name}code)s AND value = ANY(%({name})s::text[]))"
    )


def _price(condition: Mapping[str, Any], name: str, params: dict[str, Any]) -> str:
    parts = []
    lowest, highest = "document.price_min", "document.price_max"
    if condition.get("every_variant"):
        lowest, highest = highest, lowest
    for end, test in (("least", f"{highest} >="), ("most", f"{lowest} <=")):
        if condition.get(end) not in (None, ""):
            params[f"{name}{end}"] = _amount(condition[end])
            parts.append(f"{test} %({name}{end})s")
    if not parts:
        raise WrongRule("A condition on the price has a least or a most.")
    return " AND ".join(parts)


def _amount(value: Any) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation as error:
        raise WrongRule(f"“{str(value)[:20]}” is not an amount like 24.90.") from error
    if not amount.is_finite() or amount < 0:
        raise WrongRule(f"“{str(value)[:20]}” is not an amount like 24.90.")
    return amount


def _new(condition: Mapping[str, Any], name: str, params: dict[str, Any]) -> str:
    days = condition.get("days")
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= 3650:
        raise WrongRule("New means within some days, from 1 to 3650.")
    params[name] = days
    return f"document.published_at > now() - make_interval(days => %({name})s)"


def _reduced(condition: Mapping[str, Any], name: str, params: dict[str, Any]) -> str:
    return "document.compare_at_price IS NOT NULL"


_FACTS: Final[Mapping[str, Callable[[Mapping[str, Any], str, dict[str, Any]], str]]] = {
    "category": _category,
    "brand": _brand,
    "attribute": _attribute,
    "tag": _tag,
    "price": _price,
    "new": _new,
    "reduced": _reduced,
}
FACTS: Final[Sequence[str]] = tuple(_FACTS)
