"""Invoices and credit notes: the list for the books, and the file behind each row."""

from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from checkout.invoices.giving import paper_response
from checkout.invoices.records import Paper
from checkout.orders.looking import note_look
from shop.backoffice.dressing import ReadOnlyDesk
from shop.backoffice.row_pages import RowPages
from shop.money import format_money


class PaperDesk(ReadOnlyDesk, RowPages):
    name = "Invoices"
    list_display = ("label", "kind", "show_order", "show_total", "show_tax", "issued_at")
    list_filter = ("kind", ("issued_at", RangeDateFilter))
    list_select_related = ("order",)
    search_fields = ("=label", "=order__number")
    search_help_text = "Number of the invoice or of the order"
    ordering = ("-pk",)

    @display(description="Order")
    def show_order(self, paper: Paper) -> str:
        return paper.order.number

    @display(description="Total")
    def show_total(self, paper: Paper) -> str:
        return self._money(paper, "total")

    @display(description="Tax")
    def show_tax(self, paper: Paper) -> str:
        return self._money(paper, "total_tax")

    def _money(self, paper: Paper, name: str) -> str:
        sign = -1 if paper.kind == Paper.Kind.CREDIT_NOTE else 1
        return format_money(sign * Decimal(paper.figures[name]), paper.figures["currency"])

    def show_row(self, request: HttpRequest, paper: Paper) -> HttpResponse:
        """The paper itself: as PDF, or with `?form=xml` as an electronic invoice."""
        answer = paper_response(paper, request.GET.get("form", "pdf"))
        if answer is None:
            raise Http404("There is a PDF of each paper, and an XML when SELLER_VAT_ID is set.")
        note_look(paper.order_id, what=paper.label, why="To read an invoice.", actor=request.user)
        return answer
