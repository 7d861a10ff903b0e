"""The promotions desk: offers, vouchers and ranges, each on one page and in words."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from oscar.apps.offer.models import ConditionalOffer, Range
from oscar.apps.voucher.models import Voucher
from unfold import widgets
from unfold.decorators import display

from shop.backoffice.acts import attempt, see_other
from shop.backoffice.dressing import Desk
from shop.backoffice.offer_form import OfferForm, VoucherForm
from shop.backoffice.offer_words import describe_offer
from shop.backoffice.offer_writing import save_offer, save_range, save_voucher
from shop.backoffice.row_pages import read_key

OFFER_STATES = {"on": "success", "off": "default", "used up": "warning", "over": "default", "later": "info"}


class OnePageDesk(Desk):
    """A desk whose rows are written by one form and one function."""

    template = ""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Orders explain themselves by these rows: switch them off or let them end."""
        return False

    def build_form(self, row: Any, data: Any) -> Any:
        raise NotImplementedError

    def write(self, form: Any, row: Any, actor: Any) -> Model:
        raise NotImplementedError

    def words_of(self, row: Any) -> str:
        return ""

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return self._edit(request, None, may=self.has_add_permission(request))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = get_object_or_404(self.get_queryset(request), pk=read_key(object_id))
        return self._edit(request, row, may=self.has_view_permission(request))

    def _edit(self, request: HttpRequest, row: Any, *, may: bool) -> HttpResponse:
        may_write = self.has_add_permission(request) if row is None else self.has_change_permission(request)
        if not may or (request.method == "POST" and not may_write):
            raise PermissionDenied
        form = self.build_form(row, request.POST or None)
        if not may_write:
            for field in form.fields.values():
                field.disabled = True
        if request.method == "POST" and form.is_valid():
            done = attempt(form, _writer(lambda: self.write(form, row, request.user)))
            if done is not None:
                messages.success(request, "Saved.")
                options = self.opts
                return see_other(reverse(f"admin:{options.app_label}_{options.model_name}_change", args=(done,)))
        title = str(row) if row is not None else f"New {self.opts.verbose_name}".replace("conditional ", "")
        return self.show_page(
            request,
            self.template,
            title=title,
            form=form,
            words=self.words_of(row) if row else "",
            row=row,
            may_write=may_write,
        )


def _writer(do: Callable[[], Model]) -> Callable[[], str]:
    return lambda: str(do().pk)


class OfferDesk(OnePageDesk):
    template = "admin/offer.html"
    name = "Offers"
    list_display = ("name", "show_words", "show_state", "priority", "num_orders", "total_discount")
    list_filter = ("offer_type", "status")
    list_select_related = ("condition__range", "benefit__range")
    search_fields = ("name",)
    ordering = ("-priority", "name", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConditionalOffer]:
        return super().get_queryset(request).select_related("condition__range", "benefit__range")

    @display(description="Gives")
    def show_words(self, offer: ConditionalOffer) -> str:
        return describe_offer(offer)

    @display(description="State", label=OFFER_STATES)
    def show_state(self, offer: ConditionalOffer) -> str:
        now = timezone.now()
        if offer.status == ConditionalOffer.SUSPENDED:
            return "off"
        if offer.status == ConditionalOffer.CONSUMED:
            return "used up"
        if offer.end_datetime and offer.end_datetime < now:
            return "over"
        return "later" if offer.start_datetime and offer.start_datetime > now else "on"

    def build_form(self, row: ConditionalOffer | None, data: Any) -> OfferForm:
        return OfferForm(data, offer=row)

    def write(self, form: Any, row: ConditionalOffer | None, actor: Any) -> Model:
        return save_offer(form.cleaned_data, offer=row, actor=actor)

    def words_of(self, row: ConditionalOffer) -> str:
        return describe_offer(row)


class VoucherDesk(OnePageDesk):
    template = "admin/voucher.html"
    list_display = ("code", "name", "usage", "start_datetime", "end_datetime", "show_uses")
    list_filter = ("usage",)
    search_fields = ("code__istartswith", "name__istartswith")
    search_help_text = "How the code or the name begins"
    ordering = ("-end_datetime", "code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Voucher]:
        return super().get_queryset(request).annotate(live=Count("uses", filter=Q(uses__released_at__isnull=True)))

    @display(description="Used by orders", ordering="live")
    def show_uses(self, voucher: Voucher) -> int:
        return voucher.live

    def build_form(self, row: Voucher | None, data: Any) -> VoucherForm:
        return VoucherForm(data, voucher=row)

    def write(self, form: Any, row: Voucher | None, actor: Any) -> Model:
        return save_voucher(form.cleaned_data, voucher=row, actor=actor)

    def words_of(self, row: Voucher) -> str:
        words = [describe_offer(one) for one in row.offers.select_related("condition__range", "benefit__range")]
        return f"{row.code}: {' '.join(words)} Used by {row.live} {'order' if row.live == 1 else 'orders'}."


class RangeForm(forms.ModelForm):
    included = forms.CharField(
        label="Products", required=False, widget=widgets.UnfoldAdminTextareaWidget(attrs={"rows": 5}),
        help_text="One SKU or handle a line. The SKU of a variant means that variant, a handle the whole product.",
    )  # fmt: skip
    excluded = forms.CharField(
        label="But not these", required=False, widget=widgets.UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="One SKU or handle a line.",
    )  # fmt: skip

    class Meta:
        model = Range
        fields = (
            "name",
            "description",
            "includes_all_products",
            "included_categories",
            "excluded_categories",
            "classes",
        )
        widgets = {
            "name": widgets.UnfoldAdminTextInputWidget,
            "description": widgets.UnfoldAdminTextInputWidget,
            "includes_all_products": widgets.UnfoldBooleanSwitchWidget,
            "included_categories": widgets.UnfoldAdminSelectMultipleWidget,
            "excluded_categories": widgets.UnfoldAdminSelectMultipleWidget,
            "classes": widgets.UnfoldAdminSelectMultipleWidget,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            lists = {"included": self.instance.included_products, "excluded": self.instance.excluded_products}
            for name, rows in lists.items():
                self.fields[name].initial = "\n".join(rows.order_by("slug").values_list("slug", flat=True))


def read_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class RangeDesk(OnePageDesk):
    template = "admin/range.html"
    list_display = ("name", "includes_all_products", "description")
    search_fields = ("name",)
    ordering = ("name", "pk")

    def build_form(self, row: Range | None, data: Any) -> RangeForm:
        return RangeForm(data, instance=row)

    def write(self, form: Any, row: Range | None, actor: Any) -> Model:
        data = form.cleaned_data
        return save_range(
            form, included=read_lines(data["included"]), excluded=read_lines(data["excluded"]), actor=actor
        )
