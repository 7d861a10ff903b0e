"""A form field for each kind of attribute. What is written is read by the catalogue's own function, as in files."""

from typing import Any, Final

from django import forms
from oscar.apps.catalogue.models import ProductAttribute
from unfold import widgets

from catalog.attributes.reading import WrongValue, read_value
from catalog.attributes.rules import Rule
from catalog.attributes.units import list_units
from shop.backoffice.product_sheet import NOT_TYPED

YES_NO: Final = (("", "not said"), ("Yes", "Yes"), ("No", "No"))


class AttributeField(forms.Field):
    """Holds and cleans to canonical text; "" means that nothing is said."""

    def __init__(self, rule: Rule, *, is_required: bool) -> None:
        self.rule = rule
        super().__init__(
            label=rule.name, required=is_required, widget=_widget_for(rule, is_required), help_text=_help_for(rule)
        )

    def prepare_value(self, value: Any) -> Any:
        return (value or "").split("|") if self.rule.kind == "multi_option" and isinstance(value, str) else value

    def to_python(self, value: Any) -> str:
        return "|".join(value) if isinstance(value, list | tuple) else str(value or "").strip()

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)

    def clean(self, value: Any) -> str:
        text = self.to_python(value)
        self.validate(text)
        if not text:
            return ""
        try:
            return read_value(text, self.rule)
        except WrongValue as problem:
            raise forms.ValidationError(str(problem)) from problem


def field_for(attribute: ProductAttribute, rule: Rule) -> AttributeField | None:
    """None for files and entities, which are not edited here."""
    if rule.kind in NOT_TYPED:
        return None
    return AttributeField(rule, is_required=attribute.required)


def _widget_for(rule: Rule, is_required: bool) -> forms.Widget:
    options = [(text, text) for text in sorted(rule.options or ())]
    match rule.kind:
        case "richtext":
            return widgets.UnfoldAdminTextareaWidget()
        case "boolean":
            return widgets.UnfoldAdminSelectWidget(choices=YES_NO)
        case "option":
            return widgets.UnfoldAdminSelectWidget(choices=[("", "not said"), *options])
        case "multi_option":
            return widgets.UnfoldAdminSelectMultipleWidget(choices=options)
        case "integer":
            return widgets.UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric"})
        case "float":
            return widgets.UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"})
        case "date":
            return widgets.UnfoldAdminTextInputWidget(attrs={"placeholder": "2026-11-27"})
        case _:
            return widgets.UnfoldAdminTextInputWidget()


def _help_for(rule: Rule) -> str:
    bounds = [
        f"{words} {amount.normalize():f}{f' {rule.unit}' if rule.unit else ''}"
        for words, amount in (("at least", rule.minimum), ("at most", rule.maximum))
        if amount is not None
    ]
    if rule.kind == "measurement":
        bounds = [f"in {', '.join(list_units(rule.unit))}; a number alone is in {rule.unit}", *bounds]
    if rule.kind == "datetime":
        bounds = ["like 2026-11-27 08:00, in the shop's time"]
    text = ", ".join(bounds)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
