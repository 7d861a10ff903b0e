"""Canonical text as Oscar stores it, for one value at a time; files write many at once (catalog.importing)."""

from datetime import date, datetime
from typing import Any

from oscar.apps.catalogue.models import AttributeOption, Product, ProductAttribute

from catalog.publication.instants import write_instant


def save_value(product: Product, attribute: ProductAttribute, text: str) -> None:
    """`text` was read by `catalog.attributes.reading`; "" takes the value away. Options have to exist."""
    attribute.save_value(product, _to_value(text, attribute) if text else None)


def _to_value(text: str, attribute: ProductAttribute) -> Any:
    match attribute.type:
        case "integer":
            return int(text)
        case "float":
            return float(text)
        case "boolean":
            return text == "Yes"
        case "date":
            return date.fromisoformat(text)
        case "datetime":
            return datetime.fromisoformat(text)
        case "option":
            return AttributeOption.objects.get(group=attribute.option_group, option=text)
        case "multi_option":
            return list(AttributeOption.objects.filter(group=attribute.option_group, option__in=text.split("|")))
        case _:
            return text


def text_of(value: Any, kind: str) -> str:
    """The canonical text of a value as Oscar holds it; `kind` is Oscar's type."""
    if value is None or value == "":
        return ""
    match kind:
        case "boolean":
            return "Yes" if value else "No"
        case "multi_option":
            return "|".join(sorted(one.option for one in value))
        case "option":
            return str(value.option)
        case "float":
            return repr(value)
        case "datetime":
            return write_instant(value)
        case _:
            return str(value)
