"""The payouts desk: what the provider sent to the bank, and what each payout consists of. Looks only; moves nothing."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from checkout.payouts.records import Payout, PayoutItem
from checkout.payouts.splitting import split_payout
from shop.backoffice import badges
from shop.backoffice.dressing import ReadOnlyDesk
from shop.backoffice.row_pages import RowPages
from shop.money import format_money

ITEMS_PER_PAGE = 100


class PayoutDesk(ReadOnlyDesk, RowPages):
    list_display = ("provider_id", "show_amount", "show_state", "show_split", "made_at", "arrives_at")
    list_filter = ("state", ("made_at", RangeDateFilter))
    search_fields = ("=provider_id", "=items__movement_id", "=items__intent_id", "=items__attempt__order__number")
    search_help_text = "Payout, movement or payment of the provider, or an order number"
    ordering = ("-made_at", "-pk")

    @display(description="Amount", ordering="amount")
    def show_amount(self, payout: Payout) -> str:
        return format_money(payout.amount, payout.currency)

    @display(description="State", ordering="state", label=badges.PAYOUT)
    def show_state(self, payout: Payout) -> str:
        return payout.state.replace("_", " ")

    @display(description="Split", boolean=True)
    def show_split(self, payout: Payout) -> bool:
        return payout.is_split

    def show_row(self, request: HttpRequest, payout: Payout) -> HttpResponse:
        items = PayoutItem.objects.filter(payout=payout).select_related("attempt__order", "refund").order_by("at", "pk")
        return self.show_page(
            request,
            "admin/payout.html",
            title=f"Payout {payout.provider_id}",
            payout=payout,
            badge=badges.PAYOUT.get(payout.state.replace("_", " "), "default"),
            split=split_payout(payout),
            items=Paginator(items, ITEMS_PER_PAGE).get_page(request.GET.get("page")),
        )
