"""Stock as of any instant: units, value, cover, what does not sell; as a page and as a file."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from inventory.costs.as_of import DAYS, StockAsOf, read_stock_as_of
from inventory.costs.flow import ValueFlow, read_value_flow
from inventory.costs.layers import state_missing_costs
from inventory.costs.table import HEADER, end_of_minute, write_rows
from shop.audit.record import record_action
from shop.backoffice.acts import see_other
from shop.backoffice.exporting import stream_csv
from shop.backoffice.instant_field import InstantField

SEE = "backoffice.see_reports"
EXPORT = "backoffice.export_data"
STATE_COSTS = "backoffice.change_price"
PAGE_LENGTH = 100
MOST_PAGES = 10_000


class StockReportForm(forms.Form):
    """Read from the address; what is missing means: now, everything, the last 90 days, the dearest first."""

    at = InstantField(label="As of", help_text=f"On the shop's clock ({settings.TIME_ZONE}). Empty: now.")
    since = InstantField(label="And what happened since", help_text="Empty: not asked.")
    days = forms.TypedChoiceField(
        label="Sales of the",
        coerce=int,
        choices=[(30, "30 days before"), (DAYS, "90 days before"), (180, "180 days before"), (365, "365 days before")],
        required=False,
        empty_value="",
        widget=UnfoldAdminSelectWidget,
    )
    only = forms.ChoiceField(
        label="Show",
        choices=[("all", "everything"), ("dead", "what does not sell"), ("uncosted", "units without a cost")],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    order = forms.ChoiceField(
        label="In the order of",
        choices=[("value", "value"), ("cover", "cover, longest first"), ("sku", "SKU")],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    q = forms.CharField(
        label="SKU, or how the title begins", required=False, max_length=120, widget=UnfoldAdminTextInputWidget
    )

    def ask(self, *, offset: int = 0, limit: int | None = None) -> StockAsOf:
        data = self.cleaned_data
        return read_stock_as_of(
            end_of_minute(data["at"]) if data["at"] else timezone.now(),
            days=data["days"] or DAYS,
            choice=data["only"] or "all",
            order=data["order"] or "value",
            search=data["q"].strip(),
            offset=offset,
            limit=limit,
        )

    def flow(self, answer: StockAsOf) -> ValueFlow | None:
        """How the value came from the other instant to this one, when that was asked."""
        since = self.cleaned_data["since"]
        return read_value_flow(since=end_of_minute(since), until=answer.at) if since else None

    def query(self) -> str:
        """The question as an address asks it."""
        return urlencode({name: value for name, value in self.data.items() if name in self.fields and value})


def show_stock_report(request: HttpRequest) -> HttpResponse:
    """GET answers the question in the address. POST gives units without a cost the cost that their product states."""
    _check(request, SEE)
    if request.method == "POST":
        return _state_costs(request)
    form = StockReportForm(request.GET)
    page = _page_number(request)
    answer = form.ask(offset=(page - 1) * PAGE_LENGTH, limit=PAGE_LENGTH) if form.is_valid() else None
    found = answer.totals.lines if answer else 0
    context = {
        **admin.site.each_context(request),
        "title": "Stock as of",
        "form": _shown(form),
        "answer": answer,
        "flow": form.flow(answer) if answer else None,
        "query": form.query(),
        "page": page,
        "has_more": found > page * PAGE_LENGTH,
        "currency": settings.SHOP_CURRENCY,
        "may_export": request.user.has_perm(EXPORT),
        "may_state": request.user.has_perm(STATE_COSTS),
    }
    return TemplateResponse(request, "admin/stock_report.html", context)


def export_stock_report(request: HttpRequest) -> HttpResponseBase:
    """Every line of the question in the address, as CSV."""
    _check(request, SEE, EXPORT)
    form = StockReportForm(request.GET)
    if not form.is_valid():
        return see_other(f"{reverse('admin:stock_report')}?{form.query()}")
    answer = form.ask()
    name = f"stock-{timezone.localtime(answer.at):%Y-%m-%d-%H%M}"
    return stream_csv(name, header=HEADER, rows=write_rows(answer.lines))


def _state_costs(request: HttpRequest) -> HttpResponse:
    _check(request, STATE_COSTS)
    number = state_missing_costs()
    if number:
        record_action(
            action="state costs", subject_type="stock", subject_id="units without a cost", actor=request.user,
            after={"movements": number},
        )  # fmt: skip
        messages.success(request, f"The units of {number} movements have the cost that their products state.")
    else:
        messages.warning(
            request,
            "No product of these units states a cost. Enter it (column cost of a product file), then try again.",
        )
    return see_other(f"{reverse('admin:stock_report')}?only=uncosted")


def _check(request: HttpRequest, *rights: str) -> None:
    if not request.user.has_perms(rights):
        raise PermissionDenied


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return min(max(int(text), 1), MOST_PAGES) if text.isdecimal() and len(text) < 6 else 1


def _shown(form: StockReportForm) -> Any:
    """What was not asked shows what is meant by it."""
    if form.errors:
        return form
    data = form.cleaned_data
    return StockReportForm(
        initial={"at": data["at"], "since": data["since"], "days": data["days"] or DAYS, "only": data["only"] or "all",
                 "order": data["order"] or "value", "q": data["q"]}
    )  # fmt: skip
