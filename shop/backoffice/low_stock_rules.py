"""From how many units on a product counts as low: for everything, for a location, for a product, or for both."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from oscar.apps.catalogue.models import Product
from oscar.apps.partner.models import StockRecord
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from inventory.low_stock.judging import DEFAULT_THRESHOLD
from inventory.low_stock.records import LowStockRule
from shop.audit.record import record_action
from shop.backoffice.dressing import Desk


class LowStockRuleForm(forms.ModelForm):
    sku = forms.CharField(
        label="Product", required=False, max_length=128, widget=UnfoldAdminTextInputWidget,
        help_text="Its SKU, or the last part of its address for all its variants. Empty: every product.",
    )  # fmt: skip

    class Meta:
        model = LowStockRule
        fields = ("location", "threshold")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.product_id:
            record = StockRecord.objects.filter(product=self.instance.product_id).order_by("pk").first()
            self.fields["sku"].initial = record.partner_sku if record else self.instance.product.slug
        location: Any = self.fields["location"]
        location.empty_label = "every location"

    def clean_sku(self) -> Any:
        """The product itself; None stands for all."""
        text = self.cleaned_data["sku"].strip().strip("/").rpartition("/")[2]
        if not text:
            return None
        record = StockRecord.objects.filter(partner_sku=text).select_related("product").order_by("pk").first()
        found = record.product if record else Product.objects.filter(slug=text).exclude(structure="child").first()
        if found is None:
            raise forms.ValidationError(f"No product has the SKU or the address “{text[:60]}”.")
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            twins = LowStockRule.objects.filter(product=data["sku"], location=data["location"])
            if twins.exclude(pk=self.instance.pk).exists():
                raise forms.ValidationError("There is a rule for this product and location; change that one.")
            self.instance.product = data["sku"]
        return data


class LowStockRuleDesk(Desk):
    name = "Low-stock rules"
    form = LowStockRuleForm
    list_display = ("show_product", "show_location", "threshold")
    list_filter = ("location",)
    list_select_related = ("product__parent", "location")
    search_fields = ("product__title", "=product__stockrecords__partner_sku")
    ordering = ("product__title", "location__priority", "pk")
    fields = ("sku", ("location", "threshold"))
    actions = ("remove",)

    @display(description="Product", ordering="product__title")
    def show_product(self, rule: LowStockRule) -> str:
        return rule.product.get_title() if rule.product else "every product"

    @display(description="Location", ordering="location__priority")
    def show_location(self, rule: LowStockRule) -> str:
        return rule.location.name if rule.location else "every location"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"threshold": DEFAULT_THRESHOLD, "sku": request.GET.get("sku", "")[:128]}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Removed by an action that names each in the audit log."""
        return False

    @action(description="Remove", permissions=["change"])
    def remove(self, request: HttpRequest, queryset: QuerySet[LowStockRule]) -> None:
        rules = list(queryset.select_related("product", "location"))
        for rule in rules:
            record_action(
                action="remove", subject_type="lowstockrule", subject_id=rule.pk, actor=request.user,
                before={"rule": str(rule)},
            )  # fmt: skip
        LowStockRule.objects.filter(pk__in=[rule.pk for rule in rules]).delete()
        messages.success(request, f"{len(rules)} removed. The next closest rule holds, or {DEFAULT_THRESHOLD} units.")
