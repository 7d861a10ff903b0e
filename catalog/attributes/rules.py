"""The rules of attributes as the reading function wants them, for all attributes of some classes at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from oscar.apps.catalogue.models import AttributeOption, ProductAttribute

from catalog.attributes.records import ClosedClass, Kind

TEXT: Final = str(Kind.TEXT.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`options` are those that exist; None when any is welcome. `unit` is that of the bounds and of the filters."""

    code: str
    name: str
    kind: str
    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    options: frozenset[str] | None = None


@dataclass(slots=True)
class ClassRules:
    """The rules of one product class by attribute code."""

    class_name: str = ""
    is_closed: bool = False
    by_code: dict[str, Rule] = field(default_factory=dict)


def rules_of(class_ids: Iterable[int] | None = None, *, needs_options: bool = False) -> dict[int, ClassRules]:
    """By product class id; of every class with None. Options are read for closed classes, or for all. Three queries."""
    attributes = ProductAttribute.objects.filter(product_class__isnull=False)
    closed = ClosedClass.objects.all()
    if class_ids is not None:
        ids = list(class_ids)
        attributes, closed = attributes.filter(product_class__in=ids), closed.filter(product_class__in=ids)
    closed_ids = set(closed.values_list("pk", flat=True))
    rows = list(
        attributes.values_list(
            "product_class_id", "product_class__name", "code", "name", "type", "option_group_id",
            "rule__kind", "rule__unit", "rule__minimum", "rule__maximum",
        )
    )  # fmt: skip
    groups = {row[5] for row in rows if row[5] is not None and (needs_options or row[0] in closed_ids)}
    options = _options_of(groups)
    found: dict[int, ClassRules] = {pk: ClassRules(is_closed=True) for pk in closed_ids}
    for class_id, class_name, code, name, kind, group_id, own_kind, unit, minimum, maximum in rows:
        rules = found.setdefault(class_id, ClassRules())
        rules.class_name = class_name
        is_fixed = needs_options or rules.is_closed
        rules.by_code[code] = Rule(
            code=code,
            name=name,
            kind=own_kind or kind,
            unit=unit or "",
            minimum=minimum,
            maximum=maximum,
            options=options.get(group_id, frozenset()) if is_fixed and kind in ("option", "multi_option") else None,
        )
    return found


def _options_of(group_ids: Iterable[int]) -> Mapping[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for group_id, text in AttributeOption.objects.filter(group__in=list(group_ids)).values_list("group_id", "option"):
        found.setdefault(group_id, set()).add(text)
    return {group_id: frozenset(texts) for group_id, texts in found.items()}
