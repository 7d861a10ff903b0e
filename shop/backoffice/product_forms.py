"""The forms of a product's page: one for the product, one for each thing that can be bought, one for the pictures."""

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from oscar.apps.catalogue.models import Category, ProductClass
from unfold import widgets

from catalog.attributes.reading import UnknownAttribute, find_rule
from catalog.attributes.rules import ClassRules
from catalog.publication.schedule import PublicationRefused, check_window
from checkout.tax.records import TaxRate
from shop.backoffice.attribute_fields import field_for
from shop.backoffice.fact_forms import FactsForm
from shop.backoffice.instant_field import InstantField
from shop.backoffice.picture_forms import PictureForm, UploadForm
from shop.backoffice.product_sheet import Sellable, Sheet
from shop.backoffice.sellable_form import SellableForm


class CategoryChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{'— ' * (obj.depth - 1)}{obj.name}"


def _categories() -> QuerySet[Category]:
    return Category.objects.order_by("path")


@dataclass(frozen=True, slots=True)
class Rights:
    """What this person may change on the page; the rest is shown read-only."""

    texts: bool
    prices: bool
    stock: bool

    @property
    def may_anything(self) -> bool:
        return self.texts or self.prices or self.stock


def rights_of(user: Any) -> Rights:
    return Rights(
        texts=user.has_perm("catalogue.change_product"),
        prices=user.has_perm("backoffice.change_price"),
        stock=user.has_perm("backoffice.move_stock"),
    )


class ProductForm(forms.Form):
    title = forms.CharField(max_length=255, widget=widgets.UnfoldAdminTextInputWidget)
    is_public = forms.BooleanField(label="Shown in the shop", required=False, widget=widgets.UnfoldBooleanSwitchWidget)
    publish_from = InstantField(label="From", help_text="In the shop's time, to the minute; empty for at once.")
    publish_to = InstantField(label="Until", help_text="Empty for no end.")
    product_class = forms.ModelChoiceField(
        queryset=ProductClass.objects.order_by("name"), widget=widgets.UnfoldAdminSelectWidget
    )
    categories = CategoryChoices(
        queryset=Category.objects.none(),
        required=False,
        widget=widgets.UnfoldAdminSelectMultipleWidget(attrs={"size": 8}),
    )
    description = forms.CharField(
        required=False, max_length=20_000, widget=widgets.UnfoldAdminTextareaWidget(attrs={"rows": 6})
    )
    reason = forms.CharField(
        required=False,
        max_length=200,
        widget=widgets.UnfoldAdminTextInputWidget,
        help_text="Needed when prices or counts change: it stands in the price history and in the stock ledger.",
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, initial=lambda: uuid.uuid4().hex)

    def __init__(self, sheet: Sheet, data: Any = None) -> None:
        product = sheet.product
        initial = {
            "title": product.title,
            "is_public": product.is_public,
            "publish_from": sheet.publication.publish_from if sheet.publication else None,
            "publish_to": sheet.publication.publish_to if sheet.publication else None,
            "product_class": product.product_class_id,
            "categories": sheet.category_ids,
            "description": product.description,
        }
        super().__init__(data, initial=initial)
        self.fields["categories"].queryset = _categories()  # type: ignore[attr-defined]
        for name in ("publish_from", "publish_to"):
            self.fields[name].initial = initial[name]
        self.sheet = sheet
        for attribute in sheet.attributes:
            made = field_for(attribute, sheet.rules.by_code[attribute.code])
            if made is not None:
                made.initial = sheet.values.get(attribute.pk)
                self.fields[f"attribute_{attribute.pk}"] = made

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        self._refuse_unknown_keys()
        try:
            check_window(data.get("publish_from"), data.get("publish_to"))
        except PublicationRefused as refusal:
            self.add_error("publish_to", str(refusal))
        return data

    def _refuse_unknown_keys(self) -> None:
        """A field that is sent for an attribute which the class does not have, by its code or by its number."""
        for name in self.data:
            if name.startswith("attribute_") and name not in self.fields:
                rules = ClassRules(is_closed=True, by_code=self.sheet.rules.by_code)
                try:
                    find_rule(rules, class_name=str(self.sheet.product.product_class), code=name[len("attribute_") :])
                except UnknownAttribute as problem:
                    self.add_error(None, str(problem))

    def attribute_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("attribute_")]


class ProductForms:
    """All forms of the page together, bound to the same request."""

    def __init__(self, sheet: Sheet, rights: Rights, *, data: Any, files: Any) -> None:
        self.sheet, self.rights = sheet, rights
        self.product = ProductForm(sheet, data)
        tax_classes = list(TaxRate.objects.order_by("tax_class").values_list("tax_class", flat=True).distinct())
        sellables = [*sheet.sellables]
        if sheet.has_variants and rights.texts:
            sellables.append(_blank(sheet))
        self.sellables = [SellableForm(one, tax_classes, data) for one in sellables]
        self.pictures = [
            (
                picture,
                PictureForm(
                    data,
                    prefix=f"p{picture.placed.pk}",
                    initial={"alt": picture.placed.alt, "position": picture.placed.position},
                ),
            )
            for picture in sheet.pictures
        ]
        self.facts = FactsForm(sheet.logistics, sheet.safety, data)
        self.upload = UploadForm(data, files, prefix="upload")
        self._lock_what_is_not_theirs()

    def is_valid(self) -> bool:
        every = [self.product, *self.sellables, *(form for _, form in self.pictures), self.facts, self.upload]
        # Every form is asked, so that the page shows all that is wrong at once.
        verdicts = [form.is_valid() for form in every]
        if not all(verdicts):
            return False
        return self._has_reason() and self._has_distinct_skus() and self._has_distinct_choices()

    @property
    def changes_figures(self) -> bool:
        names = ("price", "compare_at", "count_", "components", "kit_percent_off")
        return any(name.startswith(names) for form in self.sellables for name in form.changed_data)

    def _has_reason(self) -> bool:
        if self.changes_figures and not self.product.cleaned_data["reason"].strip():
            self.product.add_error("reason", "Say why a price or a count changes, in a few words.")
            return False
        return True

    def _has_distinct_skus(self) -> bool:
        seen: set[str] = set()
        for form in self.sellables:
            sku = form.cleaned_data.get("sku", "")
            if sku and sku in seen:
                form.add_error("sku", f"The SKU {sku} stands twice on this page; every SKU is used once.")
                return False
            seen.add(sku)
        return True

    def _has_distinct_choices(self) -> bool:
        seen: dict[tuple[str, ...], str] = {}
        for form in self.sellables:
            names = [name for name in form.fields if name.startswith("axis_")]
            values = tuple(form.cleaned_data.get(name) or "" for name in names)
            if not all(values):
                continue
            if values in seen:
                words = " / ".join(values)
                form.add_error(names[0], f"{seen[values]} is {words} already. Give one of the two another value.")
                return False
            seen[values] = form.cleaned_data["sku"]
        return True

    def _lock_what_is_not_theirs(self) -> None:
        """A disabled field keeps its value whatever is sent."""
        if not self.rights.texts:
            for form in (self.product, self.facts, self.upload, *(form for _, form in self.pictures)):
                for name, one in form.fields.items():
                    one.disabled = name not in ("reason", "key")
        for form in self.sellables:
            for name, one in form.fields.items():
                if name in ("price", "compare_at", "kit_percent_off"):
                    one.disabled = not self.rights.prices
                elif name.startswith("count_"):
                    one.disabled = not self.rights.stock
                else:
                    one.disabled = not self.rights.texts


def _blank(sheet: Sheet) -> Sellable:
    """An empty row for one more variant."""
    return Sellable(
        product=None, record=None, price=None, compare_at=None, weight_kg=None, shelves=[],
        tax_class=sheet.sellables[0].tax_class if sheet.sellables else "standard",
        values={axis.attribute.code: "" for axis in sheet.axes},
        axis_names={axis.attribute.code: axis.name for axis in sheet.axes},
    )  # fmt: skip
