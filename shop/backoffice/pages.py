"""Pages of the back office that show no model: the reports, the doctor, searches without result, imports by hand."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from shop.backoffice.doctor_page import show_doctor
from shop.backoffice.feeds_page import show_feeds
from shop.backoffice.import_pages import send_refused, show_import, show_new_import
from shop.backoffice.mail_words import list_kinds, word_kind
from shop.backoffice.misses_page import show_misses
from shop.backoffice.oss_page import show_oss
from shop.backoffice.sales_page import show_sales
from shop.backoffice.stock_report import export_stock_report, show_stock_report

Page = tuple[str, str, Callable[..., HttpResponse]]


def extra_pages() -> list[Page]:
    """Address below /admin/, name, view."""
    pages: list[tuple[str, str, Any]] = [
        ("reports/sales/", "sales_report", show_sales),
        ("reports/stock/", "stock_report", show_stock_report),
        ("reports/stock/export/", "stock_report_export", export_stock_report),
        ("reports/oss/", "oss_return", show_oss),
        ("search/misses/", "search_misses", show_misses),
        ("mails/words/", "mail_words", list_kinds),
        ("mails/words/<slug:kind>/", "mail_word", word_kind),
        ("feeds/", "feeds", show_feeds),
        ("doctor/", "doctor", show_doctor),
        ("imports/new/", "import_new", show_new_import),
        ("imports/<int:upload_id>/", "import_file", show_import),
        ("imports/<int:upload_id>/refused/", "import_refused", send_refused),
    ]
    return pages
