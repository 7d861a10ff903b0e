"""Categories as a tree, product classes with their attributes, and the options of those."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from oscar.apps.catalogue.models import AttributeOption, Category
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldBooleanSwitchWidget

from catalog.attributes.changing import close_class
from catalog.attributes.records import ClosedClass
from catalog.safety.records import CoveredCategory
from catalog.safety.writing import cover_category
from catalog.search.placements import sink_sold_out
from catalog.search.staff_words import ListRule
from shop.backoffice.attribute_lines import AttributeLine, save_rules
from shop.backoffice.category_writing import place_category
from shop.backoffice.dressing import Desk


class CategoryChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{'    ' * (obj.depth - 1)}{obj.name}"


class CategoryForm(forms.ModelForm):
    parent = CategoryChoice(
        queryset=Category.objects.order_by("path"),
        required=False,
        widget=UnfoldAdminSelectWidget,
        empty_label="at the top",
        help_text="Where it stands in the menu.",
    )

    is_covered = forms.BooleanField(
        label="Covered by the law on product safety",
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text="Products here and below then need a maker, importer or responsible person in the EU who can be reached.",
    )

    sinks_sold_out = forms.BooleanField(
        label="Sold-out products stand last",
        required=False,
        initial=True,
        widget=UnfoldBooleanSwitchWidget,
        help_text="In the recommended order of this list. Switched off, they stay where sales and placements put them.",
    )

    class Meta:
        model = Category
        fields = ("name", "slug", "description", "meta_title", "meta_description", "is_public", "exclude_from_menu")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever may only look gets a form without fields.
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = "The last part of its address. Empty: made from the name."
        if self.instance.pk and "is_covered" in self.fields:
            self.fields["is_covered"].initial = CoveredCategory.objects.filter(pk=self.instance.pk).exists()
            self.fields["sinks_sold_out"].initial = not ListRule.objects.filter(
                pk=self.instance.pk, sinks_sold_out=False
            ).exists()
        if self.instance.pk and "parent" in self.fields:
            self.fields["parent"].initial = self.instance.get_parent()

    def clean_parent(self) -> Category | None:
        parent = self.cleaned_data["parent"]
        if parent and self.instance.pk and parent.path.startswith(self.instance.path):
            raise forms.ValidationError("A category cannot stand inside itself or below itself; choose another place.")
        return parent


class CategoryDesk(Desk):
    form = CategoryForm
    list_display = ("show_name", "slug", "is_public", "exclude_from_menu")
    list_filter = ("is_public",)
    search_fields = ("name", "slug")
    ordering = ("path",)
    list_per_page = 200
    fields = (
        "name",
        "parent",
        "slug",
        "description",
        ("meta_title", "meta_description"),
        ("is_public", "exclude_from_menu", "is_covered"),
        "sinks_sold_out",
    )

    @display(description="Category")
    def show_name(self, category: Category) -> str:
        return f"{'— ' * (category.depth - 1)}{category.name}"

    def save_model(self, request: HttpRequest, obj: Category, form: CategoryForm, change: bool) -> None:
        place_category(obj, parent=form.cleaned_data["parent"])
        sink_sold_out(obj, is_on=form.cleaned_data["sinks_sold_out"], actor=request.user)
        withheld = cover_category(obj, is_covered=form.cleaned_data["is_covered"])
        if withheld:
            messages.warning(
                request, f"{withheld} products have left the shop until they name a maker who can be reached."
            )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A category with an address is hidden, not deleted: links to it live on."""
        return False


class ProductClassForm(forms.ModelForm):
    is_closed = forms.BooleanField(
        label="Takes only these attributes",
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text="Files with another attribute or option are refused; otherwise a file may bring new ones.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "is_closed" in self.fields:
            self.fields["is_closed"].initial = ClosedClass.objects.filter(pk=self.instance.pk).exists()


class ProductClassDesk(Desk):
    form = ProductClassForm
    list_display = ("name", "track_stock", "requires_shipping")
    search_fields = ("name",)
    fields = ("name", ("track_stock", "requires_shipping"), "is_closed")
    inlines = (AttributeLine,)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        close_class(form.instance, is_closed=form.cleaned_data["is_closed"])
        for formset in formsets:
            save_rules(formset)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OptionLine(TabularInline):
    model = AttributeOption
    extra = 0
    fields = ("option",)


class OptionGroupDesk(Desk):
    list_display = ("name",)
    search_fields = ("name",)
    inlines = (OptionLine,)
    fields = ("name",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
