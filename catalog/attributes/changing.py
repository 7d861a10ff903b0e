"""Define an attribute of a class: its kind, unit and bounds. What products hold already must stay readable."""

import uuid
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db import transaction
from oscar.apps.catalogue.models import Product, ProductAttribute, ProductAttributeValue, ProductClass

from catalog.attributes.reading import WrongValue, read_value
from catalog.attributes.records import AttributeRule, ClosedClass, Kind, oscar_type
from catalog.attributes.rules import Rule
from shop.outbox.publish import publish

CHANGED = "catalog.class_changed"


class RuleRefused(ValueError):
    """The rule does not fit the attribute or its values; the message is the sentence to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRule:
    """`unit` is needed for a measurement, and only there. Bounds are in that unit."""

    kind: str
    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None


def check_rule(attribute: ProductAttribute, new: NewRule) -> None:
    """Raises RuleRefused. `attribute` may be new; its `type` is still the old one."""
    if new.kind == Kind.MEASUREMENT and not new.unit:
        raise RuleRefused("A measurement needs a unit: the one that its filter is shown in.")
    if new.kind != Kind.MEASUREMENT and new.unit:
        raise RuleRefused("Only a measurement has a unit. Leave it empty, or choose “Measurement with unit”.")
    if new.minimum is not None and new.maximum is not None and new.maximum < new.minimum:
        raise RuleRefused("The largest value is less than the smallest.")
    if attribute.pk is None:
        return
    values = ProductAttributeValue.objects.filter(attribute=attribute)
    held = ProductAttribute.objects.values_list("type", flat=True).get(pk=attribute.pk)
    if oscar_type(new.kind) != held and values.exists():
        raise RuleRefused(
            f"{attribute.name} has values of its present kind. Clear them first, or add an attribute with another code."
        )
    rule = Rule(
        code=attribute.code, name=attribute.name, kind=new.kind, unit=new.unit, minimum=new.minimum, maximum=new.maximum
    )
    if held != "text" or new.kind == Kind.TEXT:
        return
    for text in values.exclude(value_text=None).values_list("value_text", flat=True).distinct().iterator():
        try:
            read_value(text, rule)
        except WrongValue as problem:
            raise RuleRefused(f"A product holds what this rule would refuse. {problem}") from problem


def set_rule(attribute: ProductAttribute, new: NewRule) -> None:
    """Write the rule of a saved attribute; the search documents of its class follow in the background."""
    check_rule(attribute, new)
    with transaction.atomic():
        ProductAttribute.objects.filter(pk=attribute.pk).update(type=oscar_type(new.kind))
        before = AttributeRule.objects.filter(pk=attribute.pk).values_list("kind", "unit").first()
        AttributeRule.objects.update_or_create(attribute=attribute, defaults=asdict(new))
        has_values = ProductAttributeValue.objects.filter(attribute=attribute).exists()
        if has_values and before != (new.kind, new.unit):
            publish(CHANGED, {"product_class_id": attribute.product_class_id}, key=f"{CHANGED}:{uuid.uuid4().hex}")


def close_class(product_class: ProductClass, *, is_closed: bool) -> None:
    if is_closed:
        ClosedClass.objects.get_or_create(product_class=product_class)
    else:
        ClosedClass.objects.filter(product_class=product_class).delete()


def products_of(product_class_id: int) -> list[int]:
    return list(
        Product.objects.filter(product_class=product_class_id, parent=None).order_by("pk").values_list("pk", flat=True)
    )
