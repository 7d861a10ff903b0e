"""The sales report: 30 or 90 days as a chart, a table and the best sellers."""

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from shop.backoffice.charts import draw_turnover
from shop.backoffice.sales import best_sellers, daily_sales
from shop.money import ZERO

SPANS = (30, 90)


def show_sales(request: HttpRequest) -> HttpResponse:
    """`?days=30|90`; anything else shows 30."""
    if not request.user.has_perm("backoffice.see_reports"):
        raise PermissionDenied
    days = 90 if request.GET.get("days") == "90" else 30
    rows = daily_sales(days)
    orders, turnover = sum(row.orders for row in rows), sum((row.turnover for row in rows), ZERO)
    context = {
        **admin.site.each_context(request),
        "title": "Sales",
        "days": days,
        "spans": SPANS,
        "chart": draw_turnover(rows, currency=settings.SHOP_CURRENCY),
        "rows": [row for row in reversed(rows) if row.orders],
        "orders": orders,
        "turnover": turnover,
        "average": turnover / orders if orders else ZERO,
        "best": best_sellers(days),
        "currency": settings.SHOP_CURRENCY,
    }
    return TemplateResponse(request, "admin/sales.html", context)
