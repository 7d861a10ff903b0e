"""The quarter's return for sales to consumers in other EU countries (One Stop Shop), as a page and as CSV."""

from datetime import date

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone

from checkout.tax.oss import Return, ReturnRow, quarter_of, quarter_return
from checkout.tax.rates import country_name
from shop.backoffice.exporting import stream_csv

QUARTERS = 8
HEADER = ("part", "quarter", "country", "rate", "net", "tax", "currency", "papers")


def show_oss(request: HttpRequest) -> HttpResponseBase:
    """`?quarter=2026-4` (this one by default), `&format=csv`. What is no quarter shows this one."""
    if not request.user.has_perm("backoffice.see_reports"):
        raise PermissionDenied
    choices = _last_quarters(timezone.localdate())
    wanted = {name_of(begins): begins for begins in choices}.get(request.GET.get("quarter", ""), choices[0])
    found = quarter_return(wanted)
    if request.GET.get("format") == "csv":
        return stream_csv(f"oss-{name_of(wanted)}", header=HEADER, rows=_rows(found))
    context = {
        **admin.site.each_context(request),
        "title": "One Stop Shop",
        "quarters": [(name_of(begins), begins == wanted) for begins in choices],
        "name": name_of(wanted),
        "found": found,
        "parts": [
            ("Sales of the quarter", [_shown(row) for row in found.sales]),
            ("Corrections of earlier quarters", [_shown(row) for row in found.corrections]),
        ],
        "currency": settings.SHOP_CURRENCY,
    }
    return TemplateResponse(request, "admin/oss.html", context)


def name_of(begins: date) -> str:
    """`2026-4`: the fourth quarter."""
    return f"{begins.year}-{(begins.month + 2) // 3}"


def _last_quarters(today: date) -> list[date]:
    """This quarter first."""
    quarters = [quarter_of(today)]
    while len(quarters) < QUARTERS:
        before = quarters[-1]
        quarters.append(quarter_of(date(before.year - (before.month == 1), (before.month - 2) % 12 + 1, 1)))
    return quarters


def _shown(row: ReturnRow) -> dict[str, object]:
    return {"row": row, "country": country_name(row.country), "quarter": name_of(row.sold_in)}


def _rows(found: Return) -> list[tuple[object, ...]]:
    return [
        (
            part,
            name_of(row.sold_in),
            row.country,
            row.rate,
            row.net,
            row.tax,
            settings.SHOP_CURRENCY,
            " ".join(row.papers),
        )
        for part, rows in (("sale", found.sales), ("correction", found.corrections))
        for row in rows
    ]
