"""Pages of the back office that show no model: the sales report and the doctor."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from shop.backoffice.doctor_page import show_doctor
from shop.backoffice.sales_page import show_sales

Page = tuple[str, str, Callable[..., HttpResponse]]


def extra_pages() -> list[Page]:
    """Address below /admin/, name, view."""
    pages: list[tuple[str, str, Any]] = [
        ("reports/sales/", "sales_report", show_sales),
        ("doctor/", "doctor", show_doctor),
    ]
    return pages
