"""A form field for each of Oscar's attribute types that a person can type or choose."""

from collections.abc import Callable
from typing import Any

from django import forms
from oscar.apps.catalogue.models import ProductAttribute
from unfold import widgets

YES_NO = (("", "not said"), ("True", "Yes"), ("False", "No"))


def field_for(attribute: ProductAttribute) -> forms.Field | None:
    """None for files and entities, which are not edited here."""
    make = _FIELDS.get(attribute.type)
    if make is None:
        return None
    made = make(attribute)
    made.label = attribute.name
    made.required = attribute.required
    return made


def _options(attribute: ProductAttribute) -> Any:
    return attribute.option_group.options.all() if attribute.option_group is not None else []


def _option(attribute: ProductAttribute) -> forms.Field:
    options = list(_options(attribute))
    by_id = {str(one.pk): one for one in options}
    choices = [("", "not said"), *((str(one.pk), one.option) for one in options)]
    return _OptionField(choices=choices, coerce=by_id.get, empty_value=None, widget=widgets.UnfoldAdminSelectWidget)


class _OptionField(forms.TypedChoiceField):
    def prepare_value(self, value: Any) -> Any:
        return str(value.pk) if hasattr(value, "pk") else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), self.prepare_value(data))


class _OptionsField(forms.TypedMultipleChoiceField):
    def prepare_value(self, value: Any) -> Any:
        return [str(one.pk) if hasattr(one, "pk") else one for one in value or ()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), self.prepare_value(data))


def _several(attribute: ProductAttribute) -> forms.Field:
    options = list(_options(attribute))
    by_id = {str(one.pk): one for one in options}
    choices = [(str(one.pk), one.option) for one in options]
    return _OptionsField(choices=choices, coerce=by_id.get, widget=widgets.UnfoldAdminSelectMultipleWidget)


def _boolean(attribute: ProductAttribute) -> forms.Field:
    return forms.TypedChoiceField(
        choices=YES_NO, coerce=lambda text: text == "True", empty_value=None, widget=widgets.UnfoldAdminSelectWidget
    )


_FIELDS: dict[str, Callable[[ProductAttribute], forms.Field]] = {
    "text": lambda one: forms.CharField(max_length=5000, widget=widgets.UnfoldAdminTextInputWidget),
    "richtext": lambda one: forms.CharField(max_length=20_000, widget=widgets.UnfoldAdminTextareaWidget),
    "integer": lambda one: forms.IntegerField(
        min_value=-(2**31), max_value=2**31 - 1, widget=widgets.UnfoldAdminIntegerFieldWidget
    ),
    "float": lambda one: forms.FloatField(widget=widgets.UnfoldAdminDecimalFieldWidget),
    "date": lambda one: forms.DateField(widget=widgets.UnfoldAdminSingleDateWidget),
    "boolean": _boolean,
    "option": _option,
    "multi_option": _several,
}
