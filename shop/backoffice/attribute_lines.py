"""The attributes of a product class: name, code, kind, unit and bounds in one line each."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from oscar.apps.catalogue.models import ProductAttribute
from unfold import widgets
from unfold.admin import TabularInline

from catalog.attributes.changing import NewRule, RuleRefused, check_rule, set_rule
from catalog.attributes.records import AttributeRule, Kind
from catalog.attributes.units import ALL_UNITS


class AttributeForm(forms.ModelForm):
    kind = forms.ChoiceField(choices=Kind.choices, initial=Kind.TEXT.value, widget=widgets.UnfoldAdminSelectWidget)
    unit = forms.ChoiceField(
        choices=[("", "none"), *((unit, unit) for unit in ALL_UNITS)],
        required=False,
        widget=widgets.UnfoldAdminSelectWidget,
    )
    minimum = forms.DecimalField(
        required=False, max_digits=18, decimal_places=6, label="At least", widget=widgets.UnfoldAdminDecimalFieldWidget
    )
    maximum = forms.DecimalField(
        required=False, max_digits=18, decimal_places=6, label="At most", widget=widgets.UnfoldAdminDecimalFieldWidget
    )

    class Meta:
        model = ProductAttribute
        fields = ("name", "code", "option_group", "required")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "kind" in self.fields:
            rule = getattr(self.instance, "rule", None) or AttributeRule(kind=self.instance.type)
            for name in ("kind", "unit", "minimum", "maximum"):
                self.fields[name].initial = getattr(rule, name)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "kind" in data and not self.errors:
            try:
                check_rule(self.instance, self.rule)
            except RuleRefused as refusal:
                self.add_error(None, str(refusal))
            if data["kind"] in (Kind.OPTION, Kind.MULTI_OPTION) and data["option_group"] is None:
                self.add_error("option_group", "Choose the list of options, or make one first.")
        return data

    @property
    def rule(self) -> NewRule:
        data = self.cleaned_data
        return NewRule(kind=data["kind"], unit=data["unit"], minimum=data["minimum"], maximum=data["maximum"])


class AttributeLine(TabularInline):
    model = ProductAttribute
    form = AttributeForm
    extra = 0
    fields = ("name", "code", "kind", "unit", "minimum", "maximum", "option_group", "required")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductAttribute]:
        return super().get_queryset(request).select_related("option_group", "rule").order_by("name")


def save_rules(formset: Any) -> None:
    """After the attributes themselves are saved."""
    for form in formset.forms:
        if form.has_changed() and form.instance.pk and not form.cleaned_data.get("DELETE"):
            set_rule(form.instance, form.rule)
